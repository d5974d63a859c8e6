package io.leadroutes.rules;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** P1.3: what is written differently but means the same has the same version; the order of rows counts. */
class VersionPropertiesTest {

    private static final Map<String, String> BASE = Directories.base();
    private static final String VERSION = version(BASE);
    private static final Map<String, String> SEEN = new java.util.concurrent.ConcurrentHashMap<>();

    @Property(tries = 1000)
    void shufflingKeysCommentsQuotesAndSpellingKeepsTheVersion(@ForAll long seed) {
        Random random = new Random(seed);
        Map<String, String> files = new LinkedHashMap<>();
        BASE.forEach((name, text) -> files.put(name, "# " + random.nextInt() + "\n" + rewrite(load(text), random, 0)
                + "\n"));
        assertThat(version(files)).as(files.toString()).isEqualTo(VERSION);
    }

    @Property(tries = 1000)
    void swappingTwoRowsOfATableChangesTheVersion(@ForAll long seed) {
        Random random = new Random(seed);
        List<Integer> order = new ArrayList<>(List.of(0, 1, 2, 3, 4, 5));
        int from = random.nextInt(order.size());
        int to = (from + 1 + random.nextInt(order.size() - 1)) % order.size();
        String before = table(order);
        Collections.swap(order, from, to);
        assertThat(versionOnce(table(order))).isNotEqualTo(versionOnce(before));
    }

    @Test
    void theVersionIsTheHashOfTheContentAndShowsTwelveDigits() throws Exception {
        Ruleset ruleset = RulesetLoader.load(Path.of("rules"));
        assertThat(ruleset.version()).matches("[0-9a-f]{64}");
        assertThat(ruleset.shortVersion()).isEqualTo(ruleset.version().substring(0, 12));
        assertThat(ruleset.canonical()).startsWith("{\"fields.yaml\":{\"fields\":[{");
        assertThat(ruleset.sources()).containsOnlyKeys("types.yaml", "people.yaml", "pools.yaml", "scoring.yaml",
                "routing.yaml", "fields.yaml");
    }

    @Test
    void aListOfValuesAndItsSpellingWithBarsAreTheSame() {
        assertThat(version(with("rows: [{id: a, cells: [\"US | CA\"], assign: queue:open}]"))).isEqualTo(
                version(with("rows: [{id: a, cells: [[US, 'CA']], assign: 'queue:open'}]")));
    }

    private static String versionOnce(String rows) {
        return SEEN.computeIfAbsent(rows, key -> version(with(key)));
    }

    private static Map<String, String> with(String rows) {
        Map<String, String> files = new LinkedHashMap<>(BASE);
        files.put("routing.yaml", "spec: 1\nfallback: [queue:open]\ntables:\n  - id: t\n    columns: [lead.country]\n"
                + "    " + rows + "\n");
        return files;
    }

    private static String table(List<Integer> order) {
        List<String> countries = List.of("US", "CA", "DE", "FR", "GB", "IT");
        List<String> rows = order.stream().map(i -> "{id: r" + i + ", cells: [" + countries.get(i)
                + "], assign: pool:team}").toList();
        return "rows: [" + String.join(", ", rows) + "]";
    }

    private static String version(Map<String, String> files) {
        try {
            return Directories.load(files).version();
        } catch (InvalidRulesException e) {
            throw new AssertionError(files.toString(), e);
        }
    }

    private static Object load(String text) {
        return new Load(LoadSettings.builder().setSchema(new org.snakeyaml.engine.v2.schema.FailsafeSchema()).build())
                .loadFromString(text.replace(", -]", ", \"-\"]"));
    }

    /** The same content with keys in any order, any quotes, in flow or block form, with comments between. */
    private static String rewrite(Object node, Random random, int indent) {
        boolean block = random.nextBoolean();
        String pad = "\n" + " ".repeat(indent) + (random.nextInt(4) == 0 ? "# note\n" + " ".repeat(indent) : "");
        if (node instanceof Map<?, ?> map) {
            List<Object> keys = new ArrayList<>(map.keySet());
            Collections.shuffle(keys, random);
            StringBuilder text = new StringBuilder(block ? "" : "{");
            for (Object key : keys) {
                String value = block ? rewrite(map.get(key), random, indent + 2) : flow(map.get(key), random);
                text.append(block ? pad : text.length() > 1 ? ",  " : "").append(quoted(key.toString(), random))
                        .append(": ").append(value);
            }
            return text.append(block ? "" : "}").toString();
        }
        if (node instanceof List<?> list && block && !list.isEmpty()) {
            StringBuilder text = new StringBuilder();
            for (Object item : list) {
                text.append(pad).append("- ").append(flow(item, random));
            }
            return text.toString();
        }
        return flow(node, random);
    }

    private static String flow(Object node, Random random) {
        if (node instanceof Map<?, ?> map) {
            List<Object> keys = new ArrayList<>(map.keySet());
            Collections.shuffle(keys, random);
            return "{" + String.join(random.nextBoolean() ? ", " : ",\n          ", keys.stream().map(key ->
                    quoted(key.toString(), random) + ": " + flow(map.get(key), random)).toList()) + "}";
        }
        if (node instanceof List<?> list) {
            return "[" + String.join(", ", list.stream().map(item -> flow(item, random)).toList()) + "]";
        }
        return quoted(node.toString(), random);
    }

    private static String quoted(String text, Random random) {
        return switch (random.nextInt(3)) {
            case 0 -> "\"" + text.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
            case 1 -> "'" + text.replace("'", "''") + "'";
            default -> text.matches("[A-Za-z0-9.]+") || text.equals("-") && random.nextBoolean() ? text : "\"" + text.replace("\"", "\\\"") + "\"";
        };
    }
}
