package io.leadroutes.flow;

import io.leadroutes.rules.ActiveRules;
import io.leadroutes.rules.InvalidRulesException;
import io.quarkus.runtime.PreventFurtherStepsException;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.runtime.configuration.ConfigUtils;
import io.smallrye.config.SmallRyeConfig;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.interceptor.Interceptor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.camel.CamelContext;
import org.apache.camel.quarkus.main.events.AfterStart;
import org.eclipse.microprofile.config.Config;
import org.jboss.logging.Logger;

/**
 * The route files of the application: linted before Camel loads them, watched and reloaded while it runs. Errors at
 * start-up end the start; errors in a later change leave the version before it in force.
 */
@ApplicationScoped
public class RouteFiles {

    private static final Logger LOG = Logger.getLogger(RouteFiles.class);
    private static final long LOOK_MILLIS = 500;
    private static final int EXIT_CODE = 3;
    private static final Set<String> ALWAYS = Set.of("dev", "sandbox");

    private final FlowSettings settings;
    private final ActiveRules rules;
    private final CamelContext context;
    private final Config config;
    private RouteLint lint;
    private RouteFolder atStart;
    private List<Finding> findingsAtStart = List.of();
    private volatile RouteReload reload;
    private ScheduledExecutorService watcher;

    RouteFiles(FlowSettings settings, ActiveRules rules, CamelContext context, Config config) {
        this.settings = settings;
        this.rules = rules;
        this.context = context;
        this.config = config;
    }

    /** How every route file and Kamelet stands, by path; empty before the routes have started. */
    public List<FileStatus> status() {
        RouteReload current = reload;
        return current == null ? List.of() : current.status();
    }

    /** Runs before Camel starts, so that a refused file ends the start with its findings and nothing else. */
    void lint(@Observes @Priority(Interceptor.Priority.PLATFORM_BEFORE) StartupEvent event) {
        ClassLoader loader = Thread.currentThread().getContextClassLoader();
        lint = new RouteLint(loader, this::isConfigured, KnownTexts.ofBuild(loader));
        atStart = RouteFolder.read(directory());
        findingsAtStart = lint.lint(atStart);
        if (findingsAtStart.stream().anyMatch(Finding::isError)) {
            throw refusal("LeadRoutes does not start: its route files have errors." + System.lineSeparator()
                    + RouteLint.report(findingsAtStart));
        }
        readRules();
        if (!findingsAtStart.isEmpty()) {
            LOG.warn(RouteLint.report(findingsAtStart));
        }
    }

    /** Rules are read when they are first asked for; here, so that files that are refused end the start as routes do. */
    private void readRules() {
        try {
            rules.current();
        } catch (RuntimeException e) {
            for (Throwable cause = e; cause != null; cause = cause.getCause()) {
                if (cause instanceof InvalidRulesException invalid) {
                    throw refusal("LeadRoutes does not start: its rule files have errors." + System.lineSeparator()
                            + invalid.getMessage());
                }
            }
            throw e;
        }
    }

    /** Quarkus prints this root cause as it is, without a stack trace; thrown bare, it would only be waited upon. */
    private static IllegalStateException refusal(String message) {
        return new IllegalStateException(new PreventFurtherStepsException(message, EXIT_CODE));
    }

    void watch(@Observes AfterStart event) {
        reload = new RouteReload(context, lint, atStart, findingsAtStart, Clock.systemUTC());
        if (!settings.reload() && ConfigUtils.getProfiles().stream().noneMatch(ALWAYS::contains)) {
            return;
        }
        FileWatch routeWatch = new FileWatch(directory(), Clock.systemUTC());
        FileWatch rulesWatch = new FileWatch(rules.directory(), Clock.systemUTC());
        watcher = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, "route-watch");
            thread.setDaemon(true);
            return thread;
        });
        watcher.scheduleWithFixedDelay(() -> look(routeWatch, rulesWatch), LOOK_MILLIS, LOOK_MILLIS,
                TimeUnit.MILLISECONDS);
    }

    void stop(@Observes ShutdownEvent event) {
        if (watcher != null) {
            watcher.shutdownNow();
        }
    }

    private void look(FileWatch routeWatch, FileWatch rulesWatch) {
        try {
            if (routeWatch.hasChanged() && Files.isDirectory(directory())) {
                reload.apply(RouteFolder.read(directory()));
            }
            if (rulesWatch.hasChanged()) {
                rules.reload();
            }
        } catch (RuntimeException e) {
            LOG.error("Looking for changed routes and rules failed; the next look follows", e);
        }
    }

    private Path directory() {
        return Path.of(settings.directory());
    }

    private boolean isConfigured(String key) {
        return config.unwrap(SmallRyeConfig.class).getConfigValue(key).getValue() != null;
    }
}
