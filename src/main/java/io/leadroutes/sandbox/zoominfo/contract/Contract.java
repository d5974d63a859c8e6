package io.leadroutes.sandbox.zoominfo.contract;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/**
 * Reads {@code contract/zoominfo.openapi.yaml}, the one source of the operations of the ZoomInfo API and of their fields.
 * The document is long and the sandbox is to start at once, so only the parts that are asked for are parsed, each once.
 */
public final class Contract {

    private static final String RESOURCE = "/contract/zoominfo.openapi.yaml";
    private static final String SCHEMAS = "#/components/schemas/";
    private static final String OPERATION_ID = "      operationId: ";
    /** What the lookups list beside the criteria. */
    private static final Set<String> PAGING = Set.of("rpp", "page", "sortBy", "sortOrder");

    private final byte[] bytes;
    /** Where operations and schemas stand, by operation id and by name of the schema. */
    private final Map<String, String> operationTexts = new LinkedHashMap<>();
    private final Map<String, String> schemaTexts = new LinkedHashMap<>();
    private final Map<String, Map<?, ?>> operations = new ConcurrentHashMap<>();
    private final Map<String, Map<?, ?>> schemas = new ConcurrentHashMap<>();

    /**
     * An input or an output of an operation.
     *
     * @param name        as a request writes it
     * @param type        as the field lookups tell it: String, Integer, Long, Float, Boolean, Array or Object
     * @param description what it means
     * @param granted     false for what the documented samples show outside the subscription
     */
    public record Field(String name, String type, String description, boolean granted) {
    }

    /** Which lookup of the fields of an operation. */
    public enum Direction {
        INPUTS, OUTPUTS;

        private String key() {
            return this == INPUTS ? "x-input-fields" : "x-output-fields";
        }
    }

    private static final class Holder {

        private static final Contract CONTRACT = new Contract();
    }

    private Contract() {
        try (InputStream in = Contract.class.getResourceAsStream(RESOURCE)) {
            bytes = in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        divide(new String(bytes, StandardCharsets.UTF_8));
    }

    /** Finds the blocks of operations and schemas by their indentation: both are four spaces in. */
    private void divide(String text) {
        String top = "";
        String second = "";
        int from = 0;
        int blockStart = 0;
        while (from < text.length()) {
            int end = text.indexOf('\n', from) + 1;
            end = end == 0 ? text.length() : end;
            int indent = indent(text, from);
            if (indent <= 4 && text.charAt(from + indent) > ' ') {
                block(top, second, text.substring(blockStart, from));
                blockStart = from;
                String key = text.substring(from + indent, end).strip();
                top = indent == 0 ? key : top;
                second = indent == 2 ? key : second;
            }
            from = end;
        }
        block(top, second, text.substring(blockStart));
    }

    private void block(String top, String second, String block) {
        if (indent(block, 0) != 4) {
            return;
        }
        if (top.equals("paths:")) {
            int id = block.indexOf(OPERATION_ID);
            operationTexts.put(block.substring(id + OPERATION_ID.length(), block.indexOf('\n', id)).strip(), block);
        } else if (top.equals("components:") && second.equals("schemas:")) {
            schemaTexts.put(block.substring(4, block.indexOf(':')), block);
        }
    }

    private static int indent(String text, int from) {
        int at = from;
        while (at < text.length() - 1 && text.charAt(at) == ' ') {
            at++;
        }
        return at - from;
    }

    private static Map<?, ?> parsed(String block) {
        Map<?, ?> one = map(new Load(LoadSettings.builder().setLabel(RESOURCE).build()).loadFromString(block));
        return map(one.values().iterator().next());
    }

    /** The contract. */
    public static Contract get() {
        return Holder.CONTRACT;
    }

    /** The document as it stands, in YAML. */
    public byte[] document() {
        return bytes.clone();
    }

    /** All operation ids, in the order of the document. */
    public Set<String> operationIds() {
        return Collections.unmodifiableSet(operationTexts.keySet());
    }

    /**
     * The operation of a field lookup.
     *
     * @param object what the lookup calls the object, as {@code contact}
     * @param kind   {@code search} or {@code enrich}
     */
    public Optional<String> operation(String object, String kind) {
        String id = object.equals("compliance") && kind.equals("enrich") ? object : kind + "-" + object;
        return Optional.of(id).filter(operationTexts::containsKey)
                .filter(known -> object.equals(operation(known).get("x-object")));
    }

    /** The fields that the lookup lists; empty where there is no such lookup. */
    public List<Field> fields(String operationId, Direction direction) {
        if (direction == Direction.OUTPUTS && Boolean.TRUE.equals(operation(operationId).get("x-no-output-lookup"))) {
            return List.of();
        }
        return fields(operationId, direction, false);
    }

    /**
     * The inputs that an operation takes with their types, as {@link Field#type()} has them; without page and order, but with
     * those that no lookup lists.
     */
    public Map<String, String> inputTypes(String operationId) {
        Map<String, String> types = new LinkedHashMap<>();
        fields(operationId, Direction.INPUTS, true).stream().filter(field -> !PAGING.contains(field.name()))
                .forEach(field -> types.put(field.name(), field.type()));
        return Collections.unmodifiableMap(types);
    }

    private List<Field> fields(String operationId, Direction direction, boolean withUnlisted) {
        Map<String, Field> fields = new LinkedHashMap<>();
        for (Object each : list(operation(operationId).get(direction.key()))) {
            Map<?, ?> set = map(each);
            String prefix = set.containsKey("prefix") ? text(set, "prefix") : "";
            List<?> left = list(set.get("except"));
            List<?> unlisted = withUnlisted ? List.of() : list(set.get("unlisted"));
            map(resolved(set)).forEach((name, schema) -> {
                if (!left.contains(name) && !unlisted.contains(name)) {
                    String whole = prefixed(prefix, name.toString());
                    fields.putIfAbsent(whole, field(whole, map(schema)));
                }
            });
        }
        return List.copyOf(fields.values());
    }

    /** What an operation sorts by; empty where there is no choice. */
    public Set<String> sortFields(String operationId) {
        Object fields = operation(operationId).get("x-sort-fields");
        Object values = fields instanceof Map<?, ?> ? resolved(fields) : fields;
        List<String> names = new ArrayList<>();
        list(values).forEach(value -> names.add(value.toString()));
        return Set.copyOf(names);
    }

    /** Whether the lookup of these fields tells what the subscription covers. */
    public boolean tellsAccess(String operationId, Direction direction) {
        return list(operation(operationId).get("x-tells-access")).contains(direction == Direction.INPUTS ? "inputs" : "outputs");
    }

    private Map<?, ?> operation(String operationId) {
        if (!operationTexts.containsKey(operationId)) {
            throw new IllegalArgumentException("no operation " + operationId + " in " + RESOURCE);
        }
        return operations.computeIfAbsent(operationId, id -> parsed(operationTexts.get(id)));
    }

    private Field field(String name, Map<?, ?> schema) {
        Map<?, ?> full = schema.containsKey("$ref") ? map(resolved(schema)) : schema;
        Object type = full.get("type");
        String first = type instanceof List<?> several ? several.get(0).toString() : type.toString();
        return new Field(name, switch (first) {
            case "integer" -> "int64".equals(full.get("format")) ? "Long" : "Integer";
            case "number" -> "Float";
            case "boolean" -> "Boolean";
            case "array" -> "Array";
            case "object" -> "Object";
            default -> "String";
        }, text(schema.containsKey("description") ? schema : full, "description"), !Boolean.FALSE.equals(schema.get("x-granted")));
    }

    private Object resolved(Object reference) {
        String pointer = text(map(reference), "$ref");
        if (!pointer.startsWith(SCHEMAS)) {
            throw new IllegalStateException("not a schema in " + RESOURCE + ": " + pointer);
        }
        String[] parts = pointer.substring(SCHEMAS.length()).split("/");
        Object at = schemas.computeIfAbsent(parts[0], name -> parsed(schemaTexts.get(name)));
        for (int i = 1; i < parts.length; i++) {
            at = map(at).get(parts[i]);
        }
        return at;
    }

    private static String prefixed(String prefix, String name) {
        return prefix.isEmpty() ? name : prefix + Character.toUpperCase(name.charAt(0)) + name.substring(1);
    }

    private static Map<?, ?> map(Object value) {
        if (value instanceof Map<?, ?> map) {
            return map;
        }
        throw new IllegalStateException("not a map in " + RESOURCE + ": " + value);
    }

    private static List<?> list(Object value) {
        return value == null ? List.of() : (List<?>) value;
    }

    private static String text(Map<?, ?> map, String key) {
        return String.valueOf(map.get(key)).strip();
    }
}
