package io.leadroutes.crm.salesforce;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.leadroutes.lead.LeadJson;
import io.leadroutes.sandbox.salesforce.SalesforceSandbox;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.restassured.path.json.JsonPath;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.JdbcTemplate;

/** Intake and write-back together against the Salesforce stand-in. */
@QuarkusTest
@TestProfile(SalesforceStandInTest.Both.class)
class SalesforceStandInTest {

    private static final String OWNER = "005Sb0000000001IAA";

    public static class Both implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of("salesforce.stream.enabled", "true", "salesforce.stream.retry-initial", "PT0.1S",
                    "salesforce.stream.check-every", "PT0.1S", "compliance.ask-zoominfo", "false",
                    "camel.main.routes-include-pattern", "file:routes/intake/salesforce-lead-created.camel.yaml,"
                            + "file:routes/pipeline/lead-write-back*.camel.yaml,"
                            + "file:routes/pipeline/compliance-gate.camel.yaml,file:routes/shared/salesforce-*.camel.yaml");
        }

        @Override
        public List<TestResourceEntry> testResources() {
            return List.of(new TestResourceEntry(StandInBench.class));
        }
    }

    SalesforceSandbox sandbox;

    @Inject
    DataSource dataSource;
    @Inject
    SalesforceStream stream;

    @Test
    void leadsCreatedWhileTheStreamWasDownArriveAndAreWrittenBackOnceWithoutComingInAgain() throws Exception {
        JdbcTemplate jdbc = new JdbcTemplate(dataSource);
        String token = token();
        String first = create(token, "First");
        within(() -> assertThat(taken(jdbc, first)).isEqualTo(1));
        stream.onStop(null);
        List<String> missed = Stream.of("Second", "Third", "Fourth").map(name -> create(token, name)).toList();
        stream.onStart(null);
        within(() -> assertThat(missed).allSatisfy(id -> assertThat(taken(jdbc, id)).isEqualTo(1)));

        missed.forEach(id -> decide(jdbc, id));
        within(() -> assertThat(jdbc.queryForObject("select count(*) from lead_event where state = 'DONE' and source = 'salesforce'",
                Integer.class)).isEqualTo(3));
        JsonPath written = read(token, missed.get(0));
        assertThat(written.getString("OwnerId")).isEqualTo(OWNER);
        assertThat(written.getFloat("LeadRoutes_Score__c")).isEqualTo(86f);
        assertThat(written.getString("Title")).isEqualTo("VP");
        assertThat(written.getString("Company")).isEqualTo("Acme");

        String last = create(token, "Last");
        within(() -> assertThat(taken(jdbc, last)).isEqualTo(1));
        assertThat(jdbc.queryForObject("select count(*) from lead_event where source = 'salesforce'", Integer.class)).isEqualTo(5);
    }

    @Test
    void aLeadFromElsewhereIsCreatedInSalesforceAndUpdatedTheNextTime() {
        JdbcTemplate jdbc = new JdbcTemplate(dataSource);
        String recordId = "form '" + UUID.randomUUID();
        for (String version : List.of("1", "2")) {
            jdbc.update("""
                    insert into lead_event (event_id, source, record_id, version, request_id, state, lead)
                    values (?, 'web', ?, ?, 'r', 'RECEIVED', ?::jsonb)""", UUID.randomUUID(), recordId, version,
                    LeadJson.write(Map.of("source", "web", "recordId", recordId, "version", version,
                            "lastName", "Elsewhere")));
            decide(jdbc, recordId);
            within(() -> assertThat(jdbc.queryForObject("""
                    select count(*) from lead_event where record_id = ? and state = 'DONE'""", Integer.class, recordId))
                    .isEqualTo(Integer.parseInt(version)));
        }
        assertThat(jdbc.queryForList("select distinct writes->0->>'recordId' from lead_event where record_id = ?",
                String.class, recordId)).hasSize(1);
    }

    private static void decide(JdbcTemplate jdbc, String recordId) {
        jdbc.update("""
                insert into ruleset (version, state, content, source) values (repeat('0', 64), 'live', '{}', '{}')
                on conflict do nothing""");
        UUID event = jdbc.queryForObject("select event_id from lead_event where record_id = ? and state = 'RECEIVED'",
                UUID.class, recordId);
        UUID decision = UUID.randomUUID();
        jdbc.update("""
                insert into decision (id, event_id, number, source, record_id, version, facts, receipt, receipt_hash,
                                      previous_hash, at)
                values (?, ?, 1, 'x', ?, repeat('0', 64), '{}', ?::jsonb, 'h', ?, now())""", decision, event, recordId,
                LeadJson.write(Map.of("headline", "Assigned to Ana Ruiz.",
                        "score", Map.of("total", 86, "tier", "Hot", "grade", "A2"),
                        "route", Map.of("action", "assign", "rule", "us-west"))), event.toString());
        jdbc.update("""
                insert into assignment (id, event_id, number, decision_id, source, record_id, target, owner, owner_name, at)
                values (?, ?, 1, ?, 'x', ?, 'user:ana', ?, 'Ana Ruiz', now())""",
                UUID.randomUUID(), event, decision, recordId, OWNER);
        jdbc.update("""
                update lead_event set state = 'DECIDED', match_status = 'FULL_MATCH', enrichment = ?::jsonb
                where event_id = ?""", LeadJson.write(Map.of("id", 4711, "jobTitle", "VP", "company",
                        Map.of("id", 99, "name", "Other"))), event);
    }

    private String token() {
        return given().baseUri("http://localhost:" + sandbox.port()).formParams(Map.of("grant_type", "password",
                "client_id", SalesforceSandbox.CONSUMER_KEY, "client_secret", SalesforceSandbox.CONSUMER_SECRET,
                "username", SalesforceSandbox.USERNAME, "password", SalesforceSandbox.PASSWORD))
                .post("/services/oauth2/token").jsonPath().getString("access_token");
    }

    private String create(String token, String lastName) {
        return given().baseUri("http://localhost:" + sandbox.port()).auth().oauth2(token)
                .contentType("application/json").body(Map.of("LastName", lastName, "Company", "Acme"))
                .post("/services/data/v62.0/sobjects/Lead").jsonPath().getString("id");
    }

    private JsonPath read(String token, String id) {
        return given().baseUri("http://localhost:" + sandbox.port()).auth().oauth2(token)
                .get("/services/data/v62.0/sobjects/Lead/" + id).jsonPath();
    }

    private static int taken(JdbcTemplate jdbc, String recordId) {
        return jdbc.queryForObject("select count(*) from lead_event where record_id = ?", Integer.class, recordId);
    }

    private static void within(org.awaitility.core.ThrowingRunnable assertion) {
        await().atMost(Duration.ofSeconds(20)).pollInterval(Duration.ofMillis(50)).untilAsserted(assertion);
    }
}
