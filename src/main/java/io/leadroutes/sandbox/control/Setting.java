package io.leadroutes.sandbox.control;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Optional;
import java.util.function.Function;

/** One setting: its value now, its initial value, and how a new one is read. Reading it costs one volatile read. */
public final class Setting<T> {

    private final String key;
    private final JsonNode initialJson;
    private final T initial;
    private final Function<JsonNode, T> reader;
    private volatile T value;
    private volatile JsonNode json;

    private final Optional<Runnable> act;

    Setting(String key, JsonNode initialJson, Function<JsonNode, T> reader) {
        this(key, initialJson, reader, null);
    }

    /** With an act, the setting keeps no value: a change that differs from the initial value runs the act. */
    Setting(String key, JsonNode initialJson, Function<JsonNode, T> reader, Runnable act) {
        this.act = Optional.ofNullable(act);
        this.key = key;
        this.initialJson = initialJson;
        this.reader = reader;
        this.initial = reader.apply(initialJson);
        this.value = initial;
        this.json = initialJson;
    }

    /** The value in force. */
    public T get() {
        return value;
    }

    String key() {
        return key;
    }

    JsonNode json() {
        return json;
    }

    void reset() {
        value = initial;
        json = initialJson;
    }

    /** Reads a new value without putting it in force; throws {@link SettingException} if it is of no use. */
    Runnable prepare(JsonNode change) {
        T read;
        try {
            read = reader.apply(change);
        } catch (SettingException e) {
            throw new SettingException("setting '" + key + "': " + e.getMessage());
        }
        if (act.isPresent()) {
            return read.equals(initial) ? () -> { } : act.get();
        }
        return () -> {
            value = read;
            json = change;
        };
    }
}
