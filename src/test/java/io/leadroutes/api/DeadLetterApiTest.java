package io.leadroutes.api;

import static io.restassured.RestAssured.get;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.leadroutes.FreshDatabase;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.restassured.path.json.JsonPath;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.JdbcTemplate;

/** Dead letters as a client sees them. */
@QuarkusTest
@TestProfile(DeadLetterApiTest.Api.class)
class DeadLetterApiTest {

    public static class Api implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of("camel.main.routes-include-pattern", "file:routes/jobs/dead-letter-replay.camel.yaml,"
                    + "file:routes/shared/job.camel.yaml");
        }

        @Override
        public List<TestResourceEntry> testResources() {
            return List.of(new TestResourceEntry(FreshDatabase.class));
        }
    }

    @Inject
    DataSource dataSource;
    private JdbcTemplate jdbc;

    @BeforeEach
    void letters() {
        jdbc = new JdbcTemplate(dataSource);
        jdbc.update("truncate lead_event, dead_letter, dead_letter_replay cascade");
        for (int i = 0; i < 3; i++) {
            UUID lead = UUID.randomUUID();
            jdbc.update("""
                    insert into lead_event (event_id, source, record_id, version, request_id, state, lead)
                    values (?, 'web', ?, '1', 'r', 'DEAD', '{}')""", lead, lead.toString());
            letter("request-" + i, lead, "WRITE_BACK", "record 00QSb" + i + "000000 is locked");
        }
        letter("request-9", null, "INTAKE", "change event not understood: no header");
    }

    private void letter(String requestId, UUID lead, String stage, String message) {
        jdbc.update("""
                insert into dead_letter (request_id, request_id_kind, event_id, route_id, stage, failure_class, message,
                                         attempts, payload)
                values (?, 'SENT', ?, 'some-route', ?, 'INVALID_REQUEST', ?, 1, '{"recordId": "x"}')""",
                requestId, lead, stage, message);
    }

    @Test
    void lettersAreGroupedByCauseListedByItAndReplayedAsAnOrderWhoseProgressCanBeSeen() {
        JsonPath groups = get("/api/dead-letters/groups").jsonPath();
        assertThat(groups.getList("groups.count", Integer.class)).containsExactly(3, 1);
        assertThat(groups.getString("groups[0].message")).isEqualTo("record … is locked");
        String cause = groups.getString("groups[0].cause");
        JsonPath page = get("/api/dead-letters?state=open&limit=2&cause=" + cause).jsonPath();
        assertThat(page.getList("deadLetters.requestId", String.class)).containsExactly("request-2", "request-1");
        assertThat(get("/api/dead-letters?limit=2&cause=" + cause + "&cursor=" + page.getString("cursor")).jsonPath()
                .getList("deadLetters.requestId", String.class)).containsExactly("request-0");

        Response ordered = post("replay", Map.of("cause", cause, "mode", "restart"));
        assertThat(ordered.statusCode()).as(ordered.asString()).isEqualTo(202);
        assertThat(ordered.jsonPath().getInt("replay.total")).isEqualTo(3);
        String location = ordered.header("Location").replaceFirst("^https?://[^/]+", "");
        await().atMost(Duration.ofSeconds(20)).untilAsserted(() ->
                assertThat(get(location).jsonPath().getString("replay.state")).isEqualTo("DONE"));
        assertThat(get(location).jsonPath().getInt("replay.replayed")).isEqualTo(3);
        assertThat(get("/api/dead-letters/replays").jsonPath().getList("replays")).hasSize(1);
        assertThat(jdbc.queryForObject("select count(*) from lead_event where state = 'RECEIVED' and priority = 2",
                Integer.class)).isEqualTo(3);
    }

    @Test
    void whatCannotBeReplayedIsToldAndCanBeDiscardedByFilter() {
        Response ordered = post("replay", Map.of("stage", "INTAKE"));
        assertThat(ordered.jsonPath().getInt("replay.notReplayable")).isEqualTo(1);
        assertThat(ordered.jsonPath().getString("detail")).contains("correct the record at its source");
        assertThat(given().post("/api/dead-letters/request-9/replay").jsonPath().getInt("notReplayable")).isEqualTo(1);
        assertThat(get("/api/dead-letters/request-9").jsonPath().getBoolean("deadLetters[0].replayable")).isFalse();
        assertThat(post("discard", Map.of("stage", "INTAKE", "reason", "repaired")).jsonPath().getInt("discarded"))
                .isEqualTo(1);
        assertThat(get("/api/dead-letters?state=DISCARDED").jsonPath().getString("deadLetters[0].closedReason"))
                .isEqualTo("repaired");
    }

    @Test
    void anOrderThatIsNotClearIsRefusedWithWhatToDo() {
        for (Map<String, ?> order : List.<Map<String, ?>>of(Map.of(), Map.of("all", true, "mode", "again"),
                Map.of("all", true, "priority", "high"), Map.of("all", true, "mostReplays", 0), Map.of("stage", "x"),
                Map.of("from", "yesterday"))) {
            Response refused = post("replay", order);
            assertThat(refused.statusCode()).as("%s: %s", order, refused.asString()).isEqualTo(400);
            assertThat(refused.jsonPath().getString("detail")).isNotBlank();
        }
        assertThat(post("discard", Map.of("reason", "which?")).statusCode()).isEqualTo(400);
        assertThat(get("/api/dead-letters/replays/" + UUID.randomUUID()).statusCode()).isEqualTo(404);
        assertThat(given().post("/api/dead-letters/request-1/replay?mode=again").statusCode()).isEqualTo(400);
        assertThat(jdbc.queryForObject("select count(*) from dead_letter_replay", Integer.class)).isZero();
    }

    private static Response post(String command, Map<String, ?> body) {
        return given().contentType("application/json").body(body).post("/api/dead-letters/" + command);
    }
}
