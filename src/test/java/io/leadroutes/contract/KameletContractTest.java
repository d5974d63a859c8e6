package io.leadroutes.contract;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.leadroutes.contract.ContractDocument.Operation;
import io.leadroutes.sandbox.zoominfo.contract.Contract;
import io.leadroutes.sandbox.zoominfo.contract.Contract.Direction;
import io.leadroutes.sandbox.zoominfo.contract.Contract.Field;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** The Kamelets of the repository against the contract. */
class KameletContractTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final ContractDocument DOCUMENT = new ContractDocument();
    /** Kamelet properties that are called otherwise than the field of the request. */
    private static final Map<String, String> FIELDS = Map.of("resultsPerPage", "rpp");
    private static final Map<String, JsonNode> KAMELETS = new TreeMap<>();

    @BeforeAll
    static void read() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("routes/kamelets"))) {
            for (Path file : files.filter(path -> path.getFileName().toString().startsWith("zoominfo-")).toList()) {
                try (InputStream in = Files.newInputStream(file)) {
                    KAMELETS.put(file.getFileName().toString().replace(".kamelet.yaml", ""),
                            JSON.valueToTree(new Load(LoadSettings.builder().build()).loadFromInputStream(in)));
                }
            }
        }
    }

    private static List<Operation> called() {
        return DOCUMENT.operations().stream().filter(operation -> !operation.tier().equals("auth")).toList();
    }

    @Test
    void everyOperationHasOneKameletAndEveryKameletAnOperation() {
        assertThat(KAMELETS.keySet()).isEqualTo(called().stream().map(Operation::kamelet)
                .collect(Collectors.toCollection(TreeSet::new)));
        KAMELETS.forEach((file, kamelet) -> assertThat(kamelet.at("/metadata/name").asText()).isEqualTo(file));
        assertThat(called().stream().filter(operation -> !operation.kamelet().contains("lookup-enumeration"))
                .map(Operation::kamelet)).doesNotHaveDuplicates();
    }

    @Test
    void methodPathAndTierAreThoseOfTheOperation() {
        for (Operation operation : called()) {
            List<JsonNode> steps = new ArrayList<>();
            collect(KAMELETS.get(operation.kamelet()).at("/spec/template"), steps);
            assertThat(header(steps, "CamelHttpMethod")).as(operation.id()).isEqualTo(operation.method());
            String path = header(steps, "CamelHttpPath").replaceAll("\\{\\{\\w+}}", "{x}");
            String pattern = Arrays.stream(path.split("\\{\\w+}", -1)).map(Pattern::quote)
                    .collect(Collectors.joining(operation.kamelet().contains("enumeration") ? ".+" : "[^/]+"));
            assertThat(operation.path()).as(operation.id()).matches(pattern);
            assertThat(steps.stream().map(step -> step.at("/to/uri").asText(step.path("to").asText()))
                    .filter(uri -> !uri.isEmpty()).collect(Collectors.toSet())).as(operation.id())
                    .containsExactly("direct:zoominfo-" + operation.tier());
        }
    }

    @Test
    void propertiesAgreeInDefaultsAndChoices() {
        Set<String> compared = new TreeSet<>();
        for (Operation operation : called()) {
            KAMELETS.get(operation.kamelet()).at("/spec/definition/properties").properties().forEach(property -> {
                String name = FIELDS.getOrDefault(property.getKey(), property.getKey());
                field(operation, name).ifPresent(schema -> {
                    compared.add(operation.id() + " " + name);
                    agrees(operation.id() + " " + property.getKey(), property.getValue(), schema);
                });
            });
        }
        assertThat(compared).contains("search-contact rpp", "search-contact page", "search-contact sortBy",
                "search-contact sortOrder", "enrich-news limit", "enrich-contact outputFields", "enrich-contact requiredFields",
                "bulk-search-contact jobType", "lookup-outputfields object", "enrich-intent findRecommendedContacts");
    }

    private static void agrees(String what, JsonNode property, JsonNode schema) {
        if (schema.has("default") && property.has("default") && !property.path("default").asText().isEmpty()) {
            assertThat(property.path("default")).as(what + " default").isEqualTo(schema.path("default"));
        }
        Set<String> allowed = texts(schema.path("enum"));
        if (!allowed.isEmpty()) {
            Set<String> offered = texts(property.path("enum"));
            offered.remove("");
            if (!offered.isEmpty()) {
                assertThat(offered).as(what + " enum").isEqualTo(allowed);
            }
            assertThat(allowed).as(what + " example").contains(property.path("example").asText());
            if (!property.path("default").asText().isEmpty()) {
                assertThat(allowed).as(what + " default").contains(property.path("default").asText());
            }
        }
        if (schema.has("maximum")) {
            assertThat(property.path("description").asText()).as(what + " limit").contains(schema.path("maximum").asText());
        }
    }

    @Test
    void outputFieldsByDefaultAreFieldsOfTheOperation() {
        Contract contract = Contract.get();
        int compared = 0;
        for (Operation operation : called()) {
            JsonNode property = KAMELETS.get(operation.kamelet()).at("/spec/definition/properties/outputFields");
            if (!property.isMissingNode()) {
                String source = operation.id().replaceFirst("^bulk-(search|enrich)-", "enrich-");
                Set<String> known = contract.fields(source, Direction.OUTPUTS).stream().map(Field::name)
                        .collect(Collectors.toSet());
                assertThat(known).as(operation.id()).containsAll(csv(property.path("default").asText()))
                        .containsAll(csv(property.path("example").asText()));
                compared++;
            }
        }
        assertThat(compared).isGreaterThanOrEqualTo(8);
    }

    private static List<String> csv(String text) {
        return Stream.of(text.split(",")).map(String::strip).filter(name -> !name.isEmpty()).toList();
    }

    /** The schema of a field of the request: of the body, or of a parameter. */
    private static Optional<JsonNode> field(Operation operation, String name) {
        for (JsonNode parameter : operation.node().path("parameters")) {
            if (parameter.path("name").asText().equals(name)) {
                return Optional.of(parameter.path("schema"));
            }
        }
        return field(operation.node().at("/requestBody/content/application~1json/schema"), name);
    }

    private static Optional<JsonNode> field(JsonNode schema, String name) {
        JsonNode full = resolved(schema);
        if (full.path("properties").has(name)) {
            return Optional.of(resolved(full.path("properties").path(name)));
        }
        for (JsonNode part : full.path("allOf")) {
            Optional<JsonNode> found = field(part, name);
            if (found.isPresent()) {
                return found;
            }
        }
        return Optional.empty();
    }

    private static JsonNode resolved(JsonNode schema) {
        return schema.has("$ref") ? DOCUMENT.at(schema.path("$ref").asText().substring(1)) : schema;
    }

    private static Set<String> texts(JsonNode array) {
        Set<String> texts = new TreeSet<>();
        array.forEach(item -> texts.add(item.asText()));
        return texts;
    }

    private static String header(List<JsonNode> steps, String name) {
        return steps.stream().map(step -> step.path("setHeader")).filter(header -> header.path("name").asText().equals(name))
                .map(header -> header.at("/expression/constant/expression").asText()).findFirst().orElse("");
    }

    private static void collect(JsonNode node, List<JsonNode> steps) {
        node.path("steps").forEach(steps::add);
        node.forEach(child -> collect(child, steps));
    }
}
