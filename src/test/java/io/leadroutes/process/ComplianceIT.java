package io.leadroutes.process;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.leadroutes.TestDatabase;
import io.leadroutes.sandbox.world.Person;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.postgresql.ds.PGSimpleDataSource;
import org.springframework.jdbc.core.JdbcTemplate;

/** The packaged application: a person who opts out on the way, and one who asks to be forgotten. */
class ComplianceIT {

    private static final String DATABASE = TestDatabase.freshUrl();
    private static Installation installation;
    private static String token;

    @BeforeAll
    static void start() throws IOException {
        // ZoomInfo is asked before each write.
        installation = new Installation("compliance", Map.of("database.url", DATABASE, "compliance.max-age", "PT0S"))
                .start();
        HttpResponse<String> login = PackagedProcess.send(HttpRequest.newBuilder(
                URI.create(installation.ports.salesforceUrl() + "/services/oauth2/token"))
                .header("Content-Type", "application/x-www-form-urlencoded").POST(BodyPublishers.ofString(
                        "grant_type=password&client_id=sandbox-consumer-key&client_secret=sandbox-consumer-secret"
                                + "&username=integration%40leadroutes.example&password=sandbox-password")));
        token = Installation.JSON.readTree(login.body()).path("access_token").asText();
    }

    @AfterAll
    static void stop() {
        installation.close();
    }

    @Test
    void aPersonWhoOptsOutBetweenEnrichmentAndWriteIsMarkedAndNotWrittenAndNeverPaidForAgain() throws IOException {
        Person person = Installation.person();
        String record = create(person);
        String before = rest("GET", "/sobjects/Lead/" + record, "").body();
        installation.salesforce("{\"rowLock\": {\"ids\": [\"" + record + "\"]}}");
        String event = Awaitility.await("an event for " + record).atMost(Duration.ofSeconds(60))
                .until(() -> PackagedProcess.json(installation.api("/api/leads?q=" + record)).path("leads").path(0)
                        .path("eventId").asText(), id -> !id.isEmpty());
        Awaitility.await("the write waits").atMost(Duration.ofSeconds(60))
                .until(() -> installation.story(event).path("timeline").toString().contains("UNABLE_TO_LOCK_ROW"));
        HttpResponse<String> change = PackagedProcess.send("POST", installation.ports.zoominfoUrl() + "/_sandbox/changes",
                "{\"personId\": " + person.id() + ", \"change\": \"opted-out\"}");
        assertThat(change.statusCode()).as(change.body()).isBetween(200, 299);
        // At least one more try of the write, which asks ZoomInfo, before the record is free.
        Awaitility.await("the decision is taken back").atMost(Duration.ofSeconds(60))
                .until(() -> installation.story(event).path("headline").asText().contains("opted out"));
        installation.salesforce("{\"rowLock\": {\"ids\": []}}");

        JsonNode story = installation.await(event, "DONE");
        assertThat(story.path("assignment").isMissingNode()).isTrue();
        assertThat(story.path("writes").path(0).path("fields").toString())
                .isEqualTo("[\"ZoomInfo_Opted_Out__c\",\"HasOptedOutOfEmail\"]");
        JsonNode was = Installation.JSON.readTree(before);
        JsonNode now = Installation.JSON.readTree(rest("GET", "/sobjects/Lead/" + record, "").body());
        assertThat(now.path("ZoomInfo_Opted_Out__c").asBoolean()).isTrue();
        assertThat(now.path("HasOptedOutOfEmail").asBoolean()).isTrue();
        assertThat(now.path("OwnerId")).isEqualTo(was.path("OwnerId"));
        assertThat(now.path("Title")).isEqualTo(was.path("Title"));
        assertThat(now.path("LeadRoutes_Score__c").isMissingNode() || now.path("LeadRoutes_Score__c").isNull()).isTrue();

        // Comes again by e-mail from elsewhere: no call, no record, and the headline says why.
        int calls = installation.zoominfoStats().path("enrich").path("calls").asInt();
        JsonNode again = installation.await(installation.post(person), "DONE");
        assertThat(again.path("match").path("status").asText()).isEqualTo("SUPPRESSED");
        assertThat(again.path("headline").asText()).contains("opted out");
        assertThat(again.path("timeline").toString()).contains("no record was created");
        assertThat(installation.zoominfoStats().path("enrich").path("calls").asInt()).isEqualTo(calls);
    }

    @Test
    void afterAnErasureTheDatabaseHoldsNoTraceOfThePersonAndTheReceiptsSayErased() throws IOException {
        Person person = Installation.person();
        Map<String, Object> lead = Installation.lead(person);
        lead.put("phone", "+1 (415) 555-0142");
        String event = installation.post((Object) lead).get(0);
        installation.await(event, "DONE");
        assertThat(dump()).contains(person.email(), "555-0142", String.valueOf(person.id()));

        String request = "{\"email\": \"" + person.email() + "\", \"reason\": \"asked for by letter\"}";
        JsonNode places = answer("/api/data-subjects/search", request);
        assertThat(places.path("places").toString()).contains("lead_event", "decision", "redeemed_person",
                "person_notice", "salesforce");
        assertThat(PackagedProcess.send("POST", installation.api("/api/data-subjects/erase"),
                "{\"email\": \"" + person.email() + "\"}").statusCode()).as("without a reason").isEqualTo(400);
        JsonNode erased = answer("/api/data-subjects/erase", request);
        assertThat(erased.path("erasureId").asText()).isNotBlank();
        assertThat(erased.path("elsewhere").toString()).contains("salesforce");

        String dump = dump();
        assertThat(dump).doesNotContainIgnoringCase(person.email()).doesNotContain("555-0142",
                String.valueOf(person.id()), String.valueOf(lead.get("recordId")), "\"" + person.lastName() + "\"");
        assertThat(PackagedProcess.json(installation.api("/api/leads/" + event + "/receipts")).path("seals").toString())
                .contains("ERASED");
        assertThat(answer("/api/data-subjects/search", request).path("places").toString()).contains("suppression")
                .doesNotContain("lead_event");

        JsonNode again = installation.await(installation.post(person), "DONE");
        assertThat(again.path("match").path("status").asText()).isEqualTo("SUPPRESSED");
        assertThat(dump()).doesNotContainIgnoringCase(person.email());
    }

    private static JsonNode answer(String path, String body) throws IOException {
        HttpResponse<String> answer = PackagedProcess.send("POST", installation.api(path), body);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return Installation.JSON.readTree(answer.body());
    }

    /** All rows of all tables. */
    private static String dump() {
        PGSimpleDataSource source = new PGSimpleDataSource();
        source.setUrl(DATABASE);
        JdbcTemplate jdbc = new JdbcTemplate(source);
        StringBuilder dump = new StringBuilder();
        jdbc.queryForList("select table_name from information_schema.tables where table_schema = 'public'", String.class)
                .forEach(table -> jdbc.queryForList("select t::text from \"" + table + "\" t", String.class)
                        .forEach(row -> dump.append(table).append(": ").append(row).append('\n')));
        return dump.toString();
    }

    private static String create(Person person) throws IOException {
        HttpResponse<String> answer = rest("POST", "/sobjects/Lead", Installation.JSON.writeValueAsString(Map.of(
                "FirstName", person.firstName(), "LastName", person.lastName(), "Company", person.company().name(),
                "Email", person.email(), "Status", "Open - Not Contacted")));
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
        return Installation.JSON.readTree(answer.body()).path("id").asText();
    }

    private static HttpResponse<String> rest(String method, String path, String body) throws IOException {
        return PackagedProcess.send(HttpRequest.newBuilder(
                URI.create(installation.ports.salesforceUrl() + "/services/data/v62.0" + path))
                .header("Authorization", "Bearer " + token).header("Content-Type", "application/json")
                .method(method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body)));
    }
}
