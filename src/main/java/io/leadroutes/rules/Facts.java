package io.leadroutes.rules;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What rules may look at: dotted variable names with a Boolean, Long, String or list of strings.
 * A variable that is absent is unknown. Facts are frozen before the first rule is evaluated.
 */
public final class Facts {

    private final SortedMap<String, Object> values;

    private Facts(SortedMap<String, Object> values) {
        this.values = Collections.unmodifiableSortedMap(values);
    }

    /**
     * @throws IllegalArgumentException if a value is of another type than the four above
     */
    public static Facts of(Map<String, ?> values) {
        SortedMap<String, Object> copy = new TreeMap<>();
        values.forEach((name, value) -> copy.put(name, checked(name, value)));
        return new Facts(copy);
    }

    private static Object checked(String name, Object value) {
        if (value instanceof Boolean || value instanceof Long || value instanceof String) {
            return value;
        }
        if (value instanceof List<?> list && list.stream().allMatch(String.class::isInstance)) {
            return List.copyOf(list);
        }
        throw new IllegalArgumentException("fact " + name + " has a value that rules cannot hold: " + value);
    }

    /** The value, or empty when unknown. */
    public Optional<Object> value(String variable) {
        return Optional.ofNullable(values.get(variable));
    }

    /** These facts and more; the later value of a name counts. */
    public Facts with(Map<String, ?> more) {
        Map<String, Object> all = new TreeMap<>(values);
        all.putAll(more);
        return of(all);
    }

    /** All known variables in the order of their names. */
    public SortedMap<String, Object> values() {
        return values;
    }
}
