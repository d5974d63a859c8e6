package io.leadroutes.prospect;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/** Reads {@code rules/prospects.yaml}, anew for each run: a change counts from the next one on. */
@ApplicationScoped
public class ProspectLists {

    private static final String FILE = "prospects.yaml";
    private static final Set<String> KEYS = Set.of("name", "enabled", "every", "criteria", "wanted", "crm", "credits");

    private final Path file;

    @Inject
    ProspectLists(@ConfigProperty(name = "rules.directory", defaultValue = "rules") String directory) {
        this(Path.of(directory).resolve(FILE));
    }

    ProspectLists(Path file) {
        this.file = file;
    }

    /**
     * The lists in the order of the file; none when there is no file.
     *
     * @throws IllegalArgumentException naming list and key when the file cannot be understood
     */
    public List<ProspectList> read() {
        if (!Files.exists(file)) {
            return List.of();
        }
        Object root;
        try {
            root = new Load(LoadSettings.builder().setLabel(FILE).build()).loadFromString(Files.readString(file));
        } catch (YamlEngineException e) {
            throw new IllegalArgumentException(FILE + " is not YAML: " + e.getMessage(), e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        if (!(root instanceof Map<?, ?> map) || !(map.get("lists") instanceof List<?> lists)) {
            throw new IllegalArgumentException(FILE + " needs a key \"lists\" with a list below it");
        }
        List<ProspectList> read = new ArrayList<>();
        for (Object one : lists) {
            ProspectList list = list(one);
            if (read.stream().anyMatch(other -> other.name().equals(list.name()))) {
                throw wrong(list.name(), "name", "stands twice in the file");
            }
            read.add(list);
        }
        return List.copyOf(read);
    }

    private static ProspectList list(Object node) {
        Map<String, Object> list = map(node);
        String name = String.valueOf(list.get("name"));
        if (!name.matches("[a-z0-9][a-z0-9-]{0,49}")) {
            throw wrong(name, "name", "may have small letters, digits and dashes, at most 50");
        }
        list.keySet().stream().filter(key -> !KEYS.contains(key)).findFirst().ifPresent(key -> {
            throw wrong(name, key, "is not known; there are " + KEYS.stream().sorted().toList());
        });
        Map<String, Object> criteria = map(list.get("criteria"));
        if (criteria.isEmpty()) {
            throw wrong(name, "criteria", "must hold at least one criterion of ZoomInfo's contact search");
        }
        Map<String, Object> wanted = map(list.get("wanted"));
        Map<String, Object> credits = map(list.get("credits"));
        return new ProspectList(name, Boolean.TRUE.equals(list.get("enabled")), every(name, list.get("every")), criteria,
                wanted.containsKey("minAccuracy") ? number(name, "wanted.minAccuracy", wanted.get("minAccuracy")) : 0,
                wanted.get("has") instanceof List<?> has ? has.stream().map(Object::toString).toList() : List.of(),
                map(map(list.get("crm")).get("fields")), number(name, "credits.perRun", credits.get("perRun")),
                number(name, "credits.total", credits.get("total")));
    }

    private static Duration every(String name, Object value) {
        try {
            String text = String.valueOf(value).strip();
            Duration every = Duration.parse(text.matches("\\d+[hm]") ? "PT" + text
                    : text.matches("\\d+d") ? "P" + text : text);
            if (every.compareTo(Duration.ofMinutes(1)) >= 0) {
                return every;
            }
        } catch (DateTimeParseException e) {
            // answered below
        }
        throw wrong(name, "every", "must be a time of at least a minute, as 24h or P1D");
    }

    /** Credits are never spent by a default: both budgets must be written down. */
    private static int number(String name, String key, Object value) {
        if (value instanceof Integer number && number >= 0) {
            return number;
        }
        throw wrong(name, key, "must be a whole number from 0");
    }

    private static Map<String, Object> map(Object node) {
        Map<String, Object> copy = new LinkedHashMap<>();
        if (node instanceof Map<?, ?> map) {
            map.forEach((key, value) -> copy.put(String.valueOf(key), value));
        }
        return copy;
    }

    private static IllegalArgumentException wrong(String list, String key, String rule) {
        return new IllegalArgumentException(FILE + ", list " + list + ", key " + key + ": " + rule);
    }
}
