package io.leadroutes.webhook;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.leadroutes.ShortRounds;
import io.leadroutes.TestDatabase;
import io.leadroutes.compliance.Suppressions;
import io.leadroutes.compliance.Suppressions.Identity;
import io.leadroutes.process.PackagedProcess;
import io.leadroutes.sandbox.SandboxClient;
import io.leadroutes.sandbox.control.SandboxTime;
import io.leadroutes.sandbox.world.Person;
import io.leadroutes.sandbox.world.World;
import io.leadroutes.sandbox.zoominfo.ZoomInfoServer;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.apache.camel.CamelExecutionException;
import org.apache.camel.ProducerTemplate;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.jdbc.core.JdbcTemplate;

/** The routes of the webhooks between the stand-in of ZoomInfo and the queue of CRM updates. */
@QuarkusTest
@TestProfile(WebhookRoutesTest.Hooks.class)
class WebhookRoutesTest {

    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final String TOKEN = "a-token-of-this-test";

    public static class StandIn implements QuarkusTestResourceLifecycleManager {
        static final int APPLICATION = PackagedProcess.freePorts(1).get(0);
        private ZoomInfoServer zoominfo;

        @Override
        public Map<String, String> start() {
            zoominfo = ZoomInfoServer.start("127.0.0.1", 0, World.of(42), 42, SandboxTime.system());
            return Map.of("database.url", TestDatabase.migratedUrl(),
                    "zoominfo.base-url", "http://localhost:" + zoominfo.port(),
                    "test.zoominfo.port", "" + zoominfo.port(), "quarkus.http.test-port", "" + APPLICATION,
                    "zoominfo.webhook.url", "http://localhost:" + APPLICATION + "/webhooks/zoominfo");
        }

        @Override
        public void stop() {
            zoominfo.close();
        }
    }

    public static class Hooks implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            String routes = List.of("shared/*", "zoominfo/*", "intake/zoominfo-record-changed*", "pipeline/webhook-*",
                    "pipeline/batch-isolate", "jobs/zoominfo-webhook-a*", "jobs/zoominfo-webhook-c*",
                    "jobs/zoominfo-webhook-d*",
                    "jobs/zoominfo-webhook-e*", "jobs/zoominfo-webhook-ro*").stream()
                    .map(name -> "file:routes/" + name + ".camel.yaml").collect(Collectors.joining(","));
            return Map.of("camel.main.routes-include-pattern", routes, "zoominfo.tier.scaling.requests-per-second", "0",
                    "zoominfo.tier.standard.requests-per-second", "0", "zoominfo.tier.auth.requests-per-second", "0",
                    "zoominfo.retry.delay", "1", ShortRounds.KEY, ShortRounds.SHORT,
                    "zoominfo.pause.outage", "200ms", "zoominfo.pause.outage-most", "500ms",
                    "zoominfo.webhook.max-body-bytes", "20000");
        }

        @Override
        public List<TestResourceEntry> testResources() {
            return List.of(new TestResourceEntry(StandIn.class));
        }
    }

    @Inject
    DataSource dataSource;
    @Inject
    ProducerTemplate routes;
    @Inject
    Webhooks webhooks;
    @Inject
    Suppressions suppressions;
    @Inject
    MeterRegistry meters;
    @org.eclipse.microprofile.config.inject.ConfigProperty(name = "test.zoominfo.port")
    int port;

    private JdbcTemplate jdbc;
    private SandboxClient zoominfo;

    @BeforeEach
    void fresh() {
        jdbc = new JdbcTemplate(dataSource);
        jdbc.execute("truncate webhook, webhook_delivery, webhook_fetch, crm_update, suppression, dead_letter, "
                + "zoominfo_circuit cascade");
        zoominfo = new SandboxClient(port);
        zoominfo.post("/_sandbox/reset", "");
        zoominfo.settings("{\"limits\":{\"enforced\":false},\"webhooks\":{\"firstDelayMillis\":20}}");
        zoominfo.token(SandboxClient.json(zoominfo.post("/authenticate",
                "{\"username\":\"sandbox@leadroutes.example\",\"password\":\"sandbox-password\"}")).path("jwt").asText());
    }

    // ---- subscription

    @Test
    void aWebhookIsMadeTestedAndEnabledAndTheSecondRunChangesNothing() {
        zoominfo.post("/webhooks", "{\"title\":\"Foreign\",\"targetUrl\":\"https://other.example.com/x\",\"subscriptions\":"
                + "[{\"eventType\":\"Update\",\"objectType\":\"Contact\"}]}");
        align();
        JsonNode list = SandboxClient.json(zoominfo.get("/webhooks")).path("webhooks");
        assertThat(list).hasSize(2);
        JsonNode ours = list.path(1);
        assertThat(ours.path("enabled").asBoolean()).isTrue();
        assertThat(ours.path("targetUrl").asText()).endsWith("/webhooks/zoominfo");
        assertThat(ours.path("subscriptions")).extracting(s -> s.path("objectType").asText())
                .containsExactly("Contact", "Company");
        assertThat(given().get("/api/webhooks/zoominfo").jsonPath().getString("webhooks[0].webhookId"))
                .isEqualTo(ours.path("id").asText());
        align();
        assertThat(SandboxClient.json(zoominfo.get("/webhooks")).path("webhooks")).isEqualTo(list);
        assertThat(calls("/webhooks/validate")).isEqualTo(2);
    }

    @Test
    void aTestDeliveryWithoutATokenIsEnoughToEnable() {
        zoominfo.settings("{\"webhooks\":{\"validateWithToken\":false}}");
        align();
        assertThat(ours().path("enabled").asBoolean()).isTrue();
    }

    @Test
    void aWebhookWhoseTokenGotLostIsToldANewOneAndASecondOneOfOursGoes() {
        align();
        String id = ours().path("id").asText();
        jdbc.update("delete from webhook");
        zoominfo.post("/webhooks", "{\"title\":\"LeadRoutes\",\"targetUrl\":\"https://other.example.com/x\",\"subscriptions\":"
                + "[{\"eventType\":\"Update\",\"objectType\":\"Contact\"}]}");
        align();
        assertThat(SandboxClient.json(zoominfo.get("/webhooks")).path("webhooks")).hasSize(1);
        Person person = watched();
        change(person, "promoted");
        awaitUpdates(1);
        assertThat(webhooks.all()).extracting(Webhooks.Known::webhookId).containsExactly(id);
    }

    @Test
    void aWebhookThatIsGoneAtZoomInfoIsMadeAgain() {
        align();
        String id = ours().path("id").asText();
        zoominfo.send(zoominfo.request("/webhooks/" + id).DELETE());
        align();
        assertThat(ours().path("id").asText()).isNotEqualTo(id);
        assertThat(webhooks.all()).hasSize(1);
    }

    @Test
    void aRotationBegunAndNotEndedIsDoneAgain() {
        align();
        String id = ours().path("id").asText();
        zoominfo.post("/webhooks/" + id + "/token", "");
        webhooks.rotating(id);
        align();
        assertThat(webhooks.all().get(0).rotating()).isFalse();
        change(watched(), "promoted");
        awaitUpdates(1);
    }

    @Test
    void aRotationOverTheApiChangesTheTokenAndLosesNoDelivery() {
        align();
        Person person = watched();
        String before = jdbc.queryForObject("select token_hash from webhook", String.class);
        Response answer = given().post("/api/webhooks/zoominfo/rotate");
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.jsonPath().getBoolean("webhooks[0].rotationWanted")).isFalse();
        Map<String, Object> row = jdbc.queryForMap("select * from webhook");
        assertThat(row.get("token_hash")).isNotEqualTo(before);
        assertThat(row.get("previous_hash")).isEqualTo(before);
        change(person, "promoted");
        awaitUpdates(1);
    }

    @Test
    void aFailedCallLeavesTheRestForTheNextRunAndFreesTheLock() {
        zoominfo.settings("{\"faults\":[{\"kind\":\"status\",\"status\":400,\"path\":\"/webhooks/validate\",\"rate\":1}]}");
        org.assertj.core.api.Assertions.assertThatThrownBy(this::align).isInstanceOf(CamelExecutionException.class);
        assertThat(ours().path("enabled").asBoolean(true)).isFalse();
        zoominfo.settings("{\"faults\":[]}");
        align();
        assertThat(ours().path("enabled").asBoolean()).isTrue();
        assertThat(calls("/webhooks/validate")).isEqualTo(3);
    }

    @Test
    void withoutAWebhookThereIsNothingToRotate() {
        assertThat(given().post("/api/webhooks/zoominfo/rotate").statusCode()).isEqualTo(409);
    }

    // ---- deliveries

    @Test
    void aChangeInTheWorldBecomesOneUpdateOfTheCrmAndComingAgainNoSecondOne() {
        zoominfo.settings("{\"webhooks\":{\"duplicateRate\":1}}");
        align();
        Person person = watched();
        change(person, "promoted");
        await().atMost(PATIENCE).until(() -> zoominfo.stats().path("webhooks").path("delivered").asInt() == 2);
        Map<String, Object> update = jdbc.queryForMap("select * from crm_update");
        assertThat(update).containsEntry("origin", "webhook").containsEntry("kind", "PERSON")
                .containsEntry("zoominfo_id", Long.toString(person.id())).containsEntry("priority", 1);
        assertThat(update.get("changed_attributes").toString()).contains("jobTitle");
        assertThat(update.get("profile").toString()).contains("\"company\"", "\"lastUpdatedDate\"");
        assertThat(jdbc.queryForObject("select repeats from webhook_delivery where records = 1 and webhook_id <> '0'",
                Integer.class)).isEqualTo(1);
    }

    @Test
    void aDeliveryWithoutValuesIsCompletedByAnEnrichCallThatCostsNothing() {
        long credits = zoominfo.stats().path("credits").path("charged").asLong();
        Person person = watched();
        assertThat(zoominfo.stats().path("credits").path("charged").asLong()).isEqualTo(credits + 1);
        known("1");
        assertThat(deliver(TOKEN, body("1", "Contact", "{\"id\":\"" + person.id() + "\",\"firstName\":\"A\",\"lastName\":\"B\","
                + "\"email\":\"a@b.com\",\"changedAttributes\":[\"jobTitle\"]}")).statusCode()).isEqualTo(200);
        awaitUpdates(1);
        Map<String, Object> update = jdbc.queryForMap("select * from crm_update");
        assertThat(update.get("profile").toString()).contains(person.lastName(), "\"company\"");
        assertThat(update.get("changed_attributes").toString()).isEqualTo("[\"jobTitle\"]");
        assertThat(count("webhook_fetch")).isZero();
        assertThat(zoominfo.stats().path("credits").path("charged").asLong()).isEqualTo(credits + 1);
    }

    @Test
    void companiesAreFetchedTooAndWhoHasOptedOutMeanwhileIsSuppressed() {
        Person person = watched();
        zoominfo.post("/_sandbox/changes", "{\"personId\":" + person.id() + ",\"change\":\"opted-out\"}");
        known("1");
        deliver(TOKEN, body("1", "company", "{\"id\":" + person.company().id() + ",\"changedAttributes\":[\"name\"]}"));
        deliver(TOKEN, body("1", "Contact", "{\"id\":" + person.id() + ",\"changedAttributes\":[\"jobTitle\"]}"));
        awaitUpdates(2);
        assertThat(jdbc.queryForList("select kind || ' ' || zoominfo_id from crm_update order by 1", String.class))
                .containsExactly("COMPANY " + person.company().id(), "OPT_OUT " + person.id());
        assertThat(suppressions.suppressedPersons(List.of(Long.toString(person.id())))).hasSize(1);
    }

    @Test
    void whoOptsOutIsSuppressedByIdAndAddressAndMarkedInTheCrm() {
        align();
        Person person = watched();
        change(person, "opted-out");
        awaitUpdates(1);
        assertThat(jdbc.queryForObject("select kind from crm_update", String.class)).isEqualTo("OPT_OUT");
        assertThat(jdbc.queryForObject("select fields::text from crm_update", String.class))
                .contains("ZoomInfo_Opted_Out__c");
        assertThat(suppressions.isSuppressed(new Identity(Optional.empty(), Optional.of(person.email()), Optional.empty())))
                .isTrue();
        assertThat(suppressions.suppressedPersons(List.of(Long.toString(person.id())))).hasSize(1);
    }

    @Test
    void theOneThatSpoilsAFetchEndsInADeadLetterAndTheOthersAreUpdated() {
        List<Person> people = IntStream.range(0, 3).mapToObj(i -> watched()).toList();
        zoominfo.settings("{\"faults\":[{\"kind\":\"status\",\"status\":400,\"message\":\"There are invalid fields in your request\","
                + "\"path\":\"/enrich/contact\",\"contains\":\"" + people.get(1).id() + "\",\"rate\":1}]}");
        known("1");
        deliver(TOKEN, body("1", "Contact", phonesChanged(people)));
        awaitUpdates(2);
        await().atMost(PATIENCE).until(() -> count("dead_letter") == 1);
        Map<String, Object> letter = jdbc.queryForMap("select * from dead_letter");
        assertThat(letter).containsEntry("stage", "WEBHOOK_FETCH").containsEntry("failure_class", "INVALID_REQUEST");
        assertThat(letter.get("payload").toString()).contains(Long.toString(people.get(1).id()));
        zoominfo.settings("{\"faults\":[]}");
        assertThat(given().contentType("application/json").post("/api/dead-letters/" + letter.get("request_id") + "/replay")
                .statusCode()).isEqualTo(200);
        awaitUpdates(3);
    }

    @ParameterizedTest
    @CsvSource({"0, 500, 10", "12, 500, 10", "24, 500, 10", "11, 400, 8"})
    void oneRecordThatSpoilsAFetchOf25IsFoundWithFewCallsAndTheOther24AreUpdated(int place, int status, int most) {
        List<Person> people = people(25);
        String poison = Long.toString(people.get(place).id());
        zoominfo.settings("{\"faults\":[{\"kind\":\"status\",\"status\":" + status + ",\"path\":\"/enrich/contact\","
                + "\"contains\":\"" + poison + "\",\"rate\":1}]}");
        known("1");
        deliver(TOKEN, body("1", "Contact", phonesChanged(people)));
        await().atMost(PATIENCE).until(() -> count("dead_letter") == 1);
        awaitUpdates(24);
        assertThat(calls("/enrich/contact") - 1).as("calls more than the one that was needed")
                .isLessThanOrEqualTo(most);
        assertThat(jdbc.queryForList("select zoominfo_id from crm_update", String.class)).doesNotContain(poison)
                .doesNotHaveDuplicates();
        assertThat(jdbc.queryForMap("select * from dead_letter")).containsEntry("stage", "WEBHOOK_FETCH")
                .containsEntry("status", status).containsEntry("request_id_kind", "RESPONSE")
                .containsEntry("failure_class", status == 500 ? "SERVER_ERROR" : "INVALID_REQUEST");
    }

    @Test
    void errorsForEveryRecordAreAnOutageAndNobodysDeadLetter() {
        zoominfo.settings("{\"faults\":[{\"kind\":\"status\",\"status\":500,\"path\":\"/enrich/contact\","
                + "\"rate\":1}]}");
        known("1");
        deliver(TOKEN, body("1", "Contact", phonesChanged(people(25))));
        await().atMost(PATIENCE).until(() -> jdbc.queryForObject(
                "select count(*) from zoominfo_circuit where state = 'OPEN' and tries >= 1", Long.class) == 1);
        assertThat(count("dead_letter")).isZero();
        assertThat(count("webhook_fetch")).isEqualTo(25);
        zoominfo.settings("{\"faults\":[]}");
        awaitUpdates(25);
        assertThat(count("dead_letter")).isZero();
    }

    @Test
    void aFetchWaitsWhileTheAccountMayNotGoOn() {
        Person person = watched();
        zoominfo.settings("{\"auth\":{\"apiAccess\":false}}");
        known("1");
        deliver(TOKEN, body("1", "Contact", "{\"id\":" + person.id() + ",\"changedAttributes\":[\"phone\"]}"));
        await().atMost(PATIENCE).until(() -> jdbc.queryForList("select waits_for from webhook_fetch", String.class)
                .contains("NOT_LICENSED"));
        zoominfo.settings("{\"auth\":{\"apiAccess\":true}}");
        jdbc.update("update zoominfo_circuit set retry_at = now()");
        jdbc.update("update webhook_fetch set available_at = now()");
        awaitUpdates(1);
        assertThat(count("dead_letter")).isZero();
    }

    @Test
    void aTestDeliveryAndOneOfAnotherWebhookHaveNoEffect() {
        known("1");
        assertThat(deliver(TOKEN, body("0", "Contact", "{\"id\":1,\"jobTitle\":\"x\",\"changedAttributes\":[\"jobTitle\"]}"))
                .statusCode()).isEqualTo(200);
        assertThat(count("crm_update")).isZero();
        assertThat(count("webhook_fetch")).isZero();
    }

    // ---- tokens

    @ParameterizedTest
    @ValueSource(strings = {"wrong", " ", "A-TOKEN-OF-THIS-TEST"})
    void aWrongTokenIs401AndCountedAndNothingIsStored(String token) {
        known("1");
        double before = counted("wrong-token");
        Response answer = deliver(token, body("1", "Contact", "{\"id\":1,\"jobTitle\":\"x\"}"));
        problem(answer, 401);
        assertThat(counted("wrong-token")).isEqualTo(before + 1);
        assertThat(count("webhook_delivery")).isZero();
    }

    @Test
    void noTokenIs401AndATokenInAnyCaseOfTheHeaderIsTaken() {
        known("1");
        problem(given().contentType("application/json").body(body("1", "Contact", "")).post("/webhooks/zoominfo"), 401);
        assertThat(given().contentType("application/json").header("X-ZoomInfo-Token", TOKEN)
                .body(body("1", "Contact", "")).post("/webhooks/zoominfo").statusCode()).isEqualTo(200);
    }

    @Test
    void theTokenBeforeIsTakenUntilItsGraceIsOver() {
        known("1");
        webhooks.rotated("1", "the next one", Duration.ofHours(1));
        String record = "{\"id\":1,\"jobTitle\":\"";
        assertThat(deliver(TOKEN, body("1", "Contact", record + "a\"}")).statusCode()).isEqualTo(200);
        assertThat(deliver("the next one", body("1", "Contact", record + "b\"}")).statusCode()).isEqualTo(200);
        jdbc.update("update webhook set previous_until = now() - interval '1 second'");
        problem(deliver(TOKEN, body("1", "Contact", record + "c\"}")), 401);
        assertThat(deliver("the next one", body("1", "Contact", record + "d\"}")).statusCode()).isEqualTo(200);
        assertThat(count("crm_update")).isEqualTo(3);
    }

    @Test
    void whileATokenIsBeingRotatedAnUnknownOneIsAskedToComeAgain() {
        known("1");
        webhooks.rotating("1");
        problem(deliver("perhaps the next one", body("1", "Contact", "")), 503);
        assertThat(deliver(TOKEN, body("1", "Contact", "")).statusCode()).isEqualTo(200);
    }

    @Test
    void noTokenIsKeptAsItIs() {
        known("1");
        assertThat(jdbc.queryForList("select * from webhook").toString()).doesNotContain(TOKEN);
    }

    // ---- form

    @Test
    void whatIsNoDeliveryIsRefusedWithAProblemThatNamesIt() {
        known("1");
        String many = IntStream.range(0, 26).mapToObj(i -> "{\"id\":" + i + "}").collect(Collectors.joining(","));
        assertThat(problem(deliver(TOKEN, body("1", "Contact", many)), 400)).contains("at most 25");
        assertThat(problem(deliver(TOKEN, "{\"data\":"), 400)).contains("line 1");
        assertThat(problem(deliver(TOKEN, body("1", "Contact", "{\"id\":\"x\"}")), 400)).contains("data[0].id");
        problem(deliver(TOKEN, body("1", "Contact", "{\"id\":1,\"jobTitle\":\"" + "x".repeat(20_000) + "\"}")), 413);
        problem(given().header("x-zoominfo-token", TOKEN).contentType("text/plain").body("x").post("/webhooks/zoominfo"), 415);
        assertThat(count("webhook_delivery")).isZero();
    }

    @Test
    void equalDeliveriesThatLieFarApartTellOfTwoChanges() {
        known("1");
        String body = body("1", "Contact", "{\"id\":7,\"jobTitle\":\"x\",\"changedAttributes\":[\"jobTitle\"]}");
        assertThat(deliver(TOKEN, body).jsonPath().getBoolean("repeated")).isFalse();
        assertThat(deliver(TOKEN, body).jsonPath().getBoolean("repeated")).isTrue();
        jdbc.update("update webhook_delivery set received_at = now() - interval '2 hours'");
        assertThat(deliver(TOKEN, body).jsonPath().getBoolean("repeated")).isFalse();
        assertThat(deliver(TOKEN, body).jsonPath().getBoolean("repeated")).isTrue();
        assertThat(count("crm_update")).isEqualTo(2);
    }

    @Test
    void nothingOfADeliveryStaysWhenAPartOfItCannotBeStored() {
        known("1");
        jdbc.execute("alter table webhook_fetch add constraint full_up check (zoominfo_id <> '8')");
        try {
            String body = body("1", "Contact", "{\"id\":7,\"jobTitle\":\"x\",\"changedAttributes\":[\"jobTitle\"]},"
                    + "{\"id\":9,\"optOut\":true},{\"id\":8,\"changedAttributes\":[\"jobTitle\"]}");
            assertThat(problem(deliver(TOKEN, body), 503)).doesNotContain("full_up");
            assertThat(count("crm_update") + count("webhook_delivery") + count("suppression")).isZero();
        } finally {
            jdbc.execute("alter table webhook_fetch drop constraint full_up");
        }
    }

    private void align() {
        routes.requestBody("direct:zoominfo-webhook-align", "");
    }

    private JsonNode ours() {
        return SandboxClient.json(zoominfo.get("/webhooks")).path("webhooks").path(0);
    }

    private long calls(String path) {
        return zoominfo.get("/_sandbox/calls?path=" + path).body().lines().count();
    }

    private void known(String webhookId) {
        webhooks.created(webhookId, "LeadRoutes", "http://localhost/webhooks/zoominfo", TOKEN);
    }

    private static int people;

    /** A person who is enriched, so that ZoomInfo watches them. */
    private Person watched() {
        Person person = Worlds.WORLD.people().stream().filter(p -> !p.optedOut() && !p.email().isEmpty()
                && p.id() > 0 && p.managementLevel().equals("Manager")).skip(100 + 50L * people++).findFirst().orElseThrow();
        assertThat(zoominfo.post("/enrich/contact", "{\"matchPersonInput\":[{\"personId\":" + person.id()
                + "}],\"outputFields\":[\"id\"]}").statusCode()).isEqualTo(200);
        return person;
    }

    private static List<Person> people(int count) {
        return Worlds.WORLD.people().stream().filter(p -> !p.optedOut() && p.id() > 1_000_000).limit(count).toList();
    }

    private static String phonesChanged(List<Person> people) {
        return people.stream().map(p -> "{\"id\":" + p.id() + ",\"changedAttributes\":[\"phone\"]}")
                .collect(Collectors.joining(","));
    }

    /** Loaded on first use: the class of this test is loaded more than once. */
    private static final class Worlds {
        static final World WORLD = World.of(42);
    }

    private void change(Person person, String kind) {
        assertThat(zoominfo.post("/_sandbox/changes", "{\"personId\":" + person.id() + ",\"change\":\"" + kind + "\"}")
                .statusCode()).isEqualTo(200);
    }

    private static Response deliver(String token, String body) {
        return given().contentType("application/json").header("x-zoominfo-token", token).body(body).post("/webhooks/zoominfo");
    }

    private static String body(String webhookId, String objectType, String records) {
        return "{\"webhookDetails\":{\"id\":\"" + webhookId + "\",\"title\":\"LeadRoutes\",\"objectType\":\"" + objectType
                + "\",\"eventType\":\"Update\"},\"data\":[" + records + "]}";
    }

    private void awaitUpdates(int count) {
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(count("crm_update")).isEqualTo(count));
    }

    private long count(String table) {
        return jdbc.queryForObject("select count(*) from " + table, Long.class);
    }

    private double counted(String outcome) {
        return meters.counter("leadroutes.webhook.deliveries", "outcome", outcome).count();
    }

    private static String problem(Response answer, int status) {
        assertThat(answer.statusCode()).as(answer.asString()).isEqualTo(status);
        assertThat(answer.contentType()).startsWith("application/problem+json");
        assertThat(answer.jsonPath().getString("title")).isNotBlank();
        return answer.asString();
    }
}
