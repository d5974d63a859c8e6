package io.leadroutes.crm.salesforce;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.leadroutes.ShortRounds;
import io.leadroutes.lead.LeadJson;
import io.leadroutes.sandbox.salesforce.SalesforceSandbox;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.jdbc.core.JdbcTemplate;

/** Leads that were created while the stream was down, against the Salesforce stand-in. */
@QuarkusTest
@TestProfile(SalesforceReconcileTest.Reconcile.class)
class SalesforceReconcileTest {

    private static final int PAGE = 70;
    private static final String PEOPLE = "ana@leadroutes.example";

    public static class Reconcile implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of(ShortRounds.KEY, ShortRounds.SHORT,
                    "salesforce.stream.enabled", "true", "salesforce.stream.retry-initial", "PT0.1S",
                    "salesforce.stream.check-every", "PT0.1S", "salesforce.reconcile.pause", "PT0.1S",
                    "salesforce.reconcile.page-size", Integer.toString(PAGE), "salesforce.limits.watch", "PT0.5S",
                    "camel.main.routes-include-pattern", "file:routes/intake/salesforce-lead-created.camel.yaml,"
                            + "file:routes/jobs/salesforce-*.camel.yaml,file:routes/shared/job.camel.yaml,"
                            + "file:routes/shared/salesforce-*.camel.yaml");
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
    @Inject
    Reconciliation reconciliation;

    private JdbcTemplate jdbc;
    private String token;

    @BeforeEach
    void quiet() {
        jdbc = new JdbcTemplate(dataSource);
        token = token(PEOPLE);
        within(() -> assertThat(stream.status().state()).isEqualTo(SalesforceStream.State.SUBSCRIBED));
        idle();
    }

    @AfterEach
    void wellBehaved() {
        settings("{\"faults\":[],\"pubsub\":{\"retentionHours\":72},\"stampLagSeconds\":0,\"apiRequestsPerDay\":1000000}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"expired", "invalid", "foreign"})
    void allLeadsCreatedDuringAnOutageComeInOnceWhateverBecameOfTheReplayId(String replayId) throws Exception {
        String before = create("Before");
        within(() -> assertThat(taken(before)).isEqualTo(1));
        stream.onStop(null);
        int eventsBefore = rows();
        List<String> people = createMany(300, Map.of());
        List<String> ours = createMany(15, Map.of("LeadRoutes_Id__c", "web:" + System.nanoTime() + "-"));
        List<String> deleted = people.subList(0, 5);
        deleted.forEach(id -> call().delete(data("sobjects/Lead/" + id)).then().statusCode(204));
        people.subList(100, 140).forEach(id -> call().body(Map.of("Title", "CEO")).patch(data("sobjects/Lead/" + id))
                .then().statusCode(204));
        switch (replayId) {
            case "expired" -> settings("{\"pubsub\":{\"retentionHours\":0}}");
            case "invalid" -> control("replay-ids/invalidate", "");
            default -> control("replay-ids/shift", "{\"by\":150}");
        }
        stream.onStart(null);

        List<String> wanted = people.subList(5, people.size());
        within(() -> assertThat(known(wanted)).hasSize(wanted.size()));
        idle();
        within(() -> assertThat(jdbc.queryForObject("select max(n) from (select count(*) as n from lead_event "
                + "group by record_id) as each", Integer.class)).isEqualTo(1));
        assertThat(known(ours)).isEmpty();
        // What the bus still has of them it tells, and only that: they are gone by now.
        assertThat(known(deleted)).hasSizeLessThanOrEqualTo(replayId.equals("expired") ? 0 : deleted.size());
        assertThat(rows() - eventsBefore).isEqualTo(wanted.size() + known(deleted).size());
        if (replayId.equals("expired")) {
            assertThat(jdbc.queryForObject("select count(*) from lead_event where record_id = any (?) "
                    + "and lead ->> 'title' = 'CEO'", Integer.class, (Object) people.toArray(String[]::new))).isEqualTo(40);
        }
        String later = create("Later");
        within(() -> assertThat(taken(later)).isEqualTo(1));
    }

    @Test
    void aLeadLooksTheSameFromTheStreamAndFromAReconciliation() {
        String id = call().body(Map.of("LastName", "Same", "FirstName", "Ada", "Company", "Acme", "Street", "Main St 1",
                "AnnualRevenue", 1_000_000, "LeadSource", "Web", "DoNotCall", true, "Title", "CEO"))
                .post(data("sobjects/Lead")).jsonPath().getString("id");
        within(() -> assertThat(taken(id)).isEqualTo(1));
        Map<String, Object> streamed = lead(id);
        jdbc.update("delete from lead_event where record_id = ?", id);
        reconciliation.want("test");

        within(() -> assertThat(taken(id)).isEqualTo(1));
        assertThat(lead(id)).isEqualTo(streamed);
    }

    @Test
    void whatTheStreamSkippedIsFoundAlsoWhenItWasStampedBeforeTheLastSearchBegan() throws Exception {
        reconciliation.want("test");
        idle();
        stream.onStop(null);
        settings("{\"stampLagSeconds\":600}");
        String late = create("Late");
        settings("{\"pubsub\":{\"retentionHours\":0},\"stampLagSeconds\":0}");
        stream.onStart(null);

        within(() -> assertThat(taken(late)).isEqualTo(1));
    }

    @Test
    void aSearchThatWasCutOffGoesOnAtItsPlaceWithoutReadingAPageTwice() throws Exception {
        stream.onStop(null);
        List<String> people = createMany(4 * PAGE, Map.of());
        settings("{\"faults\":[{\"kind\":\"status\",\"status\":503,\"path\":\"/services/data/v62.0/composite/sobjects/Lead\","
                + "\"calls\":[3]}]}");
        reconciliation.want("test");

        within(() -> assertThat(known(people)).hasSize(people.size()));
        idle();
        Reconciliation.Progress done = reconciliation.progress();
        assertThat(done.missed()).isEqualTo(people.size());
        String from = jdbc.queryForObject("select to_char(range_from at time zone 'utc', 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"') "
                + "from salesforce_reconcile", String.class);
        assertThat(done.lookedAt()).isEqualTo(call().queryParam("q", "SELECT COUNT() FROM Lead WHERE SystemModstamp >= "
                + from).get(data("query")).jsonPath().getLong("totalSize"));
        stream.onStart(null);
    }

    @Test
    void aSearchStandsBackWhileFewApiCallsAreLeftAndGoesOnWhenThereAreMore() {
        String id = create("Waiting");
        within(() -> assertThat(taken(id)).isEqualTo(1));
        jdbc.update("delete from lead_event where record_id = ?", id);
        long used = call().get(data("limits")).jsonPath().getLong("DailyApiRequests.Max")
                - call().get(data("limits")).jsonPath().getLong("DailyApiRequests.Remaining");
        settings("{\"apiRequestsPerDay\":" + (used + used / 5) + "}");
        // The watch reads the new limit first.
        within(() -> assertThat(io.restassured.RestAssured.get("/api/usage").jsonPath()
                .getDouble("salesforce.apiRequests.share")).isBetween(0.8, 1.0));
        reconciliation.want("test");
        within(() -> assertThat(reconciliation.progress().waitsFor()).contains("Salesforce's limit of API calls"));
        assertThat(taken(id)).isZero();

        // Each answer tells the limit, so that nobody has to ask for it.
        settings("{\"apiRequestsPerDay\":1000000}");
        within(() -> assertThat(taken(id)).isEqualTo(1));
    }

    private void idle() {
        within(() -> assertThat(jdbc.queryForObject("select not running and wanted_cause is null from salesforce_reconcile",
                Boolean.class)).isTrue());
    }

    private List<String> createMany(int count, Map<String, String> further) {
        List<String> ids = new ArrayList<>();
        for (int from = 0; from < count; from += 200) {
            List<Map<String, Object>> records = IntStream.range(from, Math.min(count, from + 200)).mapToObj(i -> {
                Map<String, Object> record = new java.util.LinkedHashMap<>(Map.of("attributes", Map.of("type", "Lead"),
                        "LastName", "Missed " + i, "Company", "Acme"));
                further.forEach((name, value) -> record.put(name, value + i));
                return record;
            }).toList();
            RequestSpecification call = further.isEmpty() ? call() : call(token(SalesforceSandbox.USERNAME))
                    .header("Sforce-Call-Options", SalesforceConnection.CLIENT);
            ids.addAll(call.body(Map.of("allOrNone", false, "records", records)).post(data("composite/sobjects"))
                    .jsonPath().getList("id", String.class));
        }
        assertThat(ids).hasSize(count).doesNotContainNull();
        return ids;
    }

    private String create(String lastName) {
        return call().body(Map.of("LastName", lastName, "Company", "Acme")).post(data("sobjects/Lead")).jsonPath()
                .getString("id");
    }

    private RequestSpecification call() {
        return call(token);
    }

    private RequestSpecification call(String accessToken) {
        return given().baseUri("http://localhost:" + sandbox.port()).auth().oauth2(accessToken)
                .contentType("application/json");
    }

    private static String data(String path) {
        return "/services/data/v62.0/" + path;
    }

    private String token(String user) {
        return given().baseUri("http://localhost:" + sandbox.port()).formParams(Map.of("grant_type", "password",
                "client_id", SalesforceSandbox.CONSUMER_KEY, "client_secret", SalesforceSandbox.CONSUMER_SECRET,
                "username", user, "password", SalesforceSandbox.PASSWORD))
                .post("/services/oauth2/token").jsonPath().getString("access_token");
    }

    private void settings(String json) {
        Response answer = given().baseUri("http://localhost:" + sandbox.port()).body(json).put("/_sandbox/settings");
        assertThat(answer.statusCode()).as(answer.asString()).isEqualTo(200);
    }

    private void control(String command, String json) {
        given().baseUri("http://localhost:" + sandbox.port()).body(json).post("/_sandbox/" + command).then()
                .statusCode(200);
    }

    private TreeSet<String> known(List<String> ids) {
        return new TreeSet<>(jdbc.queryForList("select record_id from lead_event where record_id = any (?)", String.class,
                (Object) ids.toArray(String[]::new)));
    }

    private Map<String, Object> lead(String id) {
        return LeadJson.object(jdbc.queryForObject("select lead from lead_event where record_id = ?", Object.class, id));
    }

    private int rows() {
        return jdbc.queryForObject("select count(*) from lead_event", Integer.class);
    }

    private int taken(String recordId) {
        return jdbc.queryForObject("select count(*) from lead_event where record_id = ?", Integer.class, recordId);
    }

    private static void within(org.awaitility.core.ThrowingRunnable assertion) {
        await().atMost(Duration.ofSeconds(20)).pollInterval(Duration.ofMillis(50)).untilAsserted(assertion);
    }
}
