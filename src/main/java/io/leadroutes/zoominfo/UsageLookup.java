package io.leadroutes.zoominfo;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Reads the answer of {@code GET /lookup/usage}, the documented shape and the one seen live. */
public final class UsageLookup {

    /**
     * One limit of the contract term.
     *
     * @param type      for example {@code uniqueIdLimit}
     * @param limit     -1 when unlimited or not stated
     * @param used      used so far in the term
     * @param remaining left in the term
     */
    public record Limit(String type, long limit, long used, long remaining) {
    }

    private UsageLookup() {
    }

    /** The limits in the order of the answer; what is not a limit is passed over. */
    public static List<Limit> read(Object answer) {
        List<Limit> limits = new ArrayList<>();
        if (answer instanceof Map<?, ?> map && map.get("usage") instanceof List<?> rows) {
            for (Object row : rows) {
                if (row instanceof Map<?, ?> values && values.get("limitType") != null) {
                    Object limit = values.get("limit") != null ? values.get("limit") : values.get("totalLimit");
                    limits.add(new Limit(values.get("limitType").toString(), number(limit, -1),
                            number(values.get("currentUsage"), 0), number(values.get("usageRemaining"), -1)));
                }
            }
        }
        return limits;
    }

    private static long number(Object value, long otherwise) {
        if (value instanceof Number number) {
            return number.longValue();
        }
        try {
            return value == null ? otherwise : Long.parseLong(value.toString().strip());
        } catch (NumberFormatException e) {
            return otherwise;
        }
    }
}
