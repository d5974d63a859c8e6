package io.leadroutes.process;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.leadroutes.sandbox.world.Person;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Dead letters of the packaged application: what they hold, and that replaying them is safe. */
class DeadLetterIT {

    private static Installation installation;

    @BeforeAll
    static void start() throws IOException {
        installation = new Installation("dead-letters", Map.of()).start();
    }

    @AfterAll
    static void stop() {
        installation.close();
    }

    @AfterEach
    void mend() throws IOException {
        installation.zoominfo("{\"faults\": []}");
        installation.salesforce("{\"faults\": []}");
    }

    @Test
    void aLeadThatZoomInfoRefusesIsALetterWithAllThatIsKnownAndIsDoneAfterItsReplay() throws IOException {
        Person person = Installation.person();
        String event = deadInEnrichment(person);
        JsonNode letter = letter(event);
        assertThat(letter.path("requestId").asText()).isNotBlank();
        assertThat(letter.path("requestIdKind").asText()).isEqualTo("RESPONSE");
        assertThat(letter.path("routeId").asText()).startsWith("lead-");
        assertThat(letter.path("stage").asText()).isEqualTo("ENRICH");
        assertThat(letter.path("failureClass").asText()).isEqualTo("INVALID_REQUEST");
        assertThat(letter.path("status").asInt()).isEqualTo(400);
        assertThat(letter.path("message").asText()).contains("invalid fields");
        assertThat(letter.path("attempts").asInt()).isPositive();
        assertThat(letter.path("payload").path("email").asText()).isEqualTo(person.email());
        assertThat(Instant.parse(letter.path("firstSeen").asText()))
                .isBeforeOrEqualTo(Instant.parse(letter.path("lastSeen").asText()));
        String id = letter.path("requestId").asText();
        assertThat(calls(installation.ports.zoominfoUrl(), "/enrich/contact")).as("ZoomInfo's own id").contains(id);
        assertThat(installation.story(event).path("requestIds").toString()).contains(id);

        mend();
        JsonNode byId = PackagedProcess.json(installation.api("/api/dead-letters/" + id));
        assertThat(byId.path("deadLetters")).hasSize(1);
        assertThat(replay(id).path("replayed").asInt()).isEqualTo(1);
        assertThat(replay(id).path("replayed").asInt()).as("the second replay").isZero();
        JsonNode story = installation.await(event, "DONE");
        assertThat(story.path("match").path("personId").asText()).isEqualTo(String.valueOf(person.id()));
        assertThat(story.path("timeline").toString()).contains("dead letter").contains("replay");
        assertThat(replay(id).path("replayed").asInt()).as("a replay of what is done").isZero();
        assertThat(installation.story(event).path("state").asText()).isEqualTo("DONE");
    }

    @Test
    void aLeadThatFailedBehindItsEnrichmentIsReplayedWithoutASecondCallOrCreditOrOwner() throws IOException {
        Map<String, Object> lead = Installation.lead(Installation.person());
        installation.salesforce("{\"faults\": [{\"kind\": \"status\", \"status\": 400, \"message\": \"INVALID_FIELD: no\","
                + " \"contains\": \"" + lead.get("recordId") + "\", \"rate\": 1}]}");
        String event = installation.post((Object) lead).get(0);
        JsonNode dead = installation.await(event, "DEAD");
        JsonNode letter = letter(event);
        assertThat(letter.path("stage").asText()).isEqualTo("WRITE_BACK");
        assertThat(letter.path("routeId").asText()).startsWith("lead-write-back");
        assertThat(letter.path("message").asText()).contains("INVALID_FIELD");
        assertThat(letter.path("payload").path("recordId").asText()).isEqualTo(lead.get("recordId"));
        JsonNode before = installation.zoominfoStats();

        mend();
        assertThat(replay(letter.path("requestId").asText()).path("replayed").asInt()).isEqualTo(1);
        JsonNode done = installation.await(event, "DONE");
        JsonNode after = installation.zoominfoStats();
        assertThat(after.path("credits").path("charged").asInt()).isEqualTo(before.path("credits").path("charged").asInt());
        assertThat(after.path("enrich").path("calls").asInt()).isEqualTo(before.path("enrich").path("calls").asInt());
        assertThat(done.path("assignment")).isEqualTo(dead.path("assignment"));
        assertThat(done.path("writes")).hasSize(1);
        assertThat(done.path("credits").asInt()).isEqualTo(1);
    }

    @Test
    void lettersAreReplayedByFilterAndOnlyWithOne() throws IOException {
        String event = deadInEnrichment(Installation.person());
        mend();
        assertThat(post("/api/dead-letters/replay", "{}").statusCode()).isEqualTo(400);
        HttpResponse<String> ordered = post("/api/dead-letters/replay",
                "{\"failureClass\": \"INVALID_REQUEST\", \"cause\": \"" + letter(event).path("cause").asText() + "\"}");
        assertThat(ordered.statusCode()).as(ordered.body()).isEqualTo(202);
        installation.await(event, "DONE");
        JsonNode replay = Installation.JSON.readTree(ordered.body()).path("replay");
        assertThat(replay.path("total").asInt()).isPositive();
        assertThat(ordered.headers().firstValue("Location").orElse("")).endsWith("/api/dead-letters/replays/"
                + replay.path("id").asText());
        Awaitility.await().atMost(Duration.ofSeconds(20)).until(() -> PackagedProcess.json(installation.api(
                "/api/dead-letters/replays/" + replay.path("id").asText())).path("replay").path("state").asText()
                .equals("DONE"));
        assertThat(PackagedProcess.json(installation.api("/api/dead-letters/replays")).path("replays")).isNotEmpty();
        assertProblem(PackagedProcess.get(installation.api("/api/dead-letters/replays/6a3c2f0e-0000-4000-8000-000000000000")),
                404);
    }

    @Test
    void aRestartAsksZoomInfoAgainAtNoSecondCreditAndKeepsTheOwner() throws IOException {
        Map<String, Object> lead = Installation.lead(Installation.person());
        installation.salesforce("{\"faults\": [{\"kind\": \"status\", \"status\": 400, \"message\": \"INVALID_FIELD: no\","
                + " \"contains\": \"" + lead.get("recordId") + "\", \"rate\": 1}]}");
        String event = installation.post((Object) lead).get(0);
        JsonNode dead = installation.await(event, "DEAD");
        JsonNode letter = letter(event);
        JsonNode groups = PackagedProcess.json(installation.api("/api/dead-letters/groups?stage=WRITE_BACK")).path("groups");
        assertThat(groups.findValuesAsText("cause")).contains(letter.path("cause").asText());
        JsonNode before = installation.zoominfoStats();
        mend();
        assertThat(Installation.JSON.readTree(post("/api/dead-letters/" + letter.path("requestId").asText()
                + "/replay?mode=restart", "").body()).path("replayed").asInt()).isEqualTo(1);
        JsonNode done = installation.await(event, "DONE");
        JsonNode after = installation.zoominfoStats();
        assertThat(after.path("enrich").path("calls").asInt()).isEqualTo(before.path("enrich").path("calls").asInt() + 1);
        assertThat(after.path("credits").path("charged")).isEqualTo(before.path("credits").path("charged"));
        assertThat(done.path("credits").asInt()).isEqualTo(1);
        assertThat(done.path("assignment")).isEqualTo(dead.path("assignment"));
    }

    @Test
    void aLetterIsDiscardedWithAReasonAndThenStaysAsItIs() throws IOException {
        String event = deadInEnrichment(Installation.person());
        mend();
        String id = letter(event).path("requestId").asText();
        String path = "/api/dead-letters/" + id;
        assertProblem(post(path + "/discard", "{}"), 400);
        assertProblem(post(path + "/discard", "{\"reason\": \" \"}"), 400);
        assertProblem(post(path + "/discard", ""), 400);
        assertProblem(post(path + "/discard", "{\"reason\": "), 400);
        assertThat(post(path + "/discard", "{\"reason\": \"a test person\"}").body()).isEqualTo("{\"discarded\":1}");
        JsonNode letter = PackagedProcess.json(installation.api(path)).path("deadLetters").path(0);
        assertThat(letter.path("state").asText()).isEqualTo("DISCARDED");
        assertThat(letter.path("closedReason").asText()).isEqualTo("a test person");
        assertThat(replay(id).path("replayed").asInt()).isZero();
        assertThat(installation.story(event).path("state").asText()).isEqualTo("DEAD");
    }

    @Test
    void whatIsNotThereIs404AndWhatMakesNoSenseIs400() throws IOException {
        assertProblem(PackagedProcess.get(installation.api("/api/dead-letters/unknown-id")), 404);
        assertProblem(post("/api/dead-letters/unknown-id/replay", ""), 404);
        assertProblem(post("/api/dead-letters/unknown-id/discard", "{\"reason\": \"x\"}"), 404);
        assertProblem(PackagedProcess.get(installation.api("/api/leads/unknown-id")), 404);
        assertProblem(PackagedProcess.get(installation.api("/api/leads/6a3c2f0e-0000-4000-8000-000000000000")), 404);
        for (String query : List.of("dead-letters?limit=0", "dead-letters?limit=x", "dead-letters?cursor=x",
                "dead-letters?state=x", "dead-letters?stage=x", "dead-letters?from=yesterday",
                "leads?limit=501", "leads?cursor=x", "leads?state=x")) {
            assertProblem(PackagedProcess.get(installation.api("/api/" + query)), 400);
        }
        assertProblem(post("/api/dead-letters/replay", "{\"failureClass\": "), 400);
        assertProblem(post("/api/dead-letters/replay", "[]"), 400);
        assertProblem(post("/api/dead-letters/replay", "{\"all\": true, \"mode\": \"again\"}"), 400);
        assertProblem(post("/api/dead-letters/discard", "{\"reason\": \"which?\"}"), 400);
        assertProblem(post("/api/dead-letters/replay", "{\"all\": \"perhaps\"}"), 400);
    }

    private static String deadInEnrichment(Person person) throws IOException {
        installation.zoominfo("{\"faults\": [{\"kind\": \"status\", \"status\": 400, \"path\": \"/enrich/contact\", "
                + "\"contains\": \"" + person.email() + "\", \"rate\": 1}]}");
        String event = installation.post(person);
        installation.await(event, "DEAD");
        return event;
    }

    private static JsonNode letter(String event) throws IOException {
        for (JsonNode letter : installation.deadLetters("&state=OPEN")) {
            if (letter.path("eventId").asText().equals(event)) {
                return letter;
            }
        }
        throw new AssertionError("no open letter for " + event);
    }

    private static String calls(String url, String path) throws IOException {
        return PackagedProcess.get(url + "/_sandbox/calls?path=" + path).body();
    }

    private static JsonNode replay(String id) throws IOException {
        HttpResponse<String> answer = post("/api/dead-letters/" + id + "/replay", "");
        assertThat(answer.statusCode()).isEqualTo(200);
        return Installation.JSON.readTree(answer.body());
    }

    private static HttpResponse<String> post(String path, String body) throws IOException {
        return PackagedProcess.send("POST", installation.api(path), body);
    }

    private static void assertProblem(HttpResponse<String> answer, int status) throws IOException {
        assertThat(answer.statusCode()).as(answer.uri() + " " + answer.body()).isEqualTo(status);
        assertThat(answer.headers().firstValue("Content-Type").orElse("")).as(answer.uri() + " " + answer.body())
                .startsWith("application/problem+json");
        assertThat(Installation.JSON.readTree(answer.body()).path("detail").asText()).isNotBlank();
    }
}
