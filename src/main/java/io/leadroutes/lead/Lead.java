package io.leadroutes.lead;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A person and company as a source system knows them.
 *
 * @param source     system the lead came from, for example {@code salesforce}
 * @param recordId   id of the record in that system
 * @param version    version of the record; a second event with the same source, record and version is the same event
 * @param fields     the known fields of {@link #FIELDS}; a blank field is absent
 * @param attributes further attributes of the source, under their own names
 */
public record Lead(String source, String recordId, String version, Map<String, String> fields,
        Map<String, Object> attributes) {

    /** The names of the fields a lead can have, as in the API. */
    public static final List<String> FIELDS = List.of("firstName", "lastName", "email", "company", "website", "phone",
            "title", "street", "city", "state", "postalCode", "country", "ipAddress", "campaign");

    public Lead {
        Map<String, String> known = new LinkedHashMap<>();
        for (String name : FIELDS) {
            String value = fields.get(name);
            if (value != null && !value.isBlank()) {
                known.put(name, value.strip());
            }
        }
        fields = Map.copyOf(known);
        attributes = Map.copyOf(attributes);
    }

    /** A field of {@link #FIELDS}, if known. */
    public Optional<String> field(String name) {
        return Optional.ofNullable(fields.get(name));
    }

    /** The flat form of the API and of the store: field names beside {@code source}, {@code recordId}, {@code version}. */
    public Map<String, Object> toMap() {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("source", source);
        map.put("recordId", recordId);
        map.put("version", version);
        for (String name : FIELDS) {
            if (fields.containsKey(name)) {
                map.put(name, fields.get(name));
            }
        }
        if (!attributes.isEmpty()) {
            map.put("attributes", attributes);
        }
        return map;
    }

    /** Reads the flat form; unknown keys are ignored. */
    public static Lead fromMap(Map<String, ?> map) {
        Map<String, String> fields = new LinkedHashMap<>();
        for (String name : FIELDS) {
            Object value = map.get(name);
            if (value != null) {
                fields.put(name, value.toString());
            }
        }
        Map<String, Object> attributes = new LinkedHashMap<>();
        if (map.get("attributes") instanceof Map<?, ?> given) {
            given.forEach((key, value) -> {
                if (value != null) {
                    attributes.put(key.toString(), value);
                }
            });
        }
        return new Lead(text(map, "source"), text(map, "recordId"), text(map, "version"), fields, attributes);
    }

    private static String text(Map<String, ?> map, String key) {
        Object value = map.get(key);
        return value == null ? "" : value.toString();
    }
}
