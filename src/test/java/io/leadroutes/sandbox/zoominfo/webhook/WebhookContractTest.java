package io.leadroutes.sandbox.zoominfo.webhook;

import static io.leadroutes.sandbox.SandboxClient.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.leadroutes.sandbox.ManualTime;
import io.leadroutes.sandbox.SandboxClient;
import io.leadroutes.sandbox.world.Company;
import io.leadroutes.sandbox.world.Person;
import io.leadroutes.sandbox.world.World;
import io.leadroutes.sandbox.zoominfo.ZoomInfoServer;
import io.leadroutes.sandbox.zoominfo.webhook.Receiver.Arrival;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The webhooks of the stand-in as a client and as a receiver see them. */
class WebhookContractTest {

    private static final World WORLD = World.of(42);
    private static final ManualTime TIME = new ManualTime();
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final String DATE = "\\d\\d-\\d\\d-\\d{4}T\\d\\d:\\d\\d:\\d\\d\\.000Z";
    private static ZoomInfoServer server;
    private static SandboxClient client;
    private static Receiver receiver;

    @BeforeAll
    static void start() throws IOException {
        server = ZoomInfoServer.start("127.0.0.1", 0, WORLD, 42, TIME);
        client = new SandboxClient(server.port());
        receiver = new Receiver();
    }

    @AfterAll
    static void stop() {
        server.close();
        receiver.close();
    }

    @BeforeEach
    void fresh() {
        client.token("");
        client.post("/_sandbox/reset", "");
        client.settings("{\"limits\":{\"enforced\":false},\"webhooks\":{\"firstDelayMillis\":5}}");
        client.token(json(client.post("/authenticate",
                "{\"username\":\"sandbox@leadroutes.example\",\"password\":\"sandbox-password\"}")).path("jwt").asText());
        receiver.forget();
    }

    @Test
    void createAnswersIdDatesAndTokenAsDocumentedAndListsNeverShowTheToken() {
        JsonNode created = create(false, true, "Contact");
        assertThat(created.path("id").asText()).matches("\\d{9}");
        assertThat(created.path("createdDate").asText()).isEqualTo("11-02-2026T08:00:00.000Z");
        assertThat(created.path("verificationToken").asText()).matches("[A-Za-z0-9+/]{86}==");
        assertThat(created.path("enabled").asBoolean(true)).isFalse();
        JsonNode subscription = created.path("subscriptions").path(0);
        assertThat(subscription.path("createdDate").asText()).matches(DATE);
        assertThat(subscription.path("modifiedDate").asText()).matches(DATE);
        assertThat(subscription.path("eventType").asText()).isEqualTo("Update");
        assertThat(subscription.path("objectType").asText()).isEqualTo("Contact");
        assertThat(subscription.path("subscriptionId").asText()).matches("\\d+");

        JsonNode listed = json(client.get("/webhooks")).path("webhooks");
        JsonNode one = json(client.get("/webhooks/" + created.path("id").asText()));
        assertThat(listed).hasSize(1);
        assertThat(listed.path(0)).isEqualTo(one);
        assertThat(one.has("verificationToken")).isFalse();
        HttpResponse<String> types = client.get("/webhooks/subscriptiontypes");
        assertThat(types.body()).isEqualTo("{\"objectTypes\":[\"Contact\",\"Company\"],\"eventTypes\":[\"Update\"]}");
        assertThat(types.headers().firstValue("X-Usage-Request-Limit-Limit")).contains("-1");
        assertThat(types.headers().firstValue("X-RateLimit-Limit")).contains("2000");
    }

    @Test
    void putMergesWhatIsGivenAndAddsChangesAndDeletesSubscriptions() {
        JsonNode created = create(false, true, "Contact");
        String id = created.path("id").asText();
        String first = created.path("subscriptions").path(0).path("subscriptionId").asText();

        JsonNode changed = put(id, "{\"title\":\"Other\",\"subscriptions\":[{\"eventType\":\"Update\",\"objectType\":\"Company\","
                + "\"fullPayload\":false},{\"subscriptionId\":\"" + first + "\",\"fullPayload\":false}]}");
        assertThat(changed.path("title").asText()).isEqualTo("Other");
        assertThat(changed.path("enabled").asBoolean(true)).isFalse();
        assertThat(changed.path("targetUrl").asText()).isEqualTo(receiver.url());
        assertThat(changed.path("subscriptions")).hasSize(2);
        assertThat(changed.path("subscriptions").path(0).path("fullPayload").asBoolean(true)).isFalse();
        assertThat(changed.path("subscriptions").path(0).path("objectType").asText()).isEqualTo("Contact");

        JsonNode without = put(id, "{\"enabled\":true,\"subscriptions\":[{\"subscriptionId\":\"" + first + "\"}]}");
        assertThat(without.path("enabled").asBoolean()).isTrue();
        assertThat(without.path("subscriptions")).hasSize(1);
        assertThat(without.path("subscriptions").path(0).path("objectType").asText()).isEqualTo("Company");
    }

    @Test
    void whatIsWrongIsRefusedByNameAndAnUnknownIdIs404() {
        for (String[] each : List.of(new String[] {"http://example.com/hook", "Contact"},
                new String[] {"ftp://localhost/hook", "Contact"}, new String[] {"no url", "Contact"})) {
            HttpResponse<String> answer = client.post("/webhooks", body(each[0], true, true, each[1]));
            assertThat(answer.statusCode()).as(each[0]).isEqualTo(400);
            assertThat(json(answer).path("invalidFields").toString()).isEqualTo("[\"targeturl\"]");
        }
        assertThat(json(client.post("/webhooks", body(receiver.url(), true, true, "Lead"))).path("invalidFields").toString())
                .isEqualTo("[\"objecttype\"]");
        assertThat(client.post("/webhooks", "{\"title\":\"A\"}").statusCode()).isEqualTo(400);
        assertThat(client.post("/webhooks", body("https://example.com/hook", false, true, "Contact")).statusCode()).isEqualTo(200);
        client.settings("{\"webhooks\":{\"allowHttp\":false}}");
        assertThat(client.post("/webhooks", body(receiver.url(), true, true, "Contact")).statusCode()).isEqualTo(400);
        assertThat(client.get("/webhooks/123456789").statusCode()).isEqualTo(404);
        assertThat(delete("123456789").statusCode()).isEqualTo(404);
        assertThat(client.post("/webhooks/123456789/token", "").statusCode()).isEqualTo(404);
    }

    @Test
    void deleteTellsWhatIsGoneAndNothingIsDeliveredAnyMore() throws IOException {
        Person person = watched();
        String id = create(true, true, "Contact").path("id").asText();
        JsonNode gone = json(delete(id));
        assertThat(gone.path("status").asText()).isEqualTo("deleted");
        assertThat(gone.path("id").asText()).isEqualTo(id);
        assertThat(gone.path("subscriptions")).hasSize(1);
        assertThat(change("{\"personId\":" + person.id() + ",\"change\":\"promoted\"}").path("deliveries")).isEmpty();
    }

    @Test
    void validateTellsWhatTheTargetAnsweredToATestBodyWithTheTokenOfItsWebhook() {
        String token = create(false, true, "Contact").path("verificationToken").asText();
        receiver.answers(number -> number == 1 ? 201 : 500);
        String request = "{\"targetUrl\":\"" + receiver.url() + "\",\"objectType\":\"Contact\"}";
        assertThat(client.post("/webhooks/validate", request).body())
                .isEqualTo("{\"message\":\"Created\",\"success\":true,\"responseCode\":201}");
        assertThat(receiver.arrivals().get(0).token()).isEqualTo(token);
        assertThat(receiver.arrivals().get(0).body().path("webhookDetails").path("objectType").asText()).isEqualTo("Contact");
        assertThat(json(client.post("/webhooks/validate", request)).path("success").asBoolean(true)).isFalse();
        JsonNode silent = json(client.post("/webhooks/validate",
                "{\"targetUrl\":\"http://localhost:1/hook\",\"objectType\":\"company\",\"fullPayload\":false}"));
        assertThat(silent.path("success").asBoolean(true)).isFalse();
        assertThat(silent.path("responseCode").asInt(-1)).isZero();
    }

    @Test
    void aPromotionIsDeliveredWithTheAttributesThatChangedAndEnrichTellsTheSame() {
        Person person = watched();
        JsonNode created = create(true, true, "Contact");
        String before = person.jobTitle();
        JsonNode told = change("{\"personId\":" + person.id() + ",\"change\":\"promoted\"}");
        assertThat(told.path("changed").path(0).path("watched").asBoolean()).isTrue();
        Arrival arrival = arrivals(1).get(0);
        assertThat(arrival.token()).isEqualTo(created.path("verificationToken").asText());
        JsonNode details = arrival.body().path("webhookDetails");
        assertThat(details.path("id").asText()).isEqualTo(created.path("id").asText());
        assertThat(details.path("title").asText()).isEqualTo("Test hook");
        assertThat(details.path("eventType").asText()).isEqualTo("Update");
        JsonNode record = arrival.body().path("data").path(0);
        assertThat(record.path("id").isNumber()).isTrue();
        assertThat(record.path("id").asLong()).isEqualTo(person.id());
        assertThat(texts(record.path("changedAttributes"))).contains("jobTitle", "positionStartDate")
                .doesNotContain("email", "companyName", "lastUpdatedDate", "techSkills");
        assertThat(record.path("jobTitle").asText()).isNotEqualTo(before).isEqualTo(person.jobTitle());
        assertThat(record.path("company").path("name").asText()).isEqualTo(person.company().name());
        JsonNode enriched = enrich("personId", person.id(), "jobTitle", "companyName", "lastUpdatedDate");
        assertThat(enriched.path("jobTitle")).isEqualTo(record.path("jobTitle"));
        assertThat(enriched.path("lastUpdatedDate").asText()).startsWith("11/2/2026");
    }

    @Test
    void somebodyWhoMovesIsFoundByOldAndNewAddressAndCountsAtTheNewCompany() {
        Person person = watched();
        Company before = person.company();
        String oldEmail = person.email();
        create(true, false, "Contact");
        change("{\"personId\":" + person.id() + ",\"change\":\"moved\"}");
        JsonNode record = arrivals(1).get(0).body().path("data").path(0);
        assertThat(fields(record)).containsExactlyInAnyOrder("id", "firstName", "lastName", "email", "changedAttributes");
        assertThat(texts(record.path("changedAttributes"))).contains("email", "companyId", "companyName", "companyWebsite");
        String newEmail = record.path("email").asText();
        assertThat(newEmail).isNotEqualTo(oldEmail).endsWith("@" + person.company().domain());
        assertThat(enrich("emailAddress", newEmail, "id").path("id").asLong()).isEqualTo(person.id());
        JsonNode byOld = enrich("emailAddress", oldEmail, "id", "supplementalEmail", "personHasMoved", "companyId",
                "employmentHistory");
        assertThat(byOld.path("id").asLong()).isEqualTo(person.id());
        assertThat(byOld.path("supplementalEmail").asText()).isEqualTo(oldEmail);
        assertThat(byOld.path("personHasMoved").asText()).isEqualTo("Yes");
        assertThat(byOld.path("company").path("id").asLong()).isEqualTo(person.company().id()).isNotEqualTo(before.id());
        assertThat(byOld.path("employmentHistory").path(0).path("company").path("companyId").asLong()).isEqualTo(before.id());
        assertThat(foundAt(person.company())).contains(person.id());
        assertThat(foundAt(before)).doesNotContain(person.id());

        client.post("/_sandbox/reset", "");
        assertThat(person.company()).isSameAs(before);
        assertThat(person.email()).isEqualTo(oldEmail);
        assertThat(WORLD.personByEmail(newEmail)).isEmpty();
    }

    @Test
    void whoOptsOutIsToldOnceMoreByWhoItIsAloneAndThenNoMore() {
        Person person = watched();
        create(true, true, "Contact");
        change("{\"personId\":" + person.id() + ",\"change\":\"opted-out\"}");
        JsonNode record = arrivals(1).get(0).body().path("data").path(0);
        assertThat(fields(record)).containsExactlyInAnyOrder("id", "firstName", "lastName", "email", "optOut",
                "changedAttributes");
        assertThat(texts(record.path("changedAttributes"))).containsExactly("optOut");
        assertThat(result("personId", person.id(), "id").path("matchStatus").asText()).isEqualTo("OPT_OUT");
        assertThat(change("{\"personId\":" + person.id() + ",\"change\":\"moved\"}").path("changed")).isEmpty();
    }

    @Test
    void aCompanyThatIsRenamedOrGrowsIsDeliveredInLowerCaseAndFoundByItsNewName() {
        Company company = WORLD.companies().get(77);
        json(client.post("/enrich/company", "{\"matchCompanyInput\":[{\"companyId\":" + company.id()
                + "}],\"outputFields\":[\"id\"]}"));
        create(true, true, "Company");
        String oldPhone = company.phone();
        change("[{\"companyId\":" + company.id() + ",\"change\":\"renamed\"},{\"companyId\":" + company.id()
                + ",\"change\":\"grew\"}]");
        JsonNode body = arrivals(1).get(0).body();
        assertThat(body.path("webhookDetails").path("objectType").asText()).isEqualTo("company");
        assertThat(texts(body.path("data").path(0).path("changedAttributes"))).contains("name", "phone");
        assertThat(texts(body.path("data").path(1).path("changedAttributes"))).contains("employeeCount", "revenue")
                .doesNotContain("name");
        assertThat(body.path("data").path(0).path("phone").asText()).isNotEqualTo(oldPhone);
        JsonNode search = json(client.post("/search/company", "{\"companyName\":\"" + company.name() + "\"}"));
        assertThat(search.path("data").findValuesAsText("id")).contains(Long.toString(company.id()));
        assertThat(WORLD.companiesNamed(company.name())).contains(company);
        assertThat(WORLD.companyByPhone(company.phone())).containsSame(company);
    }

    @Test
    void onlyWhoWasEnrichedWithinTwelveMonthsIsWatched() {
        create(true, true, "Contact");
        Person stranger = WORLD.people().stream().filter(p -> !p.optedOut()).skip(500).findFirst().orElseThrow();
        JsonNode told = change("{\"personId\":" + stranger.id() + ",\"change\":\"promoted\"}");
        assertThat(told.path("changed").path(0).path("watched").asBoolean(true)).isFalse();
        assertThat(told.path("deliveries")).isEmpty();
        Person person = watched();
        TIME.forward(Duration.ofDays(366));
        assertThat(change("{\"personId\":" + person.id() + ",\"change\":\"promoted\"}").path("deliveries")).isEmpty();
        assertThat(client.post("/_sandbox/changes", "{\"change\":\"promoted\"}").statusCode()).isEqualTo(400);
    }

    @Test
    void noDeliveryHasMoreThan25RecordsAndADisabledWebhookGetsNone() {
        for (int i = 0; i < 3; i++) {
            watched(20, 1_000 + i * 40);
        }
        create(false, true, "Contact");
        create(true, false, "Contact");
        JsonNode told = change("{\"change\":\"promoted\",\"count\":60}");
        assertThat(told.path("changed")).hasSize(60);
        assertThat(told.path("deliveries")).hasSize(3);
        assertThat(arrivals(3).stream().map(a -> a.body().path("data").size()).sorted().toList()).containsExactly(10, 25, 25);
    }

    @Test
    void aDeliveryThatIsNotTakenComesAgainUntilItsAttemptsAreUsedUp() {
        Person person = watched();
        create(true, true, "Contact");
        receiver.answers(number -> number < 3 ? 503 : 200);
        change("{\"personId\":" + person.id() + ",\"change\":\"promoted\"}");
        assertThat(arrivals(3)).extracting(Arrival::body).containsOnly(receiver.arrivals().get(0).body());
        await().atMost(PATIENCE).until(() -> hooks().path("delivered").asInt() == 1);
        client.settings("{\"webhooks\":{\"attempts\":2}}");
        receiver.forget();
        receiver.answers(number -> 401);
        change("{\"personId\":" + person.id() + ",\"change\":\"promoted\"}");
        await().atMost(PATIENCE).until(() -> hooks().path("failed").asInt() == 1);
        assertThat(receiver.arrivals()).hasSize(2);
        String[] log = client.get("/_sandbox/deliveries").body().split("\n");
        assertThat(log).hasSize(2);
        assertThat(log[0]).contains("\"state\":\"delivered\"", "\"answers\":[{\"status\":503,\"millis\":0},{\"status\":503,\"millis\":0},{\"status\":200,\"millis\":0}]");
        assertThat(log[1]).contains("\"state\":\"failed\"", "\"ids\":[\"" + person.id() + "\"]");
    }

    @Test
    void rotationChangesTheTokenOfTheNextDeliveryAndDuplicatesComeByTheirRate() {
        Person person = watched();
        JsonNode created = create(true, true, "Contact");
        client.settings("{\"webhooks\":{\"duplicateRate\":1}}");
        String rotated = json(client.post("/webhooks/" + created.path("id").asText() + "/token", "")).path("verificationToken")
                .asText();
        assertThat(rotated).hasSize(88).isNotEqualTo(created.path("verificationToken").asText());
        change("{\"personId\":" + person.id() + ",\"change\":\"promoted\"}");
        List<Arrival> two = arrivals(2);
        assertThat(two.get(0)).isEqualTo(two.get(1));
        assertThat(two.get(0).token()).isEqualTo(rotated);
        await().atMost(PATIENCE).until(() -> hooks().path("delivered").asInt() == 2);
        assertThat(hooks().path("duplicates").asInt()).isEqualTo(1);
    }

    @Test
    void nothingIsSentToAnotherMachine() {
        Person person = watched();
        assertThat(client.post("/webhooks", body("https://hooks.example.com/zoominfo", true, true, "Contact")).statusCode())
                .isEqualTo(200);
        client.settings("{\"webhooks\":{\"attempts\":1}}");
        change("{\"personId\":" + person.id() + ",\"change\":\"promoted\"}");
        await().atMost(PATIENCE).until(() -> hooks().path("failed").asInt() == 1);
        assertThat(client.get("/_sandbox/deliveries").body()).contains("webhooks.anyHost");
    }

    @Test
    void theWorldChangesByItselfAtTheRateThatIsSet() {
        watched(20, 3_000);
        create(true, false, "Contact");
        client.settings("{\"changes\":{\"perMinute\":600}}");
        await().atMost(PATIENCE).until(() -> receiver.arrivals().size() >= 2);
        client.settings("{\"changes\":{\"perMinute\":0}}");
        assertThat(hooks().path("changes").asInt()).isGreaterThanOrEqualTo(2);
    }

    @Test
    void aChangeThatCannotBeUnderstoodIsRefusedAndChangesNothing() {
        Person person = watched();
        String title = person.jobTitle();
        for (String bad : List.of("{\"personId\":5,\"change\":\"promoted\"}", "{\"change\":\"fired\"}", "no json",
                "{\"companyId\":5,\"change\":\"moved\"}", "{\"personId\":" + person.id() + ",\"chance\":\"moved\"}",
                "[{\"personId\":" + person.id() + ",\"change\":\"promoted\"},{\"change\":\"fired\"}]")) {
            assertThat(client.post("/_sandbox/changes", bad).statusCode()).as(bad).isEqualTo(400);
        }
        assertThat(person.jobTitle()).isEqualTo(title);
    }

    private static Person watched() {
        return watched(1, 200).get(0);
    }

    /** Enriches some people, so that they are watched. */
    private static List<Person> watched(int count, int from) {
        List<Person> people = WORLD.people().stream().filter(p -> !p.optedOut() && !p.email().isEmpty()
                && p.place().countryCode().equals("US") && !p.managementLevel().equals("C-Level")).skip(from).limit(count).toList();
        String inputs = people.stream().map(p -> "{\"personId\":" + p.id() + "}").collect(Collectors.joining(","));
        assertThat(client.post("/enrich/contact", "{\"matchPersonInput\":[" + inputs + "],\"outputFields\":[\"id\"]}")
                .statusCode()).isEqualTo(200);
        return people;
    }

    private static String body(String target, boolean enabled, boolean full, String objectType) {
        return "{\"title\":\"Test hook\",\"enabled\":" + enabled + ",\"targetUrl\":\"" + target
                + "\",\"subscriptions\":[{\"eventType\":\"Update\",\"objectType\":\"" + objectType + "\",\"fullPayload\":" + full
                + "}]}";
    }

    private static JsonNode create(boolean enabled, boolean full, String objectType) {
        HttpResponse<String> answer = client.post("/webhooks", body(receiver.url(), enabled, full, objectType));
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return json(answer);
    }

    private static JsonNode put(String id, String body) {
        HttpResponse<String> answer = client.send(client.request("/webhooks/" + id).header("Content-Type", "application/json")
                .PUT(BodyPublishers.ofString(body)));
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return json(answer);
    }

    private static HttpResponse<String> delete(String id) {
        return client.send(client.request("/webhooks/" + id).DELETE());
    }

    private static JsonNode change(String body) {
        HttpResponse<String> answer = client.post("/_sandbox/changes", body);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return json(answer);
    }

    private static List<Arrival> arrivals(int count) {
        await().atMost(PATIENCE).until(() -> receiver.arrivals().size() == count);
        return receiver.arrivals();
    }

    private static JsonNode hooks() {
        return client.stats().path("webhooks");
    }

    private static JsonNode enrich(String key, Object value, String... fields) {
        return result(key, value, fields).path("data").path(0);
    }

    private static JsonNode result(String key, Object value, String... fields) {
        String outputs = List.of(fields).stream().map(f -> "\"" + f + "\"").collect(Collectors.joining(","));
        return json(client.post("/enrich/contact", "{\"matchPersonInput\":[{\"" + key + "\":"
                + (value instanceof Long ? value : "\"" + value + "\"") + "}],\"outputFields\":[" + outputs + "]}"))
                .path("data").path("result").path(0);
    }

    private static List<Long> foundAt(Company company) {
        List<Long> ids = new ArrayList<>();
        json(client.post("/search/contact", "{\"companyId\":\"" + company.id() + "\",\"rpp\":100}")).path("data")
                .forEach(person -> ids.add(person.path("id").asLong()));
        return ids;
    }

    private static List<String> texts(JsonNode array) {
        List<String> texts = new ArrayList<>();
        array.forEach(item -> texts.add(item.asText()));
        return texts;
    }

    private static List<String> fields(JsonNode object) {
        List<String> names = new ArrayList<>();
        object.fieldNames().forEachRemaining(names::add);
        return names;
    }
}
