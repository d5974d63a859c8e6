package io.leadroutes.process;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What a caller of the packaged application is told when he sends what cannot be taken. */
class BadInputIT {

    private static final String GOOD = "\"source\": \"webform\", \"recordId\": \"bad-1\"";
    private static final String JSON_TYPE = "application/json";
    private static Installation installation;

    @BeforeAll
    static void start() throws IOException {
        installation = new Installation("bad-input", Map.of()).start();
    }

    @AfterAll
    static void stop() {
        installation.close();
    }

    static Stream<Arguments> corpus() {
        String deep = "[".repeat(5_000) + "]".repeat(5_000);
        String lead = "{" + GOOD + ", \"email\": \"a@example.com\"}";
        return Stream.of(
                bad("malformed JSON", "{\"source\": ", 400, "body"),
                bad("empty body", "", 400, "body"),
                bad("blank body", "  \n", 400, "body"),
                bad("null", "null", 400, "body"),
                bad("a text", "\"lead\"", 400, "body"),
                bad("a number", "17", 400, "body"),
                bad("something behind the lead", lead + " x", 400, "body"),
                bad("a field twice", "{" + GOOD + ", \"email\": \"a@example.com\", \"email\": \"b@example.com\"}", 400,
                        "body"),
                bad("no lead", "[]", 400, "body"),
                bad("1,001 leads", "[" + (lead + ",").repeat(1_000) + lead + "]", 413, "body"),
                bad("a lead that is a list", "[[]]", 400, "[0]"),
                bad("a lead that is null", "[" + lead + ", null]", 400, "[1]"),
                bad("deep nesting", deep, 400, "body"),
                bad("deep nesting in attributes", "{" + GOOD + ", \"email\": \"a@example.com\", \"attributes\": {\"a\": "
                        + deep + "}}", 400, "body"),
                bad("object for a text", "{" + GOOD + ", \"email\": {\"a\": 1}}", 400, "email"),
                bad("list for a text", "{" + GOOD + ", \"email\": [\"a@example.com\"]}", 400, "email"),
                bad("boolean for a text", "{" + GOOD + ", \"email\": true}", 400, "email"),
                bad("attributes as text", "{" + GOOD + ", \"email\": \"a@example.com\", \"attributes\": \"x\"}", 400,
                        "attributes"),
                bad("unknown field", "{" + GOOD + ", \"email\": \"a@example.com\", \"fristName\": \"A\"}", 400,
                        "fristName"),
                bad("no source", "{\"recordId\": \"1\", \"email\": \"a@example.com\"}", 400, "source"),
                bad("no record id", "{\"source\": \"webform\", \"email\": \"a@example.com\"}", 400, "recordId"),
                bad("blank record id", "{\"source\": \"webform\", \"recordId\": \" \", \"email\": \"a@example.com\"}", 400,
                        "recordId"),
                bad("nobody", "{" + GOOD + ", \"firstName\": \"A\"}", 400, "email"),
                bad("not an e-mail address", "{" + GOOD + ", \"email\": \"nobody\"}", 400, "email"),
                bad("two e-mail addresses", "{" + GOOD + ", \"email\": \"a@example.com, b@example.com\"}", 400, "email"),
                bad("line break in an e-mail address", "{" + GOOD + ", \"email\": \"a@exa\\r\\nmple.com\"}", 400, "email"),
                bad("NUL", "{" + GOOD + ", \"email\": \"a@example.com\", \"company\": \"a\\u0000b\"}", 400, "company"),
                bad("NUL in attributes", "{" + GOOD + ", \"email\": \"a@example.com\", \"attributes\": {\"a\": \"\\u0000\"}}",
                        400, "attributes"),
                bad("half a surrogate pair", "{" + GOOD + ", \"email\": \"a@example.com\", \"company\": \"a\\ud800b\"}", 400,
                        "company"),
                bad("half a surrogate pair in attributes",
                        "{" + GOOD + ", \"email\": \"a@example.com\", \"attributes\": {\"a\": \"\\ud800\"}}", 400,
                        "attributes"),
                bad("long text", "{" + GOOD + ", \"email\": \"a@example.com\", \"company\": \"" + "x".repeat(2_001) + "\"}",
                        400, "company"),
                bad("long record id", "{\"source\": \"webform\", \"recordId\": \"" + "x".repeat(201)
                        + "\", \"email\": \"a@example.com\"}", 400, "recordId"),
                Arguments.of("not UTF-8", ("{" + GOOD + ", \"email\": \"a@example.com\", \"company\": \"M\u00fcller\"}")
                        .getBytes(StandardCharsets.ISO_8859_1), JSON_TYPE, 400, "body"),
                Arguments.of("text/plain", lead.getBytes(StandardCharsets.UTF_8), "text/plain", 415, "Content-Type"),
                Arguments.of("a form", lead.getBytes(StandardCharsets.UTF_8), "application/x-www-form-urlencoded", 415,
                        "Content-Type"));
    }

    private static Arguments bad(String what, String body, int status, String field) {
        return Arguments.of(what, body.getBytes(StandardCharsets.UTF_8), JSON_TYPE, status, field);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("corpus")
    void whatIsNoLeadIsRefusedWithTheFieldNamedAndNothingIsStored(String what, byte[] body, String type, int status,
            String field) throws IOException {
        long before = installation.leadsStored();
        HttpResponse<String> answer = PackagedProcess.send(request("").header("Content-Type", type)
                .POST(BodyPublishers.ofByteArray(body)));
        assertProblem(answer, status, field);
        assertThat(installation.leadsStored()).isEqualTo(before);
    }

    @Test
    void oneBadLeadOfManyRefusesTheRequestAndEachWrongFieldIsNamed() throws IOException {
        long before = installation.leadsStored();
        HttpResponse<String> answer = PackagedProcess.send("POST", installation.api("/api/leads"), """
                [{"source": "webform", "recordId": "1", "email": "a@example.com"},
                 {"source": "web form", "recordId": "2", "email": "nobody", "shoe": "42"}]""");
        assertProblem(answer, 400, "[1].shoe");
        assertThat(Installation.JSON.readTree(answer.body()).path("errors").findValuesAsText("field"))
                .containsExactlyInAnyOrder("[1].source", "[1].email", "[1].shoe");
        assertThat(installation.leadsStored()).isEqualTo(before);
    }

    @Test
    void aBodyOverTheLimitIsRefusedWith413() throws IOException {
        byte[] huge = new byte[11_000_000];
        java.util.Arrays.fill(huge, (byte) ' ');
        HttpResponse<String> answer = PackagedProcess.send(request("").header("Content-Type", JSON_TYPE)
                .version(HttpClient.Version.HTTP_1_1).expectContinue(true).POST(BodyPublishers.ofByteArray(huge)));
        assertThat(answer.statusCode()).isEqualTo(413);
    }

    @Test
    void anIdempotencyKeyTakesOneBodyOnceAndRefusesAnother() throws IOException {
        String body = Installation.JSON.writeValueAsString(Installation.lead(Installation.person()));
        HttpResponse<String> first = keyed("key-1", body);
        HttpResponse<String> again = keyed("key-1", body);
        assertThat(first.statusCode()).isEqualTo(202);
        assertThat(again.body()).isEqualTo(first.body());
        long before = installation.leadsStored();
        assertProblem(keyed("key-1", body.replace("webform", "other")), 422, "Idempotency-Key");
        assertProblem(keyed("k".repeat(201), body), 400, "Idempotency-Key");
        assertThat(installation.leadsStored()).isEqualTo(before);
    }

    @Test
    void headersAndParametersFromOutsideChangeNothingAndAreNotEchoed() throws IOException {
        List<String> names = new ArrayList<>();
        for (String name : List.of("CamelHttpUri", "CamelHttpResponseCode", "CamelBeanMethodName", "CamelHttpPath",
                "CamelSqlQuery", "CamelFileName", "CamelHttpMethod")) {
            names.addAll(List.of(name, name.toLowerCase(Locale.ROOT), name.toUpperCase(Locale.ROOT),
                    name.replace("Camel", "cAmEl")));
        }
        names.addAll(List.of("org.apache.camel.something", "bridgeEndpoint", "requestId", "eventId", "breadcrumbId"));
        for (String name : names) {
            for (boolean header : List.of(true, false)) {
                HttpRequest.Builder request = request(header ? "" : "?" + name + "=418")
                        .header("Content-Type", JSON_TYPE).POST(BodyPublishers.ofString(
                                Installation.JSON.writeValueAsString(Installation.lead(Installation.person()))));
                if (header) {
                    request.header(name, "418");
                }
                HttpResponse<String> answer = PackagedProcess.send(request);
                assertThat(answer.statusCode()).as(name).isEqualTo(202);
                assertThat(answer.headers().map().keySet().stream().map(key -> key.toLowerCase(Locale.ROOT)))
                        .as(name).doesNotContain(name.toLowerCase(Locale.ROOT)).noneMatch(key -> key.startsWith("camel"));
                String id = Installation.JSON.readTree(answer.body()).path("eventIds").path(0).asText();
                assertThat(installation.story(id).path("lead").path("lastName").asText()).isNotBlank();
            }
        }
    }

    @Test
    void aRequestIdThatIsNoneIsReplacedAndNeverSplitsALogLine() throws IOException {
        HttpResponse<String> kept = withRequestId("order-4711");
        assertThat(kept.headers().firstValue("X-Request-Id")).contains("order-4711");
        HttpResponse<String> replaced = withRequestId("x".repeat(5_000));
        assertThat(replaced.statusCode()).isEqualTo(202);
        assertThat(replaced.headers().firstValue("X-Request-Id").orElseThrow()).hasSizeLessThan(200);
        HttpResponse<String> markup = withRequestId("<script>'; drop table lead_event");
        assertThat(markup.headers().firstValue("X-Request-Id").orElseThrow()).doesNotContain("<");
    }

    private static HttpResponse<String> withRequestId(String id) throws IOException {
        return PackagedProcess.send(request("").header("Content-Type", JSON_TYPE).header("X-Request-Id", id).POST(
                BodyPublishers.ofString(Installation.JSON.writeValueAsString(Installation.lead(Installation.person())))));
    }

    private static HttpResponse<String> keyed(String key, String body) throws IOException {
        return PackagedProcess.send(request("").header("Content-Type", JSON_TYPE).header("Idempotency-Key", key)
                .POST(BodyPublishers.ofString(body)));
    }

    private static HttpRequest.Builder request(String query) {
        return HttpRequest.newBuilder(URI.create(installation.api("/api/leads" + query)));
    }

    private static void assertProblem(HttpResponse<String> answer, int status, String field) throws IOException {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        assertThat(answer.headers().firstValue("Content-Type").orElse("")).startsWith("application/problem+json");
        JsonNode problem = Installation.JSON.readTree(answer.body());
        assertThat(problem.path("status").asInt()).isEqualTo(status);
        assertThat(problem.path("title").asText()).isNotBlank();
        assertThat(problem.path("detail").asText()).startsWith(field + " ");
        assertThat(problem.path("errors").path(0).path("field").asText()).isEqualTo(field);
        assertThat(answer.body()).doesNotContain("Exception").doesNotContain("io.leadroutes");
    }
}
