package io.leadroutes.receipt;

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Properties;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The productions of the receipt's grammar (routing specification §8.1), from a message bundle. */
final class Sentences {

    private static final Pattern SLOT = Pattern.compile("\\{(\\w+)}");
    private static final Pattern MAIL = Pattern.compile("[^\\s@,;<>()]+@[^\\s@,;<>()]+\\.[^\\s@,;<>()]+");
    private static final Pattern PHONE = Pattern.compile("(?<![\\w.])\\+?\\(?\\d[\\d ()./-]{7,}\\d(?!\\w)");

    private static final Pattern DATE = Pattern.compile("\\d{4}-\\d{2}-\\d{2}");

    private final Properties productions = new Properties();

    Sentences() {
        try (InputStream bundle = Sentences.class.getResourceAsStream("/receipt/sentences_en.properties")) {
            if (bundle == null) {
                throw new IllegalStateException("receipt/sentences_en.properties is missing from the class path");
            }
            productions.load(new InputStreamReader(bundle, StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** One production with its slots filled. */
    String say(String key, Map<String, ?> slots) {
        String production = productions.getProperty(key);
        if (production == null) {
            throw new IllegalStateException("the message bundle has no key " + key);
        }
        return SLOT.matcher(production).replaceAll(slot -> {
            Object value = slots.get(slot.group(1));
            if (value == null) {
                throw new IllegalStateException(key + " needs " + slot.group(1));
            }
            return Matcher.quoteReplacement(value.toString());
        });
    }

    /** Words of authors and of data as one line, without e-mail addresses and phone numbers, and without a full stop. */
    static String clean(String words) {
        String line = words.strip().replaceAll("\\s+", " ");
        if (line.indexOf('@') >= 0) {
            line = MAIL.matcher(line).replaceAll("(e-mail address)");
        }
        line = PHONE.matcher(line).replaceAll(found -> found.group().chars().filter(Character::isDigit).count() >= 8
                && found.group().chars().anyMatch(c -> !Character.isDigit(c))
                && !DATE.matcher(found.group()).matches() ? "(phone number)"
                : Matcher.quoteReplacement(found.group()));
        return line.endsWith(".") ? line.substring(0, line.length() - 1) : line;
    }

    /** At most {@code length} characters, the last of them an ellipsis when something was cut. */
    static String cut(String words, int length) {
        if (words.length() <= length) {
            return words;
        }
        int end = Math.max(0, length - 1);
        if (end > 0 && Character.isHighSurrogate(words.charAt(end - 1))) {
            end--;
        }
        return words.substring(0, end).stripTrailing() + "…";
    }
}
