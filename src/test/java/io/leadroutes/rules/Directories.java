package io.leadroutes.rules;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Rules directories for tests: the small base ruleset with some files replaced. */
public final class Directories {

    private static final Path BASE = Path.of("src/test/resources/rules/base");
    private static final List<String> FILES = List.of("types.yaml", "people.yaml", "pools.yaml", "scoring.yaml",
            "routing.yaml");

    private Directories() {
    }

    public static Map<String, String> base() {
        Map<String, String> files = new LinkedHashMap<>();
        for (String name : FILES) {
            files.put(name, read(BASE.resolve(name)));
        }
        return files;
    }

    public static String read(Path path) {
        try {
            return Files.readString(path);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The findings of a ruleset; empty when it is valid. */
    public static List<Finding> findings(Map<String, String> files) {
        try {
            load(files);
            return List.of();
        } catch (InvalidRulesException e) {
            return e.findings();
        }
    }

    public static Ruleset load(Map<String, String> files) throws InvalidRulesException {
        Path directory = null;
        try {
            directory = Files.createTempDirectory("rules");
            for (Map.Entry<String, String> file : files.entrySet()) {
                Files.writeString(directory.resolve(file.getKey()), file.getValue());
            }
            return RulesetLoader.load(directory);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            delete(directory);
        }
    }

    private static void delete(Path directory) {
        if (directory == null) {
            return;
        }
        try (var paths = Files.walk(directory)) {
            paths.sorted(java.util.Comparator.reverseOrder()).forEach(path -> path.toFile().delete());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
