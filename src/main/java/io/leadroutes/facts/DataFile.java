package io.leadroutes.facts;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.List;
import java.util.Locale;

/** Lines of the lists shipped beside these classes. */
final class DataFile {

    private DataFile() {
    }

    /** The lines of {@code facts/<name>} without blank lines and those that begin with {@code #}. */
    static List<String> lines(String name) {
        try (InputStream file = DataFile.class.getResourceAsStream("/facts/" + name)) {
            if (file == null) {
                throw new IllegalStateException("facts/" + name + " is missing from the class path");
            }
            return new BufferedReader(new InputStreamReader(file, StandardCharsets.UTF_8)).lines()
                    .map(String::strip).filter(line -> !line.isEmpty() && !line.startsWith("#")).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The same for all spellings of a name: no case, accents, blanks or punctuation. */
    static String key(String text) {
        String plain = Normalizer.normalize(text, Normalizer.Form.NFKD);
        StringBuilder key = new StringBuilder(plain.length());
        plain.codePoints().filter(Character::isLetterOrDigit).forEach(key::appendCodePoint);
        return key.toString().toLowerCase(Locale.ROOT);
    }
}
