package io.leadroutes.lead;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.List;
import java.util.Map;

/** The JSON of the inbox columns. */
public final class LeadJson {

    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    private LeadJson() {
    }

    public static String write(Object value) {
        try {
            return MAPPER.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("not writable as JSON: " + e.getOriginalMessage(), e);
        }
    }

    /** Reads an object; a column that is null gives an empty map. */
    public static Map<String, Object> object(Object column) {
        return column == null ? Map.of() : read(column, new TypeReference<Map<String, Object>>() { });
    }

    /** Reads an array; a column that is null gives an empty list. */
    public static List<Object> array(Object column) {
        return column == null ? List.of() : read(column, new TypeReference<List<Object>>() { });
    }

    private static <T> T read(Object column, TypeReference<T> type) {
        try {
            return MAPPER.readValue(column.toString(), type);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("not readable as JSON: " + e.getOriginalMessage(), e);
        }
    }
}
