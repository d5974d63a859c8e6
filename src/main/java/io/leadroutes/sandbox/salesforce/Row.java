package io.leadroutes.sandbox.salesforce;

import java.time.Instant;
import java.util.Arrays;

/**
 * One state of a record; never changed after it was put in the store. Values: String for texts, picklists and
 * references, Boolean, Long for int, Double, Instant for datetime, LocalDate; null for no value.
 */
final class Row {

    final ObjectType type;
    private final Object[] values;

    Row(ObjectType type) {
        this(type, new Object[type.fields.size()]);
    }

    private Row(ObjectType type, Object[] values) {
        this.type = type;
        this.values = values;
    }

    /** A copy that can be changed until it is stored. */
    Row copy() {
        return new Row(type, Arrays.copyOf(values, values.length));
    }

    Object get(Field field) {
        return values[field.index()];
    }

    Object get(String field) {
        return get(type.need(field));
    }

    void set(Field field, Object value) {
        values[field.index()] = value;
    }

    void set(String field, Object value) {
        set(type.need(field), value);
    }

    String id() {
        return (String) get(type.id);
    }

    boolean deleted() {
        return Boolean.TRUE.equals(get("IsDeleted"));
    }

    Instant time(String field) {
        return (Instant) get(field);
    }
}
