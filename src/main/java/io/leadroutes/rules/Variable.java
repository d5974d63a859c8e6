package io.leadroutes.rules;

import java.util.List;
import java.util.Optional;

/**
 * A variable that rules may name.
 *
 * @param name         dotted, for example {@code lead.country}
 * @param mayBeUnknown true for {@code T?}
 * @param values       the closed list, in its order; empty: open
 * @param min          least value of an integer
 * @param max          greatest value of an integer
 * @param fallback     value when a fact is missing though the variable cannot be unknown; empty: missing is an error
 * @param scope        where it may be named
 */
public record Variable(String name, Type type, boolean mayBeUnknown, List<String> values, long min, long max,
        Optional<Object> fallback, Scope scope) {

    /** Nothing else is offered: no floating point, no time, no null. */
    public enum Type {
        BOOL("true or false"), INT("a whole number"), TEXT("text"), LIST("a list of texts");

        private final String words;

        Type(String words) {
            this.words = words;
        }

        String words() {
            return words;
        }
    }

    /** Where a variable is known. */
    public enum Scope {
        EVERYWHERE, EVENT, SCORE
    }

    public Variable {
        values = List.copyOf(values);
    }

    boolean closed() {
        return !values.isEmpty();
    }
}
