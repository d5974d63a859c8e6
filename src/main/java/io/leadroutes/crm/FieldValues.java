package io.leadroutes.crm;

import java.math.BigDecimal;
import java.util.Collection;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What values of fields say: whether they say anything, and whether two say the same. */
public final class FieldValues {

    /** Texts that say as little as a blank (routing specification, 6.3 step 2). */
    private static final Set<String> PLACEHOLDERS = Set.of("n/a", "na", "none", "null", "unknown", "-", "--", "test",
            "[not provided]", "not provided");
    private static final Pattern NUMBER = Pattern.compile("-?\\d{1,18}(\\.\\d{1,9})?([eE]\\d{1,2})?");
    private static final Pattern PHONE = Pattern.compile("[+(]?[\\d][\\d\\s().+/-]{5,30}(\\s*(x|ext\\.?)\\s*\\d+)?");
    private static final Pattern ADDRESS = Pattern.compile("(?i)(https?://)?(www\\.)?([\\w.-]+\\.[a-z]{2,}(/\\S*)?)");

    private FieldValues() {
    }

    /** True for nothing, for blanks and for a placeholder of the CRM itself. */
    public static boolean blank(Object value) {
        return value == null || value instanceof String text
                && (text.isBlank() || text.strip().equalsIgnoreCase("[not provided]"));
    }

    /** The value as a CRM field takes it; empty when it says nothing. Several values become a list with semicolons. */
    public static Optional<Object> worthWriting(Object value) {
        if (value instanceof Collection<?> several) {
            return worthWriting(several.stream().filter(Objects::nonNull).map(FieldValues::name)
                    .filter(text -> !text.isBlank()).collect(Collectors.joining(";")));
        }
        if (value instanceof Number || value instanceof Boolean) {
            return Optional.of(value);
        }
        return value instanceof String text && !text.isBlank()
                && !PLACEHOLDERS.contains(text.strip().toLowerCase(Locale.ROOT))
                        ? Optional.of(text.strip()) : Optional.empty();
    }

    /** ZoomInfo's lists hold texts, or objects that have one of these. */
    private static String name(Object element) {
        return element instanceof Map<?, ?> object
                ? Stream.of("name", "description", "url").map(object::get).filter(Objects::nonNull).findFirst()
                        .map(Object::toString).orElse("")
                : element.toString();
    }

    /** True when both say the same, however it is written (routing specification, 6.3 step 3). */
    public static boolean same(Object one, Object other) {
        return normal(one).equals(normal(other));
    }

    /**
     * One spelling for all that say the same: numbers without trailing zeros, telephone numbers as digits, web
     * addresses without protocol and {@code www}, other texts in lower case with single spaces. Empty for a blank.
     */
    public static String normal(Object value) {
        if (blank(value)) {
            return "";
        }
        String text = value.toString().strip().replaceAll("\\s+", " ").toLowerCase(Locale.ROOT);
        if (NUMBER.matcher(text).matches()) {
            return new BigDecimal(text).stripTrailingZeros().toPlainString();
        }
        if (PHONE.matcher(text).matches()) {
            return text.replaceAll("\\D", "");
        }
        var address = ADDRESS.matcher(text);
        return address.matches() ? address.group(3).replaceAll("/+$", "") : text;
    }

    /** True when the text is a part of the other one, which therefore says more. */
    static boolean lessSpecific(Object incoming, Object present) {
        if (!(incoming instanceof String) || !(present instanceof String)) {
            return false;
        }
        String less = normal(incoming);
        String more = normal(present);
        return !less.isEmpty() && more.length() > less.length() && (" " + more.replaceAll("[^\\p{L}\\p{N}]+", " ") + " ")
                .contains(" " + less.replaceAll("[^\\p{L}\\p{N}]+", " ") + " ");
    }
}
