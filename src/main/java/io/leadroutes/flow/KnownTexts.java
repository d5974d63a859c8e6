package io.leadroutes.flow;

import com.networknt.schema.JsonSchema;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.apache.camel.catalog.CamelCatalog;

/**
 * Texts in which the checks that look at nothing but the text have found nothing: Camel's schema and the options of
 * endpoints. They are most of the cost of a lint. The build lints the shipped files and packages their digests, so
 * that a start checks in this way only what was changed since. A text is known by its SHA-256, never by its name.
 */
public final class KnownTexts {

    private static final String RESOURCE = "META-INF/leadroutes/known-texts";

    private final Set<String> digests = ConcurrentHashMap.newKeySet();

    KnownTexts() {
    }

    /** What the build has linted; nothing where the application was not built by its build. */
    static KnownTexts ofBuild(ClassLoader loader) {
        KnownTexts known = new KnownTexts();
        try (InputStream in = loader.getResourceAsStream(RESOURCE)) {
            if (in != null) {
                new BufferedReader(new InputStreamReader(in, StandardCharsets.US_ASCII)).lines().skip(1)
                        .forEach(known.digests::add);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return known;
    }

    boolean contains(String path, String text) {
        return digests.contains(digest(path, text));
    }

    void add(String path, String text) {
        digests.add(digest(path, text));
    }

    /** A route and a Kamelet are checked differently, whatever their texts say. */
    private static String digest(String path, String text) {
        MessageDigest sha = sha();
        sha.update((byte) (RouteFolder.isKamelet(path) ? 'k' : 'r'));
        return HexFormat.of().formatHex(sha.digest(text.getBytes(StandardCharsets.UTF_8)));
    }

    private static MessageDigest sha() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /**
     * Called by the build: lints the files of a folder and writes the digests of those without a finding.
     *
     * @param arguments directory of the compiled classes, folder of the route files
     */
    public static void main(String... arguments) throws IOException {
        Path classes = Path.of(arguments[0]);
        RouteFolder folder = RouteFolder.read(Path.of(arguments[1]));
        ClassLoader loader = KnownTexts.class.getClassLoader();
        Path file = classes.resolve(RESOURCE);
        String checks = checks(classes, loader);
        if (Files.exists(file) && Files.readAllLines(file).get(0).equals(checks)) {
            KnownTexts before = ofBuild(loader);
            if (folder.texts().entrySet().stream().allMatch(e -> before.contains(e.getKey(), e.getValue()))) {
                return;
            }
        }
        KnownTexts known = new KnownTexts();
        new RouteLint(loader, key -> true, known).lint(folder);
        List<String> lines = new ArrayList<>(List.of(checks));
        lines.addAll(new TreeSet<>(known.digests));
        Files.createDirectories(file.getParent());
        Files.write(file, lines);
    }

    /** A digest of what checks: when any of it changes, nothing counts as checked. */
    private static String checks(Path classes, ClassLoader loader) throws IOException {
        MessageDigest sha = sha();
        try (Stream<Path> files = Files.list(classes.resolve("io/leadroutes/flow"))) {
            for (Path file : files.sorted().toList()) {
                sha.update(Files.readAllBytes(file));
            }
        }
        for (String library : List.of(SchemaCheck.SCHEMA, resource(CamelCatalog.class), resource(JsonSchema.class))) {
            sha.update(String.valueOf(loader.getResource(library)).getBytes(StandardCharsets.UTF_8));
        }
        return HexFormat.of().formatHex(sha.digest());
    }

    private static String resource(Class<?> type) {
        return type.getName().replace('.', '/') + ".class";
    }
}
