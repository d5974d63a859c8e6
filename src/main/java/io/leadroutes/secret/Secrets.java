package io.leadroutes.secret;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;

/** A configured secret: its value, or the content of the file that the key with {@code -file} behind it names. */
public final class Secrets {

    private Secrets() {
    }

    /**
     * The secret without surrounding blanks; the value counts when both are given, and blanks count as not given.
     *
     * @param key the configuration key, for the message
     * @throws IllegalArgumentException naming the key when the file cannot be read
     */
    public static Optional<String> read(String key, Optional<String> value, Optional<String> file) {
        Optional<String> given = value.filter(text -> !text.isBlank());
        if (given.isPresent()) {
            return given;
        }
        return file.filter(path -> !path.isBlank()).map(path -> content(key, path)).filter(text -> !text.isEmpty());
    }

    private static String content(String key, String path) {
        try {
            return Files.readString(Path.of(path.strip())).strip();
        } catch (IOException | InvalidPathException e) {
            throw new IllegalArgumentException(key + "-file cannot be read: " + path + " ("
                    + e.getClass().getSimpleName() + ")");
        }
    }
}
