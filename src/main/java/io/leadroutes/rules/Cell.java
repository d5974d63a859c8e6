package io.leadroutes.rules;

import java.util.List;
import java.util.Optional;
import java.util.StringJoiner;

/**
 * One cell of a table: a set of values over its column. Every cell but {@link Any} and {@link Unknown} is false on an
 * unknown value. Only {@link Free} can fail.
 */
public sealed interface Cell {

    /** Whether the value belongs to the cell's set; an empty value is an unknown one. */
    boolean matches(Optional<Object> value, Inputs inputs) throws EvaluationException;

    /** The one spelling of this cell that counts for the version. */
    String text();

    /** The cell as CEL over its column's variable. */
    String expansion(Variable column);

    /** How numbers compare. */
    enum Order {
        LESS("<"), LESS_OR_EQUAL("<="), GREATER(">"), GREATER_OR_EQUAL(">=");

        final String sign;

        Order(String sign) {
            this.sign = sign;
        }

        boolean holds(long value, long bound) {
            return switch (this) {
                case LESS -> value < bound;
                case LESS_OR_EQUAL -> value <= bound;
                case GREATER -> value > bound;
                case GREATER_OR_EQUAL -> value >= bound;
            };
        }
    }

    /** {@code -}: everything, the unknown too. */
    record Any() implements Cell {
        @Override
        public boolean matches(Optional<Object> value, Inputs inputs) {
            return true;
        }

        @Override
        public String text() {
            return "-";
        }

        @Override
        public String expansion(Variable column) {
            return "true";
        }
    }

    /** {@code unknown}. */
    record Unknown() implements Cell {
        @Override
        public boolean matches(Optional<Object> value, Inputs inputs) {
            return value.isEmpty();
        }

        @Override
        public String text() {
            return "unknown";
        }

        @Override
        public String expansion(Variable column) {
            return "!" + column.name() + ".hasValue()";
        }
    }

    /** {@code known}. */
    record Known() implements Cell {
        @Override
        public boolean matches(Optional<Object> value, Inputs inputs) {
            return value.isPresent();
        }

        @Override
        public String text() {
            return "known";
        }

        @Override
        public String expansion(Variable column) {
            return column.name() + ".hasValue()";
        }
    }

    /** A literal. */
    record Equal(Object literal) implements Cell {
        @Override
        public boolean matches(Optional<Object> value, Inputs inputs) {
            return value.isPresent() && value.get().equals(literal);
        }

        @Override
        public String text() {
            return Expansion.cellText(literal);
        }

        @Override
        public String expansion(Variable column) {
            return Expansion.guarded(column, Expansion.value(column) + " == " + Expansion.literal(literal));
        }
    }

    /** {@code != x}. */
    record NotEqual(Object literal) implements Cell {
        @Override
        public boolean matches(Optional<Object> value, Inputs inputs) {
            return value.isPresent() && !value.get().equals(literal);
        }

        @Override
        public String text() {
            return "!= " + Expansion.cellText(literal);
        }

        @Override
        public String expansion(Variable column) {
            return Expansion.guarded(column, Expansion.value(column) + " != " + Expansion.literal(literal));
        }
    }

    /** {@code >= 5} and its like. */
    record Compare(Order order, long bound) implements Cell {
        @Override
        public boolean matches(Optional<Object> value, Inputs inputs) {
            return value.isPresent() && value.get() instanceof Long number && order.holds(number, bound);
        }

        @Override
        public String text() {
            return order.sign + " " + bound;
        }

        @Override
        public String expansion(Variable column) {
            return Expansion.guarded(column, Expansion.value(column) + " " + order.sign + " " + bound);
        }
    }

    /** {@code [100..500)} and the other bracket forms. */
    record Interval(long lower, boolean lowerIn, long upper, boolean upperIn) implements Cell {
        @Override
        public boolean matches(Optional<Object> value, Inputs inputs) {
            return value.isPresent() && value.get() instanceof Long number
                    && (lowerIn ? number >= lower : number > lower) && (upperIn ? number <= upper : number < upper);
        }

        @Override
        public String text() {
            return (lowerIn ? "[" : "(") + lower + ".." + upper + (upperIn ? "]" : ")");
        }

        @Override
        public String expansion(Variable column) {
            String value = Expansion.value(column);
            return Expansion.guarded(column, value + (lowerIn ? " >= " : " > ") + lower + " && " + value
                    + (upperIn ? " <= " : " < ") + upper);
        }
    }

    /** A list: any of its members. */
    record AnyOf(List<Cell> members) implements Cell {

        public AnyOf {
            members = List.copyOf(members);
        }

        @Override
        public boolean matches(Optional<Object> value, Inputs inputs) throws EvaluationException {
            EvaluationException error = null;
            for (Cell member : members) {
                try {
                    if (member.matches(value, inputs)) {
                        return true;
                    }
                } catch (EvaluationException e) {
                    error = error == null ? e : error;
                }
            }
            if (error != null) {
                throw error;
            }
            return false;
        }

        @Override
        public String text() {
            StringJoiner text = new StringJoiner(", ", "[", "]");
            members.forEach(member -> text.add(member.text()));
            return text.toString();
        }

        @Override
        public String expansion(Variable column) {
            StringJoiner text = new StringJoiner(" || ");
            members.forEach(member -> text.add("(" + member.expansion(column) + ")"));
            return text.toString();
        }
    }

    /** {@code not(…)}: known, and the inner test is false. */
    record Not(Cell inner) implements Cell {
        @Override
        public boolean matches(Optional<Object> value, Inputs inputs) throws EvaluationException {
            return value.isPresent() && !inner.matches(value, inputs);
        }

        @Override
        public String text() {
            return "not(" + (inner instanceof AnyOf list
                    ? String.join(" | ", list.members().stream().map(Cell::text).toList()) : inner.text()) + ")";
        }

        @Override
        public String expansion(Variable column) {
            return Expansion.guarded(column, "!(" + inner.expansion(column) + ")");
        }
    }

    /** {@code has}, {@code hasAny} (all = false) and {@code hasAll} over a list. */
    record Has(boolean all, List<String> elements) implements Cell {

        public Has {
            elements = List.copyOf(elements);
        }

        @Override
        public boolean matches(Optional<Object> value, Inputs inputs) {
            if (value.isEmpty() || !(value.get() instanceof List<?> list)) {
                return false;
            }
            return all ? list.containsAll(elements) : elements.stream().anyMatch(list::contains);
        }

        @Override
        public String text() {
            StringJoiner text = new StringJoiner(", ", elements.size() == 1 ? "has(" : all ? "hasAll(" : "hasAny(",
                    ")");
            elements.forEach(element -> text.add(Expansion.cellText(element)));
            return text.toString();
        }

        @Override
        public String expansion(Variable column) {
            StringJoiner text = new StringJoiner(all ? " && " : " || ");
            elements.forEach(element -> text.add(Expansion.literal(element) + " in " + Expansion.value(column)));
            return Expansion.guarded(column, elements.size() == 1 ? text.toString() : "(" + text + ")");
        }
    }

    /** {@code starts}, {@code ends}, {@code contains} over a text, literally. */
    record Part(Place place, String part) implements Cell {

        /** Where the part must be, and the CEL function that asks for it. */
        public enum Place {
            STARTS("startsWith"), ENDS("endsWith"), CONTAINS("contains");

            private final String function;

            Place(String function) {
                this.function = function;
            }
        }

        @Override
        public boolean matches(Optional<Object> value, Inputs inputs) {
            if (value.isEmpty() || !(value.get() instanceof String text)) {
                return false;
            }
            return switch (place) {
                case STARTS -> text.startsWith(part);
                case ENDS -> text.endsWith(part);
                case CONTAINS -> text.contains(part);
            };
        }

        @Override
        public String text() {
            return place.name().toLowerCase(java.util.Locale.ROOT) + "(" + Expansion.cellText(part) + ")";
        }

        @Override
        public String expansion(Variable column) {
            return Expansion.guarded(column,
                    Expansion.value(column) + "." + place.function + "(" + Expansion.literal(part) + ")");
        }
    }

    /** {@code ~ <CEL>} in which {@code it} is the value; not evaluated on an unknown one. */
    record Free(Condition condition) implements Cell {
        @Override
        public boolean matches(Optional<Object> value, Inputs inputs) throws EvaluationException {
            return value.isPresent() && condition.holds(inputs, value.get());
        }

        @Override
        public String text() {
            return "~ " + condition.text();
        }

        @Override
        public String expansion(Variable column) {
            return Expansion.guarded(column, "[" + Expansion.value(column) + "].all(it, " + condition.text() + ")");
        }
    }
}
