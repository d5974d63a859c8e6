package io.leadroutes.process;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.leadroutes.sandbox.world.Person;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What becomes of leads when Salesforce refuses to take a record, or a part of one. */
class SalesforceAnswersIT {

    private static Installation installation;
    private static String token;

    @BeforeAll
    static void start() throws IOException {
        installation = new Installation("salesforce-answers", Map.of("salesforce.reconcile.pause", "1s"));
        // A restricted picklist that never takes a job title, and a field that the organisation does not have.
        Path fields = installation.directory.resolve("rules/fields.yaml");
        Files.writeString(fields, Files.readString(fields).replace("  Lead:\n", "  Lead:\n"
                + "    - {field: Rating,     from: person.jobTitle, policy: fill-blank}\n"
                + "    - {field: Unknown__c, from: person.jobTitle, policy: fill-blank}\n"));
        installation.start();
        login();
    }

    @AfterAll
    static void stop() {
        installation.close();
    }

    @AfterEach
    void mend() throws IOException {
        installation.zoominfo("{\"latency\": 0}");
        installation.salesforce("{\"faults\": [], \"rowLock\": {\"rate\": 0}}");
    }

    @Test
    void fieldsThatSalesforceRefusesAreLeftOutAndTheRestIsWritten() throws IOException {
        Map<String, Object> lead = Installation.lead(Installation.person());
        lead.put("postalCode", "1".repeat(30));
        JsonNode story = installation.await(installation.post((Object) lead).get(0), "DONE");
        assertThat(story.path("timeline").toString()).contains("written without").contains("PostalCode")
                .contains("Rating");
        assertThat(story.path("writes").path(0).path("fields").toString()).contains("OwnerId")
                .doesNotContain("PostalCode").doesNotContain("Unknown__c");
        String log = installation.log();
        assertThat(log.substring(log.lastIndexOf("Installed features")).lines()
                .filter(line -> line.contains("no field Unknown__c"))).as("told once by each process").hasSize(1);
    }

    @Test
    void aRecordThatCannotBeWhatWasDecidedIsADeadLetterAndTheOthersAreDone() throws IOException {
        List<Map<String, Object>> leads = Installation.leads(10);
        leads.get(4).put("company", "x".repeat(300));
        List<String> events = installation.post(leads);
        for (int i = 0; i < events.size(); i++) {
            JsonNode story = installation.await(events.get(i), "DONE", "DEAD");
            assertThat(story.path("state").asText()).as("%s", story).isEqualTo(i == 4 ? "DEAD" : "DONE");
        }
        JsonNode letter = installation.deadLetters("&state=OPEN&routeId=lead-write-back").path(0);
        assertThat(letter.path("eventId").asText()).isEqualTo(events.get(4));
        assertThat(letter.path("failureClass").asText()).isEqualTo("INVALID_REQUEST");
        assertThat(letter.path("message").asText()).contains("STRING_TOO_LONG").contains("Company");
    }

    @Test
    void aRecordThatWasDeletedMeanwhileIsADeadLetter() throws IOException {
        installation.zoominfo("{\"latency\": 1500}");
        String record = create(Installation.person());
        String event = event(record);
        assertThat(rest("DELETE", "/sobjects/Lead/" + record, "").statusCode()).isEqualTo(204);
        installation.await(event, "DEAD");
        assertThat(installation.deadLettersOf(List.of(event))).isEqualTo(1);
        assertThat(installation.story(event).path("timeline").toString()).contains("not in Salesforce any more");
    }

    @Test
    void aRecordThatIsLockedWaitsAndIsWrittenOnceWhenItIsFree() throws IOException {
        // All records, for this one has no id yet; taking one in needs no lock.
        installation.salesforce("{\"rowLock\": {\"rate\": 1}}");
        String event = event(create(Installation.person()));
        Awaitility.await("the lead waits").atMost(Duration.ofSeconds(30))
                .until(() -> installation.story(event).path("timeline").toString().contains("UNABLE_TO_LOCK_ROW"));
        assertThat(installation.story(event).path("state").asText()).isEqualTo("DECIDED");
        installation.salesforce("{\"rowLock\": {\"rate\": 0}}");
        assertThat(installation.await(event, "DONE").path("writes")).hasSize(1);
        assertThat(installation.deadLettersOf(List.of(event))).isZero();
    }

    @Test
    void anOutageAndAnExpiredSessionCostNoLead() throws IOException {
        installation.salesforce("{\"faults\": [{\"kind\": \"status\", \"status\": 503, \"calls\": [1, 2, 3]}]}");
        PackagedProcess.send("POST", installation.ports.salesforceUrl() + "/_sandbox/tokens/expire", "");
        List<String> events = installation.post(Installation.leads(5));
        installation.await(events, "DONE");
        assertThat(installation.deadLettersOf(events)).isZero();
        login();
    }

    @Test
    void anOutageBehindTheEnrichmentCostsNoSecondCallAndNoCredit() throws IOException {
        installation.salesforce("{\"faults\": [{\"kind\": \"status\", \"status\": 503, \"rate\": 1}]}");
        List<String> events = installation.post(Installation.leads(60));
        installation.await(events, "DECIDED");
        Awaitility.await("Salesforce is found down").atMost(Duration.ofSeconds(30)).until(() -> PackagedProcess.get(
                "http://localhost:" + installation.managementPort + "/observe/metrics").body()
                .contains("leadroutes_salesforce_paused 1.0"));
        JsonNode before = installation.zoominfoStats();
        installation.salesforce("{\"faults\": []}");
        long mended = System.nanoTime();
        installation.await(events, "DONE");
        System.out.printf("All written %.1f s after the outage%n", (System.nanoTime() - mended) / 1e9);
        JsonNode after = installation.zoominfoStats();
        assertThat(after.path("enrich").path("calls")).isEqualTo(before.path("enrich").path("calls"));
        assertThat(after.path("credits").path("charged")).isEqualTo(before.path("credits").path("charged"));
    }

    @Test
    void leadsCreatedWhileTheProcessWasDeadAreTakenInOnceAlsoWhenTheirEventsAreGone() throws Exception {
        installation.application.kill();
        List<String> records = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            records.add(create(Installation.person()));
        }
        installation.salesforce("{\"pubsub\": {\"retentionHours\": 0}}");
        PackagedProcess.send("POST", installation.ports.salesforceUrl() + "/_sandbox/replay-ids/invalidate", "");
        records.add(create(Installation.person()));
        installation.salesforce("{\"pubsub\": {\"retentionHours\": 72}}");
        installation.application.start();
        for (String record : records) {
            installation.await(event(record), "DONE");
            assertThat(PackagedProcess.json(installation.api("/api/leads?q=" + record)).path("leads")).hasSize(1);
        }
        installation.awaitLog("had not come through the stream");
    }

    private static void login() throws IOException {
        token = "";
        HttpResponse<String> login = PackagedProcess.send(HttpRequest.newBuilder(
                URI.create(installation.ports.salesforceUrl() + "/services/oauth2/token"))
                .header("Content-Type", "application/x-www-form-urlencoded").POST(BodyPublishers.ofString(
                        "grant_type=password&client_id=sandbox-consumer-key&client_secret=sandbox-consumer-secret"
                                + "&username=integration%40leadroutes.example&password=sandbox-password")));
        token = Installation.JSON.readTree(login.body()).path("access_token").asText();
        assertThat(token).isNotBlank();
    }

    private static String create(Person person) throws IOException {
        HttpResponse<String> answer = rest("POST", "/sobjects/Lead", Installation.JSON.writeValueAsString(Map.of(
                "FirstName", person.firstName(), "LastName", person.lastName(), "Company", person.company().name(),
                "Email", person.email(), "Status", "Open - Not Contacted")));
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
        return Installation.JSON.readTree(answer.body()).path("id").asText();
    }

    private static String event(String record) {
        return Awaitility.await("an event for " + record).atMost(Duration.ofSeconds(30))
                .until(() -> PackagedProcess.json(installation.api("/api/leads?q=" + record)).path("leads").path(0)
                        .path("eventId").asText(), id -> !id.isEmpty());
    }

    private static HttpResponse<String> rest(String method, String path, String body) throws IOException {
        return PackagedProcess.send(HttpRequest.newBuilder(
                URI.create(installation.ports.salesforceUrl() + "/services/data/v62.0" + path))
                .header("Authorization", "Bearer " + token).header("Content-Type", "application/json")
                .method(method, BodyPublishers.ofString(body)));
    }
}
