package io.leadroutes.process;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The main job on the packaged application: what goes in at the CRM, what ZoomInfo sees, what the CRM holds afterwards. */
@Isolated("asserts that no call comes too early")
class MainJobIT {

    private static final int LEADS = 1_000;
    private static Installation installation;

    @BeforeAll
    static void start() throws IOException {
        installation = new Installation("main-job", Map.of()).start();
    }

    @AfterAll
    static void stop() {
        installation.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"sliding-log", "fixed", "sliding-counter"})
    void aThousandLeadsCreatedAtOnceAreOwnedWithoutA429AndPaidOnce(String windowModel) throws IOException {
        installation.zoominfo("{\"windowModel\": \"" + windowModel + "\"}");
        int callsBefore = calls("/enrich/contact").size();
        Set<String> records = create(LEADS);
        awaitOutcomes(records);
        List<JsonNode> calls = calls("/enrich/contact");
        assertThat(calls("").stream().filter(call -> call.path("status").asInt() == 429)).isEmpty();
        assertThat(calls.size() - callsBefore).isBetween(1, 60);
        assertOutcomes(records);
    }

    private static Set<String> create(int count) throws IOException {
        JsonNode created = Installation.JSON.readTree(PackagedProcess.send("POST",
                installation.ports.salesforceUrl() + "/_sandbox/sample-leads", "{\"count\": " + count + "}").body());
        Set<String> ids = new HashSet<>();
        created.path("ids").forEach(id -> ids.add(id.asText()));
        assertThat(ids).hasSize(count);
        return ids;
    }

    private static void awaitOutcomes(Set<String> records) {
        Awaitility.await("every lead is done or a dead letter").atMost(Duration.ofSeconds(150))
                .pollInterval(Duration.ofMillis(500))
                .until(() -> count("DONE", records) + count("DEAD", records) == records.size());
    }

    /** Every lead has its owner in the CRM or a dead letter with a reason; every receipt sums to its score. */
    private static void assertOutcomes(Set<String> records) throws IOException {
        Map<String, Integer> credits = new HashMap<>();
        int done = 0;
        for (JsonNode lead : leads(records)) {
            JsonNode story = PackagedProcess.json(installation.api("/api/leads/" + lead.path("eventId").asText()));
            if (story.path("state").asText().equals("DEAD")) {
                assertThat(story.path("timeline").toString()).contains("dead letter: ");
                continue;
            }
            done++;
            Outcome.assertDone(story);
            credits.merge(story.path("match").path("personId").asText("none"), story.path("credits").asInt(),
                    Integer::sum);
        }
        assertThat(done).isGreaterThan(records.size() * 9 / 10);
        assertThat(credits.values()).allSatisfy(paid -> assertThat(paid).isLessThanOrEqualTo(1));
        assertThat(credits.getOrDefault("none", 0)).isZero();
        JsonNode stats = installation.zoominfoStats();
        assertThat(stats.path("credits").path("mostChargesOfOnePerson").asInt()).isLessThanOrEqualTo(1);
        Outcome.assertSharesAreExact(PackagedProcess.json(installation.api("/api/pools")));
    }

    private static long count(String state, Set<String> records) throws IOException {
        long count = 0;
        for (JsonNode lead : page("state=" + state)) {
            if (records.contains(lead.path("recordId").asText())) {
                count++;
            }
        }
        return count;
    }

    private static List<JsonNode> leads(Set<String> records) throws IOException {
        Map<String, JsonNode> found = new LinkedHashMap<>();
        for (JsonNode lead : page("source=salesforce")) {
            String record = lead.path("recordId").asText();
            if (records.contains(record)) {
                assertThat(found.put(record, lead)).as("one event for %s", record).isNull();
            }
        }
        assertThat(found.keySet()).isEqualTo(records);
        return List.copyOf(found.values());
    }

    private static List<JsonNode> page(String query) throws IOException {
        List<JsonNode> all = new ArrayList<>();
        String cursor = "";
        do {
            JsonNode page = PackagedProcess.json(installation.api("/api/leads?limit=500&" + query + cursor));
            ((ArrayNode) page.path("leads")).forEach(all::add);
            cursor = page.has("cursor") ? "&cursor=" + page.path("cursor").asText() : "";
        } while (!cursor.isEmpty());
        return all;
    }

    private static List<JsonNode> calls(String path) throws IOException {
        List<JsonNode> calls = new ArrayList<>();
        for (String line : PackagedProcess.get(installation.ports.zoominfoUrl() + "/_sandbox/calls?path=" + path).body()
                .split("\n")) {
            if (!line.isBlank()) {
                calls.add(Installation.JSON.readTree(line));
            }
        }
        return calls;
    }
}
