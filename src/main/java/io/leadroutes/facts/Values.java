package io.leadroutes.facts;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads the values that ZoomInfo and CRMs send now as a number or a list, now as a text. */
final class Values {

    private static final Pattern MONEY = Pattern.compile(
            "\\$?\\s*(\\d+(?:\\.\\d+)?)\\s*(thousand|million|billion|mil|bil|k|m|b)?\\.?");
    private static final Map<Character, Integer> SCALE = Map.of('t', 3, 'k', 3, 'm', 6, 'b', 9);

    private Values() {
    }

    static Optional<String> text(Object value) {
        if (value instanceof Collection<?> list) {
            return list.stream().map(Values::text).flatMap(Optional::stream).findFirst();
        }
        if (value instanceof Map<?, ?> map) {
            return text(map.get("name"));
        }
        return Optional.ofNullable(value).map(Object::toString).map(String::strip).filter(text -> !text.isEmpty());
    }

    /** All texts of a list, of names in it, or of a text divided by {@code |}. */
    static List<String> texts(Object value, String key) {
        List<String> texts = new ArrayList<>();
        if (value instanceof Collection<?> list) {
            list.forEach(element -> texts.addAll(texts(element, key)));
        } else if (value instanceof Map<?, ?> map) {
            text(map.get(key)).ifPresent(texts::add);
        } else {
            text(value).ifPresent(text -> {
                for (String part : text.split("\\|")) {
                    text(part).ifPresent(texts::add);
                }
            });
        }
        return texts;
    }

    static Optional<Boolean> bool(Object value) {
        return switch (text(value).orElse("").toLowerCase(Locale.ROOT)) {
            case "true", "yes", "1" -> Optional.of(true);
            case "false", "no", "0" -> Optional.of(false);
            default -> Optional.empty();
        };
    }

    static boolean isTrue(Object value) {
        return bool(value).orElse(false);
    }

    /** A whole number, also one written with separators; a fraction is cut off. */
    static Optional<Long> number(Object value) {
        return text(value).map(text -> text.replace(",", "").replace("_", ""))
                .filter(text -> text.matches("-?\\d{1,18}(\\.\\d+)?")).map(Values::whole);
    }

    /** An amount in whole US dollars, from a number or from words such as {@code $400 Million}. */
    static Optional<Long> dollars(Object value) {
        String text = text(value).orElse("").toLowerCase(Locale.ROOT).replace(",", "");
        Matcher money = MONEY.matcher(text);
        if (!money.matches()) {
            return Optional.empty();
        }
        int zeros = money.group(2) == null ? 0 : SCALE.get(money.group(2).charAt(0));
        return Optional.of(new BigDecimal(money.group(1)).scaleByPowerOfTen(zeros))
                .filter(amount -> amount.precision() - amount.scale() <= 18)
                .map(amount -> amount.setScale(0, RoundingMode.DOWN).longValueExact());
    }

    private static Long whole(String text) {
        return new BigDecimal(text).setScale(0, RoundingMode.DOWN).longValueExact();
    }
}
