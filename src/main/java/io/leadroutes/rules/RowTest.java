package io.leadroutes.rules;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The conditions of one row: cells over columns, and a free condition. All must hold.
 *
 * @param columns variable of each column
 * @param cells   as many as columns
 */
public record RowTest(List<String> columns, List<Cell> cells, Optional<Condition> when) {

    /** What a row says about a lead. */
    public enum Verdict {
        MATCH, NO_MATCH, ERROR
    }

    /**
     * @param column first column that failed, or {@code when}; empty on a match
     * @param value  what the lead has there
     * @param needed what the row asks for, or the cause of the error
     */
    public record Outcome(Verdict verdict, String column, String value, String needed) {

        static final Outcome MATCHED = new Outcome(Verdict.MATCH, "", "", "");

        public boolean matched() {
            return verdict == Verdict.MATCH;
        }

        public boolean failed() {
            return verdict == Verdict.ERROR;
        }
    }

    public RowTest {
        columns = List.copyOf(columns);
        cells = List.copyOf(cells);
    }

    /**
     * Tries the row. As in CEL's own conjunction, a part that is false decides even when another cannot be evaluated.
     */
    public Outcome evaluate(Inputs inputs) {
        Outcome error = null;
        for (int i = 0; i < cells.size(); i++) {
            Optional<Object> value = inputs.value(columns.get(i));
            try {
                if (!cells.get(i).matches(value, inputs)) {
                    return new Outcome(Verdict.NO_MATCH, columns.get(i), shown(value), cells.get(i).text());
                }
            } catch (EvaluationException e) {
                error = first(error, columns.get(i), shown(value), e);
            }
        }
        if (when.isPresent()) {
            try {
                if (!when.get().holds(inputs)) {
                    return new Outcome(Verdict.NO_MATCH, "when", "false", when.get().text());
                }
            } catch (EvaluationException e) {
                error = first(error, "when", "", e);
            }
        }
        return error == null ? Outcome.MATCHED : error;
    }

    private static Outcome first(Outcome earlier, String column, String value, EvaluationException e) {
        return earlier != null ? earlier : new Outcome(Verdict.ERROR, column, value, e.getMessage());
    }

    private static String shown(Optional<Object> value) {
        return value.map(Template::words).orElse("unknown");
    }

    /** What a lead has in the columns this row asks, in words that can follow "because". */
    public String facts(Inputs inputs) {
        List<String> parts = new ArrayList<>();
        for (int i = 0; i < cells.size(); i++) {
            if (!(cells.get(i) instanceof Cell.Any)) {
                String name = columns.get(i);
                parts.add(name.substring(name.lastIndexOf('.') + 1) + " is " + shown(inputs.value(name)));
            }
        }
        return parts.isEmpty() ? "its condition holds" : String.join(" and ", parts);
    }

    /** The whole row as one CEL expression, as the analysis sees it. */
    public String expansion(VariableTable table) {
        List<String> parts = new ArrayList<>();
        for (int i = 0; i < cells.size(); i++) {
            String part = cells.get(i).expansion(table.get(columns.get(i)));
            if (!part.equals("true")) {
                parts.add("(" + part + ")");
            }
        }
        when.ifPresent(condition -> parts.add("(" + condition.text() + ")"));
        return parts.isEmpty() ? "true" : String.join(" && ", parts);
    }
}
