package io.leadroutes.receipt;

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The productions of the receipt's grammar (routing specification §8.1), from a message bundle. */
final class Sentences {

    private static final Pattern SLOT = Pattern.compile("\\{(\\w+)}");
    private static final Pattern BLANKS = Pattern.compile("\\s+");
    private static final int SHORTEST_PHONE = 8;
    private static final Pattern MAIL = Pattern.compile("[^\\s@,;<>()]+@[^\\s@,;<>()]+\\.[^\\s@,;<>()]+");
    private static final Pattern PHONE = Pattern.compile("(?<![\\w.])\\+?\\(?\\d[\\d ()./-]{7,}\\d(?!\\w)");

    private static final Pattern DATE = Pattern.compile("\\d{4}-\\d{2}-\\d{2}");

    /** Literal words, or the name of a slot. */
    private record Piece(boolean slot, String text) {
    }

    private final Map<String, List<Piece>> productions = new HashMap<>();

    Sentences() {
        try (InputStream bundle = Sentences.class.getResourceAsStream("/receipt/sentences_en.properties")) {
            if (bundle == null) {
                throw new IllegalStateException("receipt/sentences_en.properties is missing from the class path");
            }
            Properties texts = new Properties();
            texts.load(new InputStreamReader(bundle, StandardCharsets.UTF_8));
            texts.forEach((key, text) -> productions.put((String) key, pieces((String) text)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** One production with its slots filled. */
    String say(String key, Map<String, ?> slots) {
        List<Piece> pieces = productions.get(key);
        if (pieces == null) {
            throw new IllegalStateException("the message bundle has no key " + key);
        }
        StringBuilder sentence = new StringBuilder();
        for (Piece piece : pieces) {
            Object words = piece.slot() ? slots.get(piece.text()) : piece.text();
            if (words == null) {
                throw new IllegalStateException(key + " needs " + piece.text());
            }
            sentence.append(words);
        }
        return sentence.toString();
    }

    private static List<Piece> pieces(String production) {
        List<Piece> pieces = new ArrayList<>();
        Matcher slot = SLOT.matcher(production);
        int at = 0;
        while (slot.find()) {
            pieces.add(new Piece(false, production.substring(at, slot.start())));
            pieces.add(new Piece(true, slot.group(1)));
            at = slot.end();
        }
        pieces.add(new Piece(false, production.substring(at)));
        return pieces;
    }

    /** Words of authors and of data as one line, without e-mail addresses and phone numbers, and without a full stop. */
    static String clean(String words) {
        String line = BLANKS.matcher(words.strip()).replaceAll(" ");
        if (line.indexOf('@') >= 0) {
            line = MAIL.matcher(line).replaceAll("(e-mail address)");
        }
        if (digits(line) >= SHORTEST_PHONE) {
            line = PHONE.matcher(line).replaceAll(found -> digits(found.group()) >= SHORTEST_PHONE
                    && found.group().chars().anyMatch(c -> !Character.isDigit(c))
                    && !DATE.matcher(found.group()).matches() ? "(phone number)"
                    : Matcher.quoteReplacement(found.group()));
        }
        return line.endsWith(".") ? line.substring(0, line.length() - 1) : line;
    }

    private static long digits(String text) {
        return text.chars().filter(Character::isDigit).count();
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
