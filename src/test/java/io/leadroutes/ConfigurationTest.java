package io.leadroutes;

import static org.assertj.core.api.Assertions.assertThat;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.io.IOException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The table of configuration keys against the keys that code, routes and application.properties use. */
class ConfigurationTest {

    private static final Path SOURCES = Path.of("src/main/java");
    private static final String KEY = "(?:zoominfo|salesforce|crm|dead-letters|kafka|compliance|websights|prospects|database|"
            + "api|sandbox|rules|routes)\\.[a-z0-9.<>-]*[a-z0-9]";
    private static final Pattern ROW =
            Pattern.compile("^\\| `(" + KEY + ")` \\| `([A-Z0-9_]+)` \\| (`[^`]+`|–) \\| \\S.* \\|$");
    private static final Pattern FILE_LINE = Pattern.compile("^(#?)(%[a-z]+\\.)?(" + KEY + ")=(.*)$");
    private static final Pattern FILE_EXPRESSION = Pattern.compile("\\$\\{(" + KEY + ")(?::([^}]*))?}");
    private static final Pattern PLACEHOLDER = Pattern.compile("\\{\\{(" + KEY + ")(?::([^}]*))?}}");
    private static final Pattern LITERAL = Pattern.compile("\"(" + KEY + ")\"");
    private static final Pattern INJECTED =
            Pattern.compile("@ConfigProperty\\(name = \"(" + KEY + ")\", defaultValue = \"([^\"]*)\"");
    private static final Pattern LOOKED_UP =
            Pattern.compile("\"(" + KEY + ")\", (?:\\w+\\.class\\)\\.orElse\\(\"?([^\"()]+?)L?\"?|(\\d+))\\)");
    /** Texts in the sources that look like keys: attributes of a connection, a host name, a prefix. */
    private static final Set<String> NO_KEYS = Set.of("api.pubsub.salesforce.com", "zoominfo.webhook",
            "prospects.yaml");

    private static final Map<String, String[]> ROWS = new TreeMap<>();
    private static final Map<String, Set<String>> USED = new TreeMap<>();
    private static final Set<String> MAPPED = new TreeSet<>();
    private static final Set<String> PREFIXES = new TreeSet<>();
    private static final Map<String, Set<String>> DEFAULTS = new TreeMap<>();

    @BeforeAll
    static void read() throws Exception {
        for (String line : Files.readAllLines(Path.of("docs/configuration.md"))) {
            Matcher row = ROW.matcher(line);
            if (row.matches()) {
                assertThat(ROWS.put(row.group(1), new String[] {row.group(2), row.group(3).replace("`", "")}))
                        .as("two rows for " + row.group(1)).isNull();
            } else {
                assertThat(line).as("a row for a key of ours that cannot be read")
                        .doesNotMatch("^\\| *`" + KEY + "`.*");
            }
        }
        try (Stream<Path> files = Files.walk(SOURCES)) {
            for (Path file : files.filter(f -> f.toString().endsWith(".java")).toList()) {
                readSource(file);
            }
        }
        readApplicationProperties();
        try (Stream<Path> files = Files.walk(Path.of("routes"))) {
            for (Path file : files.filter(f -> f.toString().endsWith(".yaml")).toList()) {
                expressions(PLACEHOLDER, Files.readString(file), file.toString());
            }
        }
    }

    private static void readSource(Path file) throws Exception {
        String text = Files.readString(file);
        if (text.contains("@ConfigMapping(")) {
            Class<?> mapping = Class.forName(SOURCES.relativize(file).toString().replace(".java", "")
                    .replace(file.getFileSystem().getSeparator(), "."), false, ConfigurationTest.class.getClassLoader());
            String prefix = mapping.getAnnotation(ConfigMapping.class).prefix();
            PREFIXES.add(prefix + ".");
            map(mapping, prefix);
        }
        for (Matcher literal = LITERAL.matcher(text); literal.find();) {
            if (!NO_KEYS.contains(literal.group(1))) {
                use(literal.group(1), file.toString());
            }
        }
        for (Pattern pattern : List.of(INJECTED, LOOKED_UP)) {
            for (Matcher match = pattern.matcher(text); match.find();) {
                byDefault(match.group(1), match.group(match.group(2) == null ? 3 : 2));
            }
        }
    }

    private static void map(Class<?> group, String prefix) {
        for (Method method : group.getDeclaredMethods()) {
            if (method.isDefault() || method.isSynthetic() || Modifier.isStatic(method.getModifiers())) {
                continue;
            }
            String key = prefix + "." + method.getName().replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
            Type type = method.getGenericReturnType();
            if (type instanceof ParameterizedType map && map.getRawType() == Map.class) {
                // The names of its keys are the operator's.
                key += ".<" + method.getName() + ">";
                type = map.getActualTypeArguments()[1];
            } else if (type instanceof ParameterizedType optional) {
                type = optional.getActualTypeArguments()[0];
            }
            if (type instanceof Class<?> inner && inner.isInterface()) {
                map(inner, key);
                continue;
            }
            MAPPED.add(key);
            use(key, group.getName());
            WithDefault value = method.getAnnotation(WithDefault.class);
            if (value != null) {
                byDefault(key, value.value());
            }
        }
    }

    private static void readApplicationProperties() throws IOException {
        for (String text : Files.readAllLines(Path.of("application.properties"))) {
            Matcher line = FILE_LINE.matcher(text);
            if (line.matches()) {
                use(line.group(3), "application.properties");
                if (line.group(1).isEmpty() && line.group(2) == null) {
                    byDefault(line.group(3), line.group(4));
                }
            }
            expressions(FILE_EXPRESSION, text, "application.properties");
        }
    }

    private static void expressions(Pattern pattern, String text, String place) {
        for (Matcher match = pattern.matcher(text); match.find();) {
            use(match.group(1), place);
            if (match.group(2) != null && !match.group(2).isEmpty()) {
                byDefault(match.group(1), match.group(2));
            }
        }
    }

    private static void use(String key, String place) {
        USED.computeIfAbsent(key, k -> new TreeSet<>()).add(place);
    }

    private static void byDefault(String key, String value) {
        DEFAULTS.computeIfAbsent(key, k -> new TreeSet<>()).add(value);
    }

    @Test
    void everyKeyInUseHasARow() {
        Map<String, Set<String>> missing = new TreeMap<>(USED);
        missing.keySet().removeAll(ROWS.keySet());
        assertThat(missing).as("keys without a row in docs/configuration.md").isEmpty();
    }

    @Test
    void everyRowIsAKeyInUse() {
        Set<String> unused = new TreeSet<>(ROWS.keySet());
        unused.removeAll(USED.keySet());
        assertThat(unused).as("rows of docs/configuration.md for keys that nothing reads").isEmpty();
    }

    @Test
    void everyRowHasTheDefaultThatHolds() {
        Map<String, String> wrong = new TreeMap<>();
        ROWS.forEach((key, row) -> {
            Set<String> expected = DEFAULTS.getOrDefault(key, Set.of("–"));
            if (!expected.equals(Set.of(row[1]))) {
                wrong.put(key, "the page says " + row[1] + ", in use " + expected);
            }
        });
        assertThat(wrong).isEmpty();
    }

    @Test
    void everyRowNamesItsEnvironmentVariable() {
        ROWS.forEach((key, row) -> assertThat(row[0]).as(key)
                .isEqualTo(key.replaceAll("[^a-z0-9]", "_").toUpperCase(Locale.ROOT)));
    }

    /** A key below the prefix of a mapping that the mapping does not know ends the start of the application. */
    @Test
    void everyKeyBelowAMappingCanBeSet() {
        Set<String> refused = new TreeSet<>(USED.keySet());
        refused.removeIf(key -> PREFIXES.stream().noneMatch(key::startsWith) || MAPPED.contains(key));
        assertThat(refused).as("keys that stop the start when they are set").isEmpty();
    }

    @Test
    void applicationPropertiesTellsTheImportantKeysEachUnderAComment() throws IOException {
        List<String> lines = Files.readAllLines(Path.of("application.properties"));
        List<String> commented = new ArrayList<>();
        for (int i = 0; i < lines.size(); i++) {
            Matcher line = FILE_LINE.matcher(lines.get(i));
            if (line.matches() && line.group(2) == null) {
                int above = i - 1;
                while (above >= 0 && FILE_LINE.matcher(lines.get(above)).matches()) {
                    above--;
                }
                assertThat(above >= 0 ? lines.get(above) : "").as("the comment above " + line.group(3))
                        .startsWith("# ").doesNotContain("----");
                commented.add(line.group(3));
            }
        }
        assertThat(commented).contains("zoominfo.base-url", "zoominfo.username", "zoominfo.password",
                "zoominfo.client-id", "zoominfo.private-key-file", "zoominfo.tier.auth.requests-per-second",
                "zoominfo.tier.standard.requests-per-second", "zoominfo.tier.standard.requests-per-minute",
                "zoominfo.tier.scaling.requests-per-second", "zoominfo.pacing.guard", "zoominfo.retry.unreachable",
                "zoominfo.retry.failing", "zoominfo.retry.delay", "zoominfo.lookup.cache", "zoominfo.batching",
                "salesforce.login-url", "salesforce.client-id", "salesforce.client-secret", "salesforce.username",
                "salesforce.password", "salesforce.private-key-file", "salesforce.request-timeout",
                "salesforce.stream.enabled", "salesforce.stream.max-silence", "salesforce.stream.retry-initial",
                "salesforce.stream.retry-max", "database.url", "database.username", "database.password",
                "database.directory", "api.username", "api.password", "routes.directory", "routes.reload",
                "rules.directory", "sandbox.start", "sandbox.seed", "sandbox.sample-leads");
    }
}
