package io.leadroutes.rules;

import io.quarkus.runtime.Startup;
import jakarta.annotation.PostConstruct;
import jakarta.enterprise.context.ApplicationScoped;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

/** The rules in force. Read once at start; a directory that is refused stops the start with all its findings. */
@ApplicationScoped
@Startup
public class ActiveRules {

    private static final Logger LOG = Logger.getLogger(ActiveRules.class);

    private final Path directory;
    private final List<Consumer<Ruleset>> listeners = new CopyOnWriteArrayList<>();
    private volatile Ruleset current;

    ActiveRules(@ConfigProperty(name = "rules.directory", defaultValue = "rules") String directory) {
        this.directory = Path.of(directory);
    }

    @PostConstruct
    void load() {
        try {
            current = RulesetLoader.load(directory);
            LOG.infof("Rules version %s in force", current.shortVersion());
        } catch (InvalidRulesException e) {
            throw new IllegalStateException(e.getMessage(), e);
        }
    }

    /** The rules in force. A decision takes them once and uses them to its end. */
    public Ruleset current() {
        return current;
    }

    /** The directory the rules come from. */
    public Path directory() {
        return directory;
    }

    /**
     * Reads the directory again. Files that are refused change nothing: their findings are logged and returned, and
     * the rules in force stay. Never throws because of what a file says.
     */
    public synchronized ReloadResult reload() {
        Ruleset read;
        try {
            read = RulesetLoader.load(directory);
        } catch (InvalidRulesException e) {
            LOG.errorf("%s%nRules version %s stays in force", e.getMessage(), current.shortVersion());
            return new ReloadResult(false, current, e.findings());
        }
        boolean changed = !read.version().equals(current.version());
        if (changed) {
            LOG.infof("Rules version %s in force, was %s", read.shortVersion(), current.shortVersion());
            current = read;
            listeners.forEach(listener -> listener.accept(read));
        }
        return new ReloadResult(changed, current, List.of());
    }

    /** Calls the listener after each change, in the thread that reloads. */
    public void onChange(Consumer<Ruleset> listener) {
        listeners.add(listener);
    }
}
