package io.leadroutes.contract;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SpecVersion.VersionFlag;
import io.leadroutes.contract.ContractDocument.Operation;
import io.leadroutes.sandbox.zoominfo.contract.Contract;
import io.leadroutes.sandbox.zoominfo.contract.Contract.Direction;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ContractDocumentTest {

    private static final ContractDocument DOCUMENT = new ContractDocument();

    @Test
    void isAnOpenApiDocumentWhoseReferencesAllLead() {
        JsonNode root = DOCUMENT.root();
        assertThat(root.path("openapi").asText()).startsWith("3.1.");
        assertThat(root.at("/info/title").asText()).isNotBlank();
        assertThat(root.at("/info/version").asText()).isNotBlank();
        walk("", root, (pointer, node) -> {
            if (node.path("$ref").isTextual()) {
                String reference = node.path("$ref").asText();
                assertThat(reference).as(pointer).startsWith("#/");
                assertThat(root.at(reference.substring(1)).isMissingNode()).as(pointer + " → " + reference).isFalse();
            }
        });
        List<String> ids = DOCUMENT.operations().stream().map(Operation::id).toList();
        assertThat(ids).doesNotHaveDuplicates().allMatch(id -> id.matches("[a-z]+(-[a-z]+)*"));
        Set<String> tags = new HashSet<>();
        root.path("tags").forEach(tag -> tags.add(tag.path("name").asText()));
        for (Operation operation : DOCUMENT.operations()) {
            JsonNode node = operation.node();
            assertThat(node.path("summary").asText()).as(operation.id()).isNotBlank();
            assertThat(node.path("description").asText()).as(operation.id()).isNotBlank();
            node.path("tags").forEach(tag -> assertThat(tags).contains(tag.asText()));
            Set<String> declared = new TreeSet<>();
            node.path("parameters").forEach(parameter -> {
                assertThat(parameter.path("schema").isObject()).as(operation.id()).isTrue();
                if (parameter.path("in").asText().equals("path")) {
                    assertThat(parameter.path("required").asBoolean()).as(operation.id()).isTrue();
                    declared.add(parameter.path("name").asText());
                }
            });
            assertThat(declared).as(operation.id()).isEqualTo(parametersOf(operation.path()));
            node.path("responses").properties().forEach(response -> assertThat(DOCUMENT.at(DOCUMENT.response(operation,
                    Integer.parseInt(response.getKey())).orElseThrow()).path("description").asText())
                    .as(operation.id() + " " + response.getKey()).isNotBlank());
        }
    }

    @Test
    void schemasAreJsonSchemas() {
        JsonSchema meta = JsonSchemaFactory.getInstance(VersionFlag.V202012)
                .getSchema(SchemaLocation.of("https://json-schema.org/draft/2020-12/schema"));
        DOCUMENT.at("/components/schemas").properties().forEach(schema ->
                assertThat(meta.validate(schema.getValue())).as(schema.getKey()).isEmpty());
    }

    @Test
    void everyOperationTellsTierMeterCostRequestAndResponse() {
        for (Operation operation : DOCUMENT.operations()) {
            JsonNode node = operation.node();
            assertThat(operation.tier()).as(operation.id()).isIn("auth", "standard", "scaling");
            assertThat(node.path("x-meter").asText()).as(operation.id()).isIn("none", "requests", "websights");
            assertThat(node.path("x-cost").properties()).as(operation.id()).extracting(Map.Entry::getKey)
                    .containsExactly("requests", "records", "credits");
            boolean sends = operation.method().equals("POST") && !operation.path().endsWith("/token")
                    || operation.method().equals("PUT");
            assertThat(node.path("requestBody").has("content")).as(operation.id()).isEqualTo(sends);
            String good = DOCUMENT.response(operation, 200).orElseThrow();
            assertThat(DOCUMENT.at(good + "/content/application~1json/schema").isObject()).as(operation.id()).isTrue();
            assertThat(DOCUMENT.at(good + "/content/application~1json").has("example")).as(operation.id()).isTrue();
            for (int status : new int[] {401, 429, 500}) {
                assertThat(DOCUMENT.response(operation, status)).as(operation.id() + " " + status).isPresent();
            }
        }
    }

    @Test
    void examplesFitTheirSchemas() {
        List<String> wrong = new ArrayList<>();
        int[] count = {0};
        walk("", DOCUMENT.root(), (pointer, node) -> {
            if (pointer.matches(".*/content/[^/]+") && !pointer.contains("/schemas/")) {
                if (node.has("example")) {
                    count[0]++;
                    check(pointer, "example", node.path("example"), wrong);
                }
                node.path("examples").properties().forEach(example -> {
                    count[0]++;
                    check(pointer, example.getKey(), example.getValue().path("value"), wrong);
                });
            }
        });
        assertThat(wrong).isEmpty();
        assertThat(count[0]).isGreaterThan(100);
    }

    private static void check(String pointer, String name, JsonNode example, List<String> wrong) {
        DOCUMENT.violations(pointer + "/schema", example).forEach(found -> wrong.add(pointer + " " + name + ": " + found));
    }

    @Test
    void tiersAndLimitsAreThoseOfTheConfiguration() throws IOException {
        Properties configuration = new Properties();
        try (Reader in = Files.newBufferedReader(Path.of("application.properties"))) {
            configuration.load(in);
        }
        for (String tier : List.of("auth", "standard", "scaling")) {
            assertThat(configuration.getProperty("zoominfo.tier." + tier + ".requests-per-second")).as(tier)
                    .isEqualTo(DOCUMENT.at("/x-rate-limits/" + tier + "/per-second").asText());
            assertThat(configuration.getProperty("zoominfo.tier." + tier + ".requests-per-minute")).as(tier)
                    .isEqualTo(DOCUMENT.at("/x-rate-limits/" + tier + "/per-minute").asText());
        }
    }

    @Test
    void everyPathOfTheOverviewIsThere() {
        Set<String> expected = new TreeSet<>(Set.of("POST /authenticate", "POST /compliance", "GET /lookup/usage",
                "GET /lookup/inputfields/{object}/{operation}", "GET /lookup/outputfields/{object}/{operation}",
                "GET /lookup/{enumeration}", "GET /lookup/tech/{list}", "GET /lookup/hashtag", "GET /lookup/intent/topics",
                "GET /lookup/news/categories", "POST /webhooks", "GET /webhooks", "GET /webhooks/{id}", "PUT /webhooks/{id}",
                "DELETE /webhooks/{id}", "POST /webhooks/validate", "POST /webhooks/{id}/token",
                "GET /webhooks/subscriptiontypes", "POST /bulk/search/contact", "POST /bulk/search/company",
                "POST /bulk/enrich/contact", "POST /bulk/enrich/company", "POST /bulk/job/status", "POST /bulk/job/results"));
        Stream.of("contact", "company", "scoop", "news", "intent").forEach(name -> expected.add("POST /search/" + name));
        Stream.of("contact", "company", "company-master", "orgchart", "corporatehierarchy", "location", "tech", "hashtag",
                "intent", "news", "scoop", "ip").forEach(name -> expected.add("POST /enrich/" + name));
        assertThat(DOCUMENT.operations().stream().map(operation -> operation.method() + " " + operation.path()))
                .containsExactlyInAnyOrderElementsOf(expected);
        Set<String> enumerations = new TreeSet<>();
        DOCUMENT.operation("lookup-enumeration").node().at("/parameters/0/schema/enum")
                .forEach(name -> enumerations.add(name.asText()));
        DOCUMENT.operation("lookup-enumeration-tech").node().at("/parameters/0/schema/enum")
                .forEach(name -> enumerations.add("tech/" + name.asText()));
        enumerations.addAll(List.of("hashtag", "intent/topics", "news/categories", "usage"));
        assertThat(enumerations).as("the enumerations and usage").hasSize(33);
    }

    @Test
    void fieldTablesHaveTheSizesThatZoomInfoPublishes() {
        // Collected facts §5 to §7: criteria without page and order, inputs and outputs of the lookups.
        Map<String, Integer> criteria = Map.of("search-contact", 83, "search-company", 58, "search-scoop", 77,
                "search-news", 4, "search-intent", 47, "enrich-company", 12, "compliance", 11);
        Contract contract = Contract.get();
        criteria.forEach((id, size) -> assertThat(contract.inputTypes(id)).as(id).hasSize(size));
        Map.of("search-contact", 26, "search-company", 2, "search-scoop", 12, "search-intent", 11, "enrich-company-master", 200,
                "enrich-orgchart", 15, "enrich-location", 10, "enrich-ip", 13, "compliance", 17)
                .forEach((id, size) -> assertThat(contract.fields(id, Direction.OUTPUTS)).as(id).hasSize(size));
        assertThat(contract.sortFields("search-contact")).containsExactlyInAnyOrder("contactAccuracyScore", "lastName",
                "companyName", "hierarchy", "sourceCount", "lastMentioned", "relevance");
    }

    /** The overview's table of common errors, by status. */
    @Test
    void everyCommonErrorOfTheOverviewStandsUnderItsStatus() {
        Map<String, Set<String>> told = new TreeMap<>();
        DOCUMENT.operations().forEach(operation -> operation.node().path("responses").properties().forEach(response ->
                DOCUMENT.at(DOCUMENT.response(operation, Integer.parseInt(response.getKey())).orElseThrow()
                        + "/content/application~1json/examples").forEach(example -> {
                            if (!example.has("summary")) {
                                told.computeIfAbsent(response.getKey(), status -> new TreeSet<>())
                                        .add(example.at("/value/error").asText());
                            }
                        })));
        String tail = " Please try again and if this continues to occur, please contact us and reference the error id provided "
                + "above";
        String used = "You have used up all of your allowed ";
        assertThat(told).containsOnlyKeys("400", "401", "403", "429", "500");
        assertThat(told.get("400")).containsExactlyInAnyOrder("Exceeded the max limit to enrich new Contacts or Companies",
                "Missing outputFields parameter", "No roles found for login", "Page number (page) is not a number",
                "Page number (page) requested is greater than the available results", "Request body has malformed JSON",
                "Results per page (rpp) is not a number", "Results per page (rpp) is over max allowed value (100)",
                "The parameter passed for sortBy is invalid", "There are invalid fields in your request",
                "There is insufficient information for this request",
                "Total record pagination is over max allowed value (1000)");
        assertThat(told.get("401")).containsExactly("Authentication failed");
        assertThat(told.get("403")).containsExactlyInAnyOrder("There are fields that are not allowed under your subscription",
                "You do not have access to the enrich endpoint", "You do not have access to the search endpoint",
                "You do not have access to this endpoint", used + "request limit", used + "request limit for WebSights API",
                used + "record limit", used + "record limit for WebSights API",
                "You do not have permission to access the ZoomInfo API");
        assertThat(told.get("429")).containsExactly("You have exceeded your API query rate limit. Please decrease the "
                + "frequency of your API requests");
        assertThat(told.get("500")).containsExactlyInAnyOrder("An unexpected error has occurred." + tail,
                "Search failed." + tail);
    }

    private static Set<String> parametersOf(String path) {
        Matcher matcher = Pattern.compile("\\{(\\w+)}").matcher(path);
        return matcher.results().map(result -> result.group(1)).collect(Collectors.toCollection(TreeSet::new));
    }

    private static void walk(String pointer, JsonNode node, BiConsumer<String, JsonNode> visitor) {
        visitor.accept(pointer, node);
        if (node.isObject()) {
            node.properties().forEach(entry ->
                    walk(pointer + "/" + ContractDocument.escaped(entry.getKey()), entry.getValue(), visitor));
        } else {
            for (int i = 0; i < node.size(); i++) {
                walk(pointer + "/" + i, node.get(i), visitor);
            }
        }
    }
}
