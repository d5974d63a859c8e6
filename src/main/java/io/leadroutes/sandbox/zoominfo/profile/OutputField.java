package io.leadroutes.sandbox.zoominfo.profile;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;

/**
 * A field that can be asked for.
 *
 * @param name as ZoomInfo writes it
 * @param key under which its value comes back
 * @param type as the field lookup tells it: String, Long, Integer, Boolean, Array or Object
 * @param writer writes the value; an unknown value is {@code ""} or {@code []}, never null
 */
public record OutputField<T>(String name, String key, String type, Writer<T> writer) {

    /** Writes the value of one field. */
    public interface Writer<T> {

        void write(JsonGenerator out, T subject) throws IOException;
    }

    /** Gives the text of a field. */
    public interface Text<T> {

        String of(T subject);
    }

    public static <T> OutputField<T> text(String name, Text<T> text) {
        return new OutputField<>(name, name, "String", (out, subject) -> out.writeString(text.of(subject)));
    }

    public OutputField<T> as(String otherKey) {
        return new OutputField<>(name, otherKey, type, writer);
    }

    /** What stands where nothing is known. */
    public void writeNothing(JsonGenerator out) throws IOException {
        if (type.equals("Array")) {
            out.writeStartArray();
            out.writeEndArray();
        } else {
            out.writeString("");
        }
    }
}
