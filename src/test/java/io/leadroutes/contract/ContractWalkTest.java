package io.leadroutes.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.leadroutes.contract.ContractDocument.Operation;
import io.leadroutes.sandbox.SandboxClient;
import io.leadroutes.sandbox.control.SandboxTime;
import io.leadroutes.sandbox.world.Company;
import io.leadroutes.sandbox.world.Person;
import io.leadroutes.sandbox.world.World;
import io.leadroutes.sandbox.zoominfo.ZoomInfoServer;
import io.leadroutes.sandbox.zoominfo.account.Tokens;
import io.leadroutes.zoominfo.FakeZoomInfo;
import io.leadroutes.zoominfo.FakeZoomInfo.Answer;
import io.leadroutes.zoominfo.FakeZoomInfo.Call;
import io.leadroutes.zoominfo.ZoomInfoRig;
import io.leadroutes.zoominfo.pacing.PacingFixture;
import io.leadroutes.zoominfo.token.TokenFixture;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.apache.camel.Exchange;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Calls every operation of the contract through its Kamelet against the sandbox. What goes over the wire in between is
 * recorded, and each request and each answer is held against the document.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ContractWalkTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final ContractDocument DOCUMENT = new ContractDocument();
    private static final World WORLD = World.of(42);
    /** Headers that belong to one connection. */
    private static final Set<String> OF_THE_CONNECTION = Set.of("connection", "content-length", "host", "transfer-encoding",
            "upgrade", "http2-settings", "date", "keep-alive", "expect");

    /** A call and its answer as they went over the wire. */
    private record Passed(Call call, int status, Map<String, String> headers, String body) {
    }

    /**
     * One call of the walk.
     *
     * @param operation id in the document
     * @param kamelet   name of the Kamelet without its ends, with its properties
     * @param body      what goes in
     * @param filled    JSON pointer of what the answer must hold, so that its schema is tried
     */
    private record Step(String operation, String kamelet, Object body, String filled) {
    }

    private final List<Passed> passed = Collections.synchronizedList(new ArrayList<>());
    private final HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    /** Ids that earlier steps brought. */
    private final Map<String, String> brought = new HashMap<>();
    private ZoomInfoServer sandbox;
    private SandboxClient client;
    private FakeZoomInfo target;
    private ZoomInfoRig rig;

    @BeforeAll
    void start() throws Exception {
        sandbox = ZoomInfoServer.start("127.0.0.1", 0, WORLD, 42, SandboxTime.system());
        client = new SandboxClient(sandbox.port());
        client.settings("{\"limits\":{\"enforced\":false},\"bulk\":{\"pageMillis\":0,"
                + "\"newJobsPerSecond\":0}}");
        target = new FakeZoomInfo();
        rig = new ZoomInfoRig(PacingFixture.memory(), "0", Tokens.USERNAME, Tokens.PASSWORD);
        rig.zoomInfo.behave(this::pass);
    }

    @AfterAll
    void stop() throws Exception {
        rig.close();
        target.close();
        sandbox.close();
    }

    /** Hands a call to the sandbox and notes what it answers. */
    private Answer pass(Call call) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + sandbox.port() + call.uri()))
                .method(call.method(), call.body().isEmpty() && call.method().equals("GET")
                        ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofString(call.body()));
        call.headers().forEach((name, value) -> {
            if (!OF_THE_CONNECTION.contains(name.toLowerCase(Locale.ROOT))) {
                request.header(name, value);
            }
        });
        try {
            HttpResponse<String> answer = http.send(request.build(), HttpResponse.BodyHandlers.ofString());
            Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
            answer.headers().map().forEach((name, values) -> {
                if (!OF_THE_CONNECTION.contains(name.toLowerCase(Locale.ROOT))) {
                    headers.put(name, String.join(",", values));
                }
            });
            passed.add(new Passed(call, answer.statusCode(), headers, answer.body()));
            return new Answer(answer.statusCode(), answer.body(), headers);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    @TestFactory
    Stream<DynamicTest> everyOperationThroughItsKamelet() {
        List<DynamicTest> tests = new ArrayList<>();
        steps().forEach((name, step) -> tests.add(DynamicTest.dynamicTest(name, () -> take(step.get()))));
        tests.add(DynamicTest.dynamicTest("none is left out", () -> {
            Set<String> all = new TreeSet<>();
            DOCUMENT.operations().forEach(operation -> all.add(operation.id()));
            Set<String> answered = new TreeSet<>();
            passed.stream().filter(one -> one.status == 200).forEach(one -> answered.add(operation(one.call).id()));
            assertThat(answered).isEqualTo(all);
        }));
        return tests.stream();
    }

    private void take(Step step) throws IOException {
        // So that no look-up is answered from memory.
        rig.clock.advance(Duration.ofDays(2));
        int before = passed.size();
        long requestsBefore = client.stats().at("/usage/requests").asLong();
        Exchange exchange = rig.send("kamelet:" + step.kamelet.replaceFirst("^[^?]*", "zoominfo-$0-action"), step.body);

        List<Passed> calls = List.copyOf(passed.subList(before, passed.size()));
        List<String> wrong = new ArrayList<>();
        for (Passed one : calls) {
            wrong.addAll(violations(one));
        }
        assertThat(wrong).isEmpty();
        assertThat(exchange.getException()).isNull();
        Passed last = calls.get(calls.size() - 1);
        assertThat(operation(last.call).id()).isEqualTo(step.operation);
        assertThat(last.status).isEqualTo(200);
        assertThat(exchange.getMessage().getBody()).isEqualTo(JSON.readValue(last.body, Object.class));
        JsonNode answer = JSON.readTree(last.body);
        assertThat(answer.at(step.filled).isMissingNode()).as("%s in %s", step.filled, shortened(last.body)).isFalse();
        assertThat(client.stats().at("/usage/requests").asLong() - requestsBefore).as("requests of the contract term")
                .isEqualTo(calls.stream().filter(one -> operation(one.call).node().path("x-meter").asText().equals("requests"))
                        .count());
        remember(step.operation, answer);
    }

    private void remember(String operation, JsonNode answer) {
        switch (operation) {
            case "webhook-create" -> brought.put("webhook", answer.path("id").asText());
            case "lookup-enumeration-intent-topics" -> brought.put("topic", answer.at("/0/Name").asText());
            default -> {
                if (answer.hasNonNull("jobId")) {
                    brought.put("job", answer.path("jobId").asText());
                }
            }
        }
    }

    private interface Making {

        Step get();
    }

    /** In an order in which each finds what it needs; bodies are made when their turn has come. */
    private Map<String, Making> steps() {
        Company company = WORLD.companies().stream().filter(c -> !c.domain().isEmpty() && !c.defunct()
                && c.employees() > 5_000).findFirst().orElseThrow();
        Person person = WORLD.people().stream().filter(p -> !p.optedOut() && !p.email().isEmpty()
                && !p.directPhone().isEmpty()).findFirst().orElseThrow();
        Person optedOut = WORLD.people().stream().filter(Person::optedOut).findFirst().orElseThrow();
        Map<String, Object> byId = Map.of("companyId", Long.toString(company.id()));
        Map<String, Object> published = Map.of("publishedStartDate", "2020-01-01T00:00:00.000Z");
        Map<String, Making> steps = new LinkedHashMap<>();

        Contract contract = new Contract();
        contract.lookups("inputfields").forEach(pair -> steps.put("lookup-inputfields " + pair, () -> new Step(
                "lookup-inputfields", "lookup-inputfields?object=" + pair.replace("/", "&operation="), null, "/0/fieldType")));
        contract.lookups("outputfields").forEach(pair -> steps.put("lookup-outputfields " + pair, () -> new Step(
                "lookup-outputfields", "lookup-outputfields?object=" + pair.replace("/", "&operation="), null, "/0/fieldName")));
        contract.enumerations().forEach((name, operation) -> steps.put(operation + " " + name, () -> new Step(operation,
                "lookup-enumeration?enumeration=" + name, null, "/0")));
        add(steps, "usage", null, "/usage/4");

        add(steps, "search-contact?resultsPerPage=100&sortBy=lastName&sortOrder=asc",
                Map.of("managementLevel", "Director", "requiredFields", "email,phone", "excludePartialProfiles", true), "/data/99");
        add(steps, "search-company?sortBy=employeeCount", Map.of("companyName", company.name(), "revenueMin", 1), "/data/0");
        add(steps, "search-scoop?resultsPerPage=100", published, "/data/0");
        add(steps, "search-news?resultsPerPage=100", Map.of("categories", List.of("FUNDING", "PERSON", "PRODUCT")), "/data/0");
        later(steps, "search-intent?resultsPerPage=100", () -> Map.of("topics", List.of(brought.get("topic"))), "/data/0");

        List<Object> people = List.of(Map.of("personId", person.id()), Map.of("emailAddress", person.email()),
                Map.of("personId", optedOut.id()), Map.of("firstName", "Nobody", "lastName", "Nowhere",
                        "companyName", company.name()), Map.of("emailAddress", "nobody@nowhere.test"));
        add(steps, "enrich-contact", people, "/data/result/4");
        steps.put("enrich-contact with all fields", () -> new Step("enrich-contact", "enrich-contact?outputFields="
                + all("contact"), people, "/data/result/0/data/0/company/name"));
        List<Object> companies = List.of(Map.of("companyId", company.id()), Map.of("companyWebsite", company.website()),
                Map.of("companyName", "No Such Company At All"), Map.of("companyStreet", company.street(),
                        "companyCity", company.place().city(), "companyState", company.place().state()));
        add(steps, "enrich-company", companies, "/data/result/0/data/0/id");
        steps.put("enrich-company with all fields", () -> new Step("enrich-company", "enrich-company?outputFields="
                + all("company"), companies, "/data/result/0/data/0/name"));
        steps.put("enrich-company-master", () -> new Step("enrich-company-master", "enrich-company-master?outputFields="
                + all("company-master"), List.of(Map.of("zi_c_url", company.domain()), Map.of("zi_c_name", company.name(),
                "match_reasons", List.of(Map.of("zi_c_name", "E")))), "/data/result/0/data/zi_c_location_id"));
        add(steps, "enrich-orgchart?department=c-suite,sales", byId, "/data/0");
        steps.put("enrich-corporatehierarchy", () -> new Step("enrich-corporatehierarchy",
                "enrich-corporatehierarchy?outputFields=" + all("corporatehierarchy"),
                List.of(Map.of("companyId", company.id())), "/data/result/0/data/0/companyId"));
        add(steps, "enrich-location", byId, "/data/0");
        add(steps, "enrich-tech", byId, "/data/0");
        add(steps, "enrich-hashtag", byId, "/data/0");
        later(steps, "enrich-intent", () -> Map.of("companyId", company.id(), "topics", List.of(brought.get("topic"))), "/data");
        add(steps, "enrich-news?limit=100", Map.of("companyId", company.id()), "/data");
        add(steps, "enrich-scoop", Map.of("companyName", company.name(), "publishedStartDate", "2020-01-01T00:00:00.000Z"),
                "/data");
        add(steps, "enrich-ip", Map.of("ipAddress", company.ipPrefix() + "7"), "/data/result/0/data/geoLocation");
        add(steps, "compliance", List.of(Map.of("personId", person.id()), Map.of("personEmailAddress", "nobody@nowhere.test"),
                Map.of("personId", optedOut.id())), "/data/result/0/data/0/id");

        Map<String, Object> subscription = Map.of("eventType", "Update", "objectType", "Contact", "fullPayload", true);
        add(steps, "webhook-subscriptiontypes", null, "/objectTypes/1");
        add(steps, "webhook-create", Map.of("title", "Walk", "enabled", false, "targetUrl", "https://leads.example.com/hook",
                "subscriptions", List.of(subscription)), "/verificationToken");
        add(steps, "webhook-list", null, "/webhooks/0/subscriptions/0");
        later(steps, "webhook-get", this::webhook, "/subscriptions/0");
        later(steps, "webhook-update", () -> with(webhook(), "title", "Changed"), "/subscriptions/0");
        add(steps, "webhook-validate", Map.of("targetUrl", target.url() + "/hook", "objectType", "Contact"), "/responseCode");
        later(steps, "webhook-rotate-token", this::webhook, "/verificationToken");
        later(steps, "webhook-delete", this::webhook, "/status");

        Map<String, Object> query = Map.of("companyName", company.name());
        add(steps, "bulk-search-company", query, "/jobId");
        add(steps, "bulk-search-contact", query, "/jobId");
        fetch(steps, "a preview");
        add(steps, "bulk-search-contact?jobType=redeem", query, "/jobId");
        fetch(steps, "a redeemed search");
        add(steps, "bulk-enrich-contact", people, "/jobId");
        fetch(steps, "enriched contacts");
        add(steps, "bulk-enrich-company", companies.subList(0, 3), "/jobId");
        fetch(steps, "enriched companies");
        return steps;
    }

    private void fetch(Map<String, Making> steps, String of) {
        steps.put("bulk-job-status of " + of, () -> new Step("bulk-job-status", "bulk-job-status",
                Map.of("jobId", brought.get("job")), "/successfulPages/0"));
        steps.put("bulk-job-results of " + of, () -> new Step("bulk-job-results", "bulk-job-results",
                Map.of("jobId", brought.get("job"), "page", 1), "/result/0/data"));
    }

    private Map<String, Object> webhook() {
        return Map.of("id", brought.get("webhook"));
    }

    private static Map<String, Object> with(Map<String, Object> map, String key, Object value) {
        Map<String, Object> more = new HashMap<>(map);
        more.put(key, value);
        return more;
    }

    private static void add(Map<String, Making> steps, String kamelet, Object body, String filled) {
        later(steps, kamelet, () -> body, filled);
    }

    private interface Body {

        Object get();
    }

    private static void later(Map<String, Making> steps, String kamelet, Body body, String filled) {
        String operation = kamelet.replaceAll("\\?.*", "");
        assertThat(steps.put(steps.containsKey(operation) ? kamelet : operation,
                () -> new Step(operation, kamelet, body.get(), filled))).isNull();
    }

    /** All output fields that the account may have, as the lookup tells them. */
    private String all(String object) {
        Object fields = rig.send("kamelet:zoominfo-lookup-outputfields-action?object=" + object, null).getMessage().getBody();
        List<String> names = new ArrayList<>();
        JSON.valueToTree(fields).forEach(field -> {
            if (!field.path("accessGranted").asText("true").equals("false")) {
                names.add(field.path("fieldName").asText());
            }
        });
        return String.join(",", names);
    }

    /** What the document lists of lookups. */
    private static final class Contract {

        List<String> lookups(String kind) {
            List<String> pairs = new ArrayList<>();
            DOCUMENT.operations().forEach(operation -> {
                if (operation.node().has("x-object") && !(kind.equals("outputfields")
                        && operation.node().path("x-no-output-lookup").asBoolean())) {
                    pairs.add(operation.node().path("x-object").asText()
                            + (operation.id().startsWith("search-") ? "/search" : "/enrich"));
                }
            });
            return pairs;
        }

        /** Name of the enumeration → operation that lists it. */
        Map<String, String> enumerations() {
            Map<String, String> names = new LinkedHashMap<>();
            for (Operation operation : DOCUMENT.operations()) {
                if (operation.id().startsWith("lookup-enumeration")) {
                    String path = operation.path().substring("/lookup/".length());
                    if (path.contains("{")) {
                        operation.node().at("/parameters/0/schema/enum").forEach(name ->
                                names.put(path.replaceAll("\\{\\w+}", name.asText()), operation.id()));
                    } else {
                        names.put(path, operation.id());
                    }
                }
            }
            return names;
        }
    }

    @Test
    void aLoginByKeyFitsTheDocument() throws Exception {
        JsonNode credentials = SandboxClient.json(client.get("/_sandbox/credentials"));
        int before = passed.size();

        String token = TokenFixture.byKey(rig.camel, credentials.path("username").asText(), credentials.path("clientId").asText(),
                credentials.path("privateKey").asText()).current();

        Passed login = passed.get(before);
        assertThat(login.call.path()).isEqualTo("/authenticate");
        assertThat(login.call.headers().get("Authorization")).startsWith("Bearer ");
        assertThat(answerViolations(login)).isEmpty();
        assertThat(JSON.readTree(login.body).path("jwt").asText()).isEqualTo(token);
    }

    @Test
    void deliveriesOfWebhooksFitTheDocument() throws Exception {
        client.token(rig.tokens.current());
        Person person = WORLD.people().stream().filter(p -> !p.optedOut() && !p.email().isEmpty()).skip(50).findFirst()
                .orElseThrow();
        Company company = WORLD.companies().stream().filter(c -> !c.defunct()).skip(50).findFirst().orElseThrow();
        JsonNode webhook = SandboxClient.json(client.post("/webhooks", """
                {"title": "Deliveries", "enabled": true, "targetUrl": "%s/deliveries", "subscriptions": [
                  {"eventType": "Update", "objectType": "Contact", "fullPayload": true},
                  {"eventType": "Update", "objectType": "Company", "fullPayload": false}]}""".formatted(target.url())));
        rig.send("kamelet:zoominfo-enrich-contact-action", Map.of("personId", person.id()));
        rig.send("kamelet:zoominfo-enrich-company-action", Map.of("companyId", company.id()));

        client.post("/_sandbox/changes", "[{\"personId\":" + person.id() + ",\"change\":\"promoted\"},{\"companyId\":"
                + company.id() + ",\"change\":\"renamed\"}]");

        await().untilAsserted(() -> assertThat(target.calls("/deliveries")).hasSize(2));
        String schema = "/webhooks/record-updated/post/requestBody/content/application~1json/schema";
        for (Call delivery : target.calls("/deliveries")) {
            assertThat(DOCUMENT.violations(schema, JSON.readTree(delivery.body()))).as(delivery.body()).isEmpty();
            assertThat(delivery.headers().get("x-zoominfo-token")).isEqualTo(webhook.path("verificationToken").asText());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"E1", "E2"})
    void refusalsFitTheDocumentInBothKnownShapes(String shape) throws IOException {
        client.settings("{\"errors\":{\"shape\":\"" + shape + "\"}}");
        Company company = WORLD.companies().get(0);
        Map<String, Object> cases = new LinkedHashMap<>();
        cases.put("search-contact?page=900", Map.of("personId", "1"));
        cases.put("search-contact?resultsPerPage=101", Map.of("jobTitle", "CTO"));
        cases.put("search-company?sortBy=colour", Map.of("companyName", company.name()));
        cases.put("search-company", Map.of("noSuchCriterion", 1));
        cases.put("enrich-contact?outputFields=id", Map.of("shoeSize", 1));
        cases.put("enrich-company-master?outputFields=zi_c_name", List.of(Map.of("zi_c_street", "nowhere")));
        cases.put("enrich-orgchart?department=sales", Map.of("companyName", company.name()));
        cases.put("webhook-get", Map.of("id", "1"));
        cases.put("bulk-job-status", Map.of("jobId", "0000000000000000000000000000000000000000"));
        for (Map.Entry<String, Object> one : cases.entrySet()) {
            int before = passed.size();
            Exchange exchange = rig.send("kamelet:" + one.getKey().replaceFirst("^[^?]*", "zoominfo-$0-action"), one.getValue());
            assertThat(exchange.getException()).as(one.getKey()).isNotNull();
            Passed last = passed.get(passed.size() - 1);
            assertThat(passed.size()).as(one.getKey()).isGreaterThan(before);
            assertThat(last.status).as(one.getKey()).isGreaterThanOrEqualTo(400);
            assertThat(answerViolations(last)).as(one.getKey()).isEmpty();
        }
        client.token("");
        HttpResponse<String> unknown = client.post("/search/contact", "{}");
        assertThat(answerViolations(new Passed(new Call(0, "POST", "/search/contact", Map.of(), "{}"), unknown.statusCode(),
                headers(unknown), unknown.body()))).isEmpty();
        client.settings("{\"errors\":{\"shape\":\"E1\"}}");
    }

    private static Map<String, String> headers(HttpResponse<?> answer) {
        Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        answer.headers().map().forEach((name, values) -> headers.put(name, values.get(0)));
        return headers;
    }

    private static Operation operation(Call call) {
        return DOCUMENT.operation(call.method(), call.path())
                .orElseThrow(() -> new AssertionError("not in the document: " + call.method() + " " + call.path()));
    }

    /** What the document says is wrong with a call and its answer. */
    private static List<String> violations(Passed one) throws IOException {
        Operation operation = operation(one.call);
        List<String> wrong = new ArrayList<>();
        String content = operation.pointer() + "/requestBody/content/application~1json";
        if (DOCUMENT.at(content).isMissingNode()) {
            if (!one.call.body().isEmpty() && !one.call.body().equals("{}")) {
                wrong.add(operation.id() + " takes no body, but was sent " + shortened(one.call.body()));
            }
        } else {
            DOCUMENT.violations(content + "/schema", JSON.readTree(one.call.body())).forEach(found ->
                    wrong.add(operation.id() + " request: " + found + " in " + shortened(one.call.body())));
        }
        wrong.addAll(answerViolations(one));
        return wrong;
    }

    private static List<String> answerViolations(Passed one) throws IOException {
        Operation operation = operation(one.call);
        List<String> wrong = new ArrayList<>();
        String response = DOCUMENT.response(operation, one.status).orElse("");
        if (response.isEmpty()) {
            return List.of(operation.id() + " does not document " + one.status + ": " + shortened(one.body));
        }
        String type = one.headers.getOrDefault("Content-Type", "").replaceAll(";.*", "");
        String content = response + "/content/" + ContractDocument.escaped(type);
        if (DOCUMENT.at(content).isMissingNode()) {
            wrong.add(operation.id() + " " + one.status + " is not told as " + type);
        } else {
            JsonNode body = type.equals("application/json") ? JSON.readTree(one.body) : JSON.valueToTree(one.body);
            DOCUMENT.violations(content + "/schema", body).forEach(found ->
                    wrong.add(operation.id() + " " + one.status + ": " + found + " in " + shortened(one.body)));
        }
        for (String header : DOCUMENT.headers(operation, response)) {
            String value = one.headers.get(header);
            JsonNode told = value != null && value.matches("-?\\d+") ? JSON.valueToTree(Long.valueOf(value))
                    : JSON.valueToTree(value);
            if (value == null) {
                wrong.add(operation.id() + " " + one.status + " lacks the header " + header);
            } else {
                DOCUMENT.violations("/components/headers/" + header + "/schema", told).forEach(found ->
                        wrong.add(operation.id() + " " + one.status + " header " + header + ": " + found));
            }
        }
        String perMinute = DOCUMENT.at("/x-rate-limits/" + operation.tier() + "/per-minute").asText();
        if (!one.headers.getOrDefault("X-RateLimit-Limit", perMinute).equals(perMinute)) {
            wrong.add(operation.id() + " counts against " + one.headers.get("X-RateLimit-Limit") + " a minute");
        }
        return wrong;
    }

    private static String shortened(String text) {
        return text.length() <= 300 ? text : text.substring(0, 300) + "…";
    }
}
