package io.leadroutes.contract;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonMetaSchema;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.NonValidationKeyword;
import com.networknt.schema.SchemaValidatorsConfig;
import com.networknt.schema.SpecVersion.VersionFlag;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** The contract document as a whole, with its schemas as JSON Schema 2020-12, the dialect of OpenAPI 3.1. */
final class ContractDocument {

    private static final String RESOURCE = "/contract/zoominfo.openapi.yaml";
    private static final Set<String> METHODS = Set.of("get", "post", "put", "delete", "patch");
    private static final ObjectMapper JSON = new ObjectMapper();

    private final ObjectNode root;
    /** What OpenAPI writes beside JSON Schema says nothing about a value. */
    private final JsonSchemaFactory factory = JsonSchemaFactory.getInstance(VersionFlag.V202012, builder -> builder.metaSchema(
            JsonMetaSchema.builder(JsonMetaSchema.getV202012())
                    .unknownKeywordFactory((name, context) -> new NonValidationKeyword(name)).build()));
    private final SchemaValidatorsConfig config = SchemaValidatorsConfig.builder().formatAssertionsEnabled(true).build();
    private final Map<String, JsonSchema> schemas = new HashMap<>();

    /**
     * One operation.
     *
     * @param method  in upper case
     * @param pointer JSON pointer of its node
     */
    record Operation(String id, String method, String path, String pointer, JsonNode node) {

        String tier() {
            return node.path("x-tier").asText();
        }

        /** The Kamelet that calls it. */
        String kamelet() {
            return node.path("x-kamelet").asText("zoominfo-" + id + "-action");
        }

        /** Whether it answers calls of this path, the parameters filled in. */
        boolean covers(String callMethod, String callPath) {
            return method.equals(callMethod) && callPath.matches(path.replaceAll("\\{\\w+}", "[^/]+"));
        }
    }

    ContractDocument() {
        try (InputStream in = ContractDocument.class.getResourceAsStream(RESOURCE)) {
            root = JSON.valueToTree(new Load(LoadSettings.builder().setLabel(RESOURCE).build()).loadFromInputStream(in));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    JsonNode root() {
        return root;
    }

    JsonNode at(String pointer) {
        return root.at(pointer);
    }

    List<Operation> operations() {
        List<Operation> operations = new ArrayList<>();
        root.path("paths").properties().forEach(path -> path.getValue().properties().stream()
                .filter(entry -> METHODS.contains(entry.getKey()))
                .forEach(entry -> operations.add(new Operation(entry.getValue().path("operationId").asText(),
                        entry.getKey().toUpperCase(Locale.ROOT), path.getKey(),
                        "/paths/" + escaped(path.getKey()) + "/" + entry.getKey(), entry.getValue()))));
        return operations;
    }

    Operation operation(String id) {
        return operations().stream().filter(operation -> operation.id().equals(id)).findFirst().orElseThrow();
    }

    /** The operation that answers a call; of several, the one that names its path without a parameter. */
    Optional<Operation> operation(String method, String path) {
        return operations().stream().filter(operation -> operation.covers(method, path))
                .min(Comparator.comparingInt(operation -> operation.path().split("\\{", -1).length));
    }

    /** The pointer of a response of an operation, where it stands, be it shared. */
    Optional<String> response(Operation operation, int status) {
        String pointer = operation.pointer() + "/responses/" + status;
        JsonNode response = root.at(pointer);
        if (response.isMissingNode()) {
            return Optional.empty();
        }
        return Optional.of(response.has("$ref") ? response.path("$ref").asText().substring(1) : pointer);
    }

    /** The names of headers that a response must have. */
    Set<String> headers(String responsePointer) {
        Set<String> names = new TreeSet<>();
        root.at("/components/x-header-sets/" + root.at(responsePointer + "/x-headers").asText())
                .forEach(name -> names.add(name.asText()));
        return names;
    }

    /** What is wrong with a value, in words; empty if it fits the schema at the pointer. */
    List<String> violations(String schemaPointer, JsonNode value) {
        JsonSchema schema = schemas.computeIfAbsent(schemaPointer, pointer -> {
            ObjectNode whole = root.objectNode().put("$schema", "https://json-schema.org/draft/2020-12/schema");
            whole.setAll(root);
            whole.put("$ref", "#" + pointer);
            return factory.getSchema(whole, config);
        });
        return schema.validate(value).stream().map(message -> message.getInstanceLocation() + " " + message.getMessage())
                .sorted().collect(Collectors.toList());
    }

    static String escaped(String key) {
        return key.replace("~", "~0").replace("/", "~1");
    }
}
