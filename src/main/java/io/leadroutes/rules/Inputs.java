package io.leadroutes.rules;

import java.text.Normalizer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Facts as rules see them: checked against the variable table, texts in NFC, blank texts unknown, and the table's own
 * values in place of missing facts that cannot be unknown.
 */
public final class Inputs {

    private final VariableTable table;
    private final Map<String, Object> values;

    private Inputs(VariableTable table, Map<String, Object> values) {
        this.table = table;
        this.values = values;
    }

    /**
     * @throws IllegalArgumentException if a fact is of another type than its variable
     */
    public static Inputs of(VariableTable table, Facts facts) {
        return new Inputs(table, Map.of()).with(facts);
    }

    /** These inputs and more; used for one element of {@code forEach: events}. */
    public Inputs with(Facts facts) {
        Map<String, Object> all = new HashMap<>(values);
        facts.values().forEach((name, value) -> {
            Optional<Variable> variable = table.find(name);
            if (variable.isPresent()) {
                Object seen = normalised(variable.get(), value);
                if (seen == null) {
                    all.remove(name);
                } else {
                    all.put(name, seen);
                }
            }
        });
        return new Inputs(table, all);
    }

    private static Object normalised(Variable variable, Object value) {
        boolean fits = switch (variable.type()) {
            case BOOL -> value instanceof Boolean;
            case INT -> value instanceof Long;
            case TEXT -> value instanceof String;
            case LIST -> value instanceof List;
        };
        if (!fits) {
            throw new IllegalArgumentException("fact " + variable.name() + " must be " + variable.type().words()
                    + " but is a " + value.getClass().getSimpleName());
        }
        if (value instanceof String text) {
            return text.isBlank() ? null : nfc(text);
        }
        if (value instanceof List<?> list) {
            return list.stream().map(element -> nfc((String) element)).toList();
        }
        return value;
    }

    static String nfc(String text) {
        return Normalizer.isNormalized(text, Normalizer.Form.NFC) ? text
                : Normalizer.normalize(text, Normalizer.Form.NFC);
    }

    /** The value, or empty when unknown or missing. */
    public Optional<Object> value(String variable) {
        Object value = values.get(variable);
        return value != null ? Optional.of(value) : table.find(variable).flatMap(Variable::fallback);
    }

    /** The table the facts were checked against. */
    VariableTable table() {
        return table;
    }
}
