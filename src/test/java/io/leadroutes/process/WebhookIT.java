package io.leadroutes.process;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import io.leadroutes.TestDatabase;
import io.leadroutes.sandbox.world.Person;
import io.leadroutes.sandbox.world.World;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/**
 * Webhooks on the packaged application: deliveries with repetitions, wrong tokens and a rotation in the middle. With
 * the profile {@code faults} the long form.
 */
class WebhookIT {

    private static final int DELIVERIES = Integer.getInteger("webhook.deliveries", 500);
    private static final int IN_THE_CRM = 100;
    private static final int AT_ONCE = 25;
    private static final Duration PATIENCE = Duration.ofSeconds(60 + DELIVERIES / 10);
    private static Installation installation;
    private static JdbcTemplate jdbc;
    private static String zoominfoToken;
    private static String salesforceToken;

    @BeforeAll
    static void start() throws IOException {
        String database = TestDatabase.freshUrl();
        jdbc = new JdbcTemplate(new DriverManagerDataSource(database));
        // Without the stream, leads of this test are nothing to the main job.
        installation = new Installation("webhooks", Map.of("database.url", database, "salesforce.stream.enabled", "false"));
        installation.start();
        zoominfoToken = Installation.JSON.readTree(PackagedProcess.send("POST", installation.ports.zoominfoUrl()
                + "/authenticate", "{\"username\":\"sandbox@leadroutes.example\",\"password\":\"sandbox-password\"}").body())
                .path("jwt").asText();
        salesforceToken = Installation.JSON.readTree(PackagedProcess.send(HttpRequest.newBuilder(
                URI.create(installation.ports.salesforceUrl() + "/services/oauth2/token"))
                .header("Content-Type", "application/x-www-form-urlencoded").POST(BodyPublishers.ofString(
                        "grant_type=password&client_id=sandbox-consumer-key&client_secret=sandbox-consumer-secret"
                                + "&username=integration%40leadroutes.example&password=sandbox-password"))).body())
                .path("access_token").asText();
        installation.zoominfo("{\"limits\":{\"enforced\":false},\"webhooks\":{\"recordsPerDelivery\":1,\"duplicateRate\":0.1,"
                + "\"firstDelayMillis\":200}}");
    }

    @AfterAll
    static void stop() {
        installation.close();
    }

    @Test
    void noDeliveryIsLostAndNoneTakesEffectTwiceThroughRepetitionsWrongTokensAndARotation() throws Exception {
        installation.awaitLog("is enabled");
        List<Person> people = people();
        enrich(people, "id");
        List<Person> inTheCrm = people.subList(0, IN_THE_CRM);
        createLeads(inTheCrm);
        long writesBefore = leadWrites();
        Map<Integer, Long> intruder = new TreeMap<>();
        AtomicBoolean over = new AtomicBoolean();
        CompletableFuture<Void> intrusion = CompletableFuture.runAsync(() -> intrude(over, intruder));
        long begun = System.nanoTime();
        for (int from = 0; from < people.size(); from += AT_ONCE) {
            if (from >= people.size() / 2 && from - AT_ONCE < people.size() / 2) {
                assertThat(PackagedProcess.send("POST", installation.api("/api/webhooks/zoominfo/rotate"), "").statusCode())
                        .isEqualTo(200);
            }
            promote(people.subList(from, Math.min(people.size(), from + AT_ONCE)));
        }
        Awaitility.await("all is delivered").atMost(PATIENCE).pollInterval(Duration.ofMillis(200))
                .until(() -> hooks().path("waiting").asLong() == 0);
        double seconds = (System.nanoTime() - begun) / 1e9;
        over.set(true);
        intrusion.join();

        JsonNode hooks = hooks();
        assertThat(hooks.path("failed").asLong()).as("%s", hooks).isZero();
        assertThat(hooks.path("dropped").asLong()).as("%s", hooks).isZero();
        assertThat(hooks.path("duplicates").asLong()).isGreaterThan(DELIVERIES / 20);
        assertThat(jdbc.queryForObject("select count(*) from crm_update where origin = 'webhook'", Long.class))
                .as("one update for each change").isEqualTo(DELIVERIES);
        assertThat(jdbc.queryForList("select zoominfo_id from crm_update where origin = 'webhook'", String.class))
                .containsExactlyInAnyOrderElementsOf(people.stream().map(p -> Long.toString(p.id())).toList());
        assertThat(jdbc.queryForObject("select count(*) from webhook_fetch", Long.class)).isZero();
        Map<String, Long> counted = counted();
        // Two more: the test deliveries before the webhook was enabled.
        assertThat(counted).containsEntry("accepted", DELIVERIES + 2L)
                .containsEntry("duplicate", hooks.path("duplicates").asLong());
        assertThat(intruder.keySet()).as("%s", intruder).isSubsetOf(401, 503);
        assertThat(intruder.get(401)).isGreaterThan(0);
        assertThat(counted.get("wrong-token")).isGreaterThanOrEqualTo(intruder.values().stream().mapToLong(n -> n).sum());

        report(hooks, counted, intruder, seconds);

        Awaitility.await("every update has ended").atMost(PATIENCE.multipliedBy(2)).pollInterval(Duration.ofMillis(500))
                .until(() -> jdbc.queryForObject("select count(*) from crm_update where state = 'QUEUED'", Long.class) == 0);
        assertThat(jdbc.queryForObject("select count(*) from crm_update where state <> 'DONE'", Long.class)).isZero();
        assertThat(titles()).isEqualTo(titlesAtZoomInfo(inTheCrm));
        assertThat(recordsWritten(" and origin = 'webhook'")).as("records written by webhooks").isEqualTo(IN_THE_CRM);
        // The compliance check before a write may add what it learnt of a person, as an update of its own.
        assertThat(leadWrites() - writesBefore).as("writes of leads").isEqualTo(recordsWritten(""));
        System.out.printf("%d updates of the CRM ended %.1f s after the first change%n", DELIVERIES,
                (System.nanoTime() - begun) / 1e9);
    }

    private static void report(JsonNode hooks, Map<String, Long> counted, Map<Integer, Long> intruder, double seconds)
            throws IOException {
        List<Long> millis = new ArrayList<>();
        long retried = 0;
        for (String line : PackagedProcess.get(installation.ports.zoominfoUrl() + "/_sandbox/deliveries").body().split("\n")) {
            JsonNode answers = Installation.JSON.readTree(line).path("answers");
            retried += answers.size() > 1 ? 1 : 0;
            answers.forEach(answer -> millis.add(answer.path("millis").asLong()));
        }
        millis.sort(null);
        System.out.printf("%d deliveries and %d repetitions in %.1f s (%.0f/s); ms as the sender saw it: p50 %d, p99 %d, max %d; "
                + "%d tried more than once; wrong tokens %s; counted %s%n", DELIVERIES,
                hooks.path("duplicates").asLong(), seconds, hooks.path("delivered").asLong() / seconds,
                millis.get(millis.size() / 2), millis.get(millis.size() * 99 / 100), millis.get(millis.size() - 1), retried,
                intruder, counted);
        System.out.printf("Seconds inside the application for an answer of 200: mean %.3f, max of the last minutes %.3f%n",
                answering("sum") / answering("count"), answering("max"));
    }

    private static double answering(String figure) throws IOException {
        return PackagedProcess.get("http://localhost:" + installation.managementPort + "/observe/metrics").body().lines()
                .filter(line -> line.startsWith("http_server_requests_seconds_" + figure + "{")
                        && line.contains("status=\"200\"") && line.contains("uri=\"/webhooks/zoominfo\""))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1))).findFirst().orElseThrow();
    }

    /** People who can be promoted to a title of their own. */
    private static List<Person> people() {
        List<Person> people = World.of(42).people().stream().filter(p -> !p.optedOut() && !p.email().isEmpty()
                && !p.managementLevel().equals("C-Level")).limit(DELIVERIES).toList();
        assertThat(people).hasSize(DELIVERIES);
        return people;
    }

    private static List<JsonNode> enrich(List<Person> people, String fields) throws IOException {
        List<JsonNode> records = new ArrayList<>();
        for (int from = 0; from < people.size(); from += 25) {
            String inputs = people.subList(from, Math.min(people.size(), from + 25)).stream()
                    .map(p -> "{\"personId\":" + p.id() + "}").collect(Collectors.joining(","));
            HttpResponse<String> answer = PackagedProcess.send(HttpRequest.newBuilder(
                    URI.create(installation.ports.zoominfoUrl() + "/enrich/contact"))
                    .header("Authorization", "Bearer " + zoominfoToken).header("Content-Type", "application/json")
                    .POST(BodyPublishers.ofString("{\"matchPersonInput\":[" + inputs + "],\"outputFields\":[\""
                            + fields.replace(",", "\",\"") + "\"]}")));
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
            Installation.JSON.readTree(answer.body()).path("data").path("result")
                    .forEach(result -> records.add(result.path("data").path(0)));
        }
        return records;
    }

    private static void promote(List<Person> people) throws IOException {
        String changes = people.stream().map(p -> "{\"personId\":" + p.id() + ",\"change\":\"promoted\"}")
                .collect(Collectors.joining(",", "[", "]"));
        HttpResponse<String> answer = PackagedProcess.send("POST", installation.ports.zoominfoUrl() + "/_sandbox/changes",
                changes);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    }

    /** Somebody who does not know the token. */
    private static void intrude(AtomicBoolean over, Map<Integer, Long> answers) {
        String body = "{\"webhookDetails\":{\"id\":\"1\",\"objectType\":\"Contact\",\"eventType\":\"Update\"},"
                + "\"data\":[{\"id\":1,\"jobTitle\":\"Intruder\",\"changedAttributes\":[\"jobTitle\"]}]}";
        while (!over.get()) {
            try {
                int status = PackagedProcess.send(HttpRequest.newBuilder(URI.create(installation.api("/webhooks/zoominfo")))
                        .header("Content-Type", "application/json").header("x-zoominfo-token", "x".repeat(88))
                        .POST(BodyPublishers.ofString(body))).statusCode();
                answers.merge(status, 1L, Long::sum);
            } catch (IOException e) {
                answers.merge(0, 1L, Long::sum);
            }
        }
    }

    private static JsonNode hooks() throws IOException {
        return installation.zoominfoStats().path("webhooks");
    }

    private static Map<String, Long> counted() throws IOException {
        Map<String, Long> counted = new TreeMap<>();
        PackagedProcess.get("http://localhost:" + installation.managementPort + "/observe/metrics").body().lines()
                .filter(line -> line.startsWith("leadroutes_webhook_deliveries_total{"))
                .forEach(line -> counted.put(line.replaceAll(".*outcome=\"([^\"]+)\".*", "$1"),
                        (long) Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1))));
        return counted;
    }

    // ---- Salesforce

    private static HttpResponse<String> salesforce(String method, String path, String body) throws IOException {
        HttpResponse<String> answer = PackagedProcess.send(HttpRequest.newBuilder(
                URI.create(installation.ports.salesforceUrl() + "/services/data/v62.0" + path))
                .header("Authorization", "Bearer " + salesforceToken).header("Content-Type", "application/json")
                .method(method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body)));
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return answer;
    }

    private static void createLeads(List<Person> people) throws IOException {
        List<Map<String, Object>> records = people.stream().map(p -> Map.<String, Object>of("attributes",
                Map.of("type", "Lead"), "LastName", p.lastName(), "Company", p.company().name(), "ZoomInfo_Person_Id__c",
                Long.toString(p.id()))).toList();
        String answer = salesforce("POST", "/composite/sobjects", Installation.JSON.writeValueAsString(
                Map.of("allOrNone", true, "records", records))).body();
        assertThat(answer).doesNotContain("\"success\":false");
    }

    private static Map<String, String> titles() throws IOException {
        Map<String, String> titles = new HashMap<>();
        String soql = "SELECT ZoomInfo_Person_Id__c, Title FROM Lead WHERE ZoomInfo_Person_Id__c != null";
        ArrayNode records = (ArrayNode) Installation.JSON.readTree(salesforce("GET",
                "/query?q=" + URLEncoder.encode(soql, StandardCharsets.UTF_8), "").body()).path("records");
        records.forEach(lead -> titles.put(lead.path("ZoomInfo_Person_Id__c").asText(), lead.path("Title").asText()));
        return titles;
    }

    private static Map<String, String> titlesAtZoomInfo(List<Person> people) throws IOException {
        Map<String, String> titles = new HashMap<>();
        enrich(people, "id,jobTitle").forEach(record -> titles.put(record.path("id").asText(),
                record.path("jobTitle").asText()));
        return titles;
    }

    private static long recordsWritten(String condition) {
        return jdbc.queryForObject("""
                select count(*) from crm_update, jsonb_array_elements(outcome -> 'records') record
                where state = 'DONE' and jsonb_array_length(record -> 'fields') > 0 """ + condition, Long.class);
    }

    private static long leadWrites() throws IOException {
        return PackagedProcess.json(installation.ports.salesforceUrl() + "/_sandbox/stats")
                .path("leadWritesByIntegrationUser").path("writes").asLong();
    }
}
