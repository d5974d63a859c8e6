package io.leadroutes.flow;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonMetaSchema;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.NonValidationKeyword;
import com.networknt.schema.PathType;
import com.networknt.schema.SchemaValidatorsConfig;
import com.networknt.schema.SpecVersion;
import com.networknt.schema.ValidationMessage;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Checks the structure of a file against the schema of Camel's YAML language. */
final class SchemaCheck {

    static final String SCHEMA = "schema/camelYamlDsl.json";
    /** A value made only of a placeholder, or with one in it, gets its type when it is resolved. */
    private static final int PLACEHOLDER_ROUNDS = 20;
    private static final List<String> MOST_TELLING = List.of("additionalProperties", "enum", "type", "required",
            "maxProperties", "maxItems", "minItems");

    private final ClassLoader loader;
    /** Both are read when a text is first checked: a start with shipped files only does without. */
    private JsonNode document;
    private JsonSchema schema;

    SchemaCheck(ClassLoader loader) {
        this.loader = loader;
    }

    private synchronized JsonSchema schema() {
        if (schema == null) {
            read();
        }
        return schema;
    }

    private void read() {
        try (InputStream in = loader.getResourceAsStream(SCHEMA)) {
            if (in == null) {
                throw new IllegalStateException(SCHEMA + " is not on the class path (camel-yaml-dsl is missing)");
            }
            document = new ObjectMapper().readTree(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        SchemaValidatorsConfig config = SchemaValidatorsConfig.builder().pathType(PathType.JSON_POINTER)
                .typeLoose(true).preloadJsonSchema(false).build();
        JsonMetaSchema draft4 = JsonMetaSchema.builder(JsonMetaSchema.getV4())
                .keyword(new NonValidationKeyword("deprecated")).build();
        schema = JsonSchemaFactory.builder(JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V4))
                .metaSchema(draft4).defaultMetaSchemaIri(draft4.getIri()).build().getSchema(document, config);
    }

    /** Checks a route file. */
    void check(YamlSource source, Collection<Finding> findings) {
        check(source, source.json(), "", findings);
    }

    /** Checks the template of a Kamelet, which the schema knows as a route template. */
    void checkTemplate(YamlSource source, Collection<Finding> findings) {
        JsonNode template = source.json().at("/spec/template");
        if (!template.isObject()) {
            return;
        }
        ObjectNode copy = ((ObjectNode) template).deepCopy();
        copy.put("id", "kamelet");
        ObjectNode item = JsonNodeFactory.instance.objectNode();
        item.set("routeTemplate", copy);
        ArrayNode list = JsonNodeFactory.instance.arrayNode().add(item);
        check(source, list, "/spec/template", findings);
    }

    private void check(YamlSource source, JsonNode json, String base, Collection<Finding> findings) {
        Set<ValidationMessage> messages = schema().validate(json);
        if (messages.isEmpty()) {
            return;
        }
        JsonNode copy = json.deepCopy();
        for (int round = 0; round < PLACEHOLDER_ROUNDS && settle(copy, messages); round++) {
            messages = schema().validate(copy);
        }
        Map<String, List<ValidationMessage>> byPlace = new LinkedHashMap<>();
        for (ValidationMessage message : messages) {
            byPlace.computeIfAbsent(pointer(message), p -> new ArrayList<>()).add(message);
        }
        for (Map.Entry<String, List<ValidationMessage>> place : byPlace.entrySet()) {
            if (byPlace.keySet().stream().noneMatch(p -> p.startsWith(place.getKey() + "/"))) {
                report(source, copy, base, place.getKey(), place.getValue(), findings);
            }
        }
    }

    /** Gives each refused "{{…}}" a value of the wanted type, and takes numbers as text; true when there was one. */
    private boolean settle(JsonNode json, Set<ValidationMessage> messages) {
        boolean settled = false;
        for (ValidationMessage message : messages) {
            JsonNode value = json.at(pointer(message));
            if (message.getType().equals("type") && value.isValueNode() && !value.isNull() && !value.isTextual()
                    && message.getMessage().contains("string expected")) {
                settled |= replace(json, pointer(message), JsonNodeFactory.instance.textNode(value.asText()));
                continue;
            }
            if (!value.isTextual() || !value.textValue().contains("{{")) {
                continue;
            }
            JsonNode replacement = switch (message.getType()) {
                case "type" -> message.getMessage().contains("boolean expected") ? JsonNodeFactory.instance.booleanNode(true)
                        : JsonNodeFactory.instance.numberNode(1);
                case "enum" -> schemaAt(message).path("enum").path(0);
                default -> null;
            };
            if (replacement != null) {
                settled |= replace(json, pointer(message), replacement);
            }
        }
        return settled;
    }

    private static boolean replace(JsonNode json, String pointer, JsonNode value) {
        int slash = pointer.lastIndexOf('/');
        JsonNode parent = json.at(pointer.substring(0, slash));
        String name = pointer.substring(slash + 1).replace("~1", "/").replace("~0", "~");
        if (parent instanceof ObjectNode object) {
            object.set(name, value);
            return true;
        }
        if (parent instanceof ArrayNode array) {
            array.set(Integer.parseInt(name), value);
            return true;
        }
        return false;
    }

    private void report(YamlSource source, JsonNode json, String base, String pointer, List<ValidationMessage> messages,
            Collection<Finding> findings) {
        String place = base.isEmpty() ? pointer : base + stripFirst(stripFirst(pointer));
        JsonNode value = json.at(pointer);
        List<ValidationMessage> telling = messages.stream().filter(m -> MOST_TELLING.contains(m.getType()))
                .filter(m -> !(m.getType().equals("type") && value.isObject() && messages.size() > 1))
                .sorted(Comparator.comparingInt(m -> MOST_TELLING.indexOf(m.getType()))).toList();
        if (telling.isEmpty() || isExpressionRiddle(telling, messages)) {
            String name = name(pointer);
            Set<String> languages = new TreeSet<>();
            messages.stream().filter(m -> m.getType().equals("required")).forEach(m -> languages.add(m.getProperty()));
            List<String> odd = new ArrayList<>();
            value.fieldNames().forEachRemaining(odd::add);
            odd.removeAll(languages);
            if (name.equals("expression") && !languages.isEmpty() && odd.size() == 1) {
                findings.add(source.finding(source.keyAt(place + "/" + odd.get(0)), Code.R02,
                        "Camel has no expression language '" + odd.get(0) + "'", "Known are: " + Suggestion.list(languages),
                        Suggestion.of(odd.get(0), languages, "Use one of them")));
                return;
            }
            findings.add(source.finding(source.keyAt(place), Code.R03, "'" + name + "' has no usable expression",
                    "It needs exactly one expression in a language that Camel has",
                    "Write 'expression: {simple: {expression: \"…\"}}' below it"));
            return;
        }
        String first = telling.get(0).getType();
        Set<String> allowed = new TreeSet<>();
        telling.stream().filter(m -> m.getType().equals("additionalProperties"))
                .forEach(m -> schemaAt(m).path("properties").fieldNames().forEachRemaining(allowed::add));
        Set<String> told = new TreeSet<>();
        for (ValidationMessage message : telling) {
            if (!message.getType().equals(first)) {
                continue;
            }
            switch (first) {
                case "additionalProperties" -> {
                    if (told.add(message.getProperty()) && !value.path(message.getProperty()).isMissingNode()) {
                        findings.add(unknown(source, place, pointer, message.getProperty(), allowed));
                    }
                }
                case "required" -> {
                    if (told.add(message.getProperty())) {
                        findings.add(source.finding(source.keyAt(place), Code.R03,
                                "'" + message.getProperty() + "' is missing in '" + name(pointer) + "'",
                                "Camel cannot build the step without it", "Add '" + message.getProperty() + ":'"));
                    }
                }
                case "enum" -> {
                    if (told.isEmpty()) {
                        told.add("enum");
                        Set<String> values = new TreeSet<>();
                        schemaAt(message).path("enum").forEach(v -> values.add(v.asText()));
                        findings.add(source.finding(source.valueAt(place), Code.R04,
                                "'" + value.asText() + "' is no value of '" + name(pointer) + "'",
                                "It takes " + Suggestion.list(values),
                                Suggestion.of(value.asText(), values, "Choose one of them")));
                    }
                }
                default -> {
                    if (told.isEmpty()) {
                        told.add(first);
                        String text = message.getMessage();
                        findings.add(source.finding(source.valueAt(place), Code.R04,
                                "The value of '" + name(pointer) + "' does not fit",
                                text.substring(text.indexOf(": ") + 2), "Correct the value or its indentation"));
                    }
                }
            }
        }
    }

    /** Every branch of "one of these languages" complains that it is not the one chosen: that is one finding. */
    private static boolean isExpressionRiddle(List<ValidationMessage> telling, List<ValidationMessage> all) {
        return telling.stream().allMatch(m -> m.getType().equals("required")) && telling.stream()
                .anyMatch(m -> "simple".equals(m.getProperty())) || all.stream()
                .allMatch(m -> m.getType().equals("oneOf") || m.getType().equals("anyOf") || m.getType().equals("not"));
    }

    private Finding unknown(YamlSource source, String place, String pointer, String name, Set<String> allowed) {
        String owner = name(pointer);
        boolean step = owner.matches("\\d+");
        String kind = step ? pointer.contains("/steps/") ? "step" : "top-level element" : "option";
        String what = step ? "Camel has no " + kind + " '" + name + "'" : "'" + owner + "' has no option '" + name + "'";
        return source.finding(source.keyAt(place + "/" + name.replace("~", "~0").replace("/", "~1")), Code.R02, what,
                "Known are: " + Suggestion.list(allowed), Suggestion.of(name, allowed, "Remove or correct it"));
    }

    private JsonNode schemaAt(ValidationMessage message) {
        String fragment = message.getSchemaLocation().getFragment().toString();
        int slash = fragment.lastIndexOf('/');
        return slash < 0 ? document : document.at(fragment.substring(0, slash));
    }

    private static String pointer(ValidationMessage message) {
        return message.getInstanceLocation().toString();
    }

    private static String name(String pointer) {
        return pointer.isEmpty() ? "the file" : pointer.substring(pointer.lastIndexOf('/') + 1);
    }

    private static String stripFirst(String pointer) {
        int slash = pointer.indexOf('/', 1);
        return slash < 0 ? "" : pointer.substring(slash);
    }
}
