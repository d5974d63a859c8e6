package io.leadroutes.crm;

import io.leadroutes.lead.Enrichment;
import io.leadroutes.rules.FieldMapping;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** The one field policy for now: fill what is blank, never overwrite, never write nothing. */
public final class FillBlank {

    /** Texts that say as little as a blank (routing specification, 6.3 step 2). */
    private static final Set<String> PLACEHOLDERS = Set.of("n/a", "na", "none", "null", "unknown", "-", "--", "test",
            "[not provided]", "not provided");

    private FillBlank() {
    }

    /**
     * The fields to write, in the order of the mappings; the first mapping of a field that has a value counts.
     *
     * @param current the record as it is in the CRM, empty for a record that is not there yet
     */
    public static Map<String, Object> changes(List<FieldMapping> mappings, Enrichment enrichment,
            Map<String, ?> current) {
        Map<String, Object> changes = new LinkedHashMap<>();
        for (FieldMapping mapping : mappings) {
            if (blank(current.get(mapping.field())) && !changes.containsKey(mapping.field())) {
                value(mapping.from(), enrichment).ifPresent(value -> changes.put(mapping.field(), value));
            }
        }
        return changes;
    }

    /** True for nothing, for blanks and for a placeholder of the CRM itself. */
    public static boolean blank(Object value) {
        return value == null || value instanceof String text
                && (text.isBlank() || text.strip().equalsIgnoreCase("[not provided]"));
    }

    private static Optional<Object> value(String from, Enrichment enrichment) {
        int dot = from.indexOf('.');
        Map<String, Object> record = from.startsWith("company.") ? enrichment.company() : enrichment.person();
        return worthWriting(record.get(from.substring(dot + 1)));
    }

    /** The value as a CRM field takes it; empty when it says nothing. Several values become a list with semicolons. */
    public static Optional<Object> worthWriting(Object value) {
        if (value instanceof Collection<?> several) {
            return worthWriting(several.stream().filter(Objects::nonNull).map(Object::toString)
                    .filter(text -> !text.isBlank()).collect(Collectors.joining(";")));
        }
        if (value instanceof Number || value instanceof Boolean) {
            return Optional.of(value);
        }
        return value instanceof String text && !text.isBlank()
                && !PLACEHOLDERS.contains(text.strip().toLowerCase(Locale.ROOT))
                        ? Optional.of(text.strip()) : Optional.empty();
    }
}
