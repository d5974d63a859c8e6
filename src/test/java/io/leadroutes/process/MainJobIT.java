package io.leadroutes.process;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import io.leadroutes.TestDatabase;
import io.leadroutes.process.PackagedProcess.SandboxPorts;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The main job on the packaged application: what goes in at the CRM, what ZoomInfo sees, what the CRM holds afterwards. */
class MainJobIT {

    private static final int LEADS = 1_000;
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final SandboxPorts PORTS = SandboxPorts.free();
    private static final int PORT = PackagedProcess.freePorts(1).get(0);
    private static PackagedProcess sandbox;
    private static PackagedProcess application;

    @BeforeAll
    static void start() throws IOException {
        Path logs = Path.of("target", "it-logs");
        sandbox = PackagedProcess.sandbox(PORTS, logs.resolve("sandbox.log")).start();
        application = PackagedProcess.application(PORTS, PORT, PackagedProcess.freePorts(1).get(0),
                Map.of("database.url", TestDatabase.freshUrl()), logs.resolve("application.log")).start();
    }

    @AfterAll
    static void stop() {
        application.close();
        sandbox.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"sliding-log", "fixed", "sliding-counter"})
    void aThousandLeadsCreatedAtOnceAreOwnedWithoutA429AndPaidOnce(String windowModel) throws IOException {
        settings(PORTS.zoominfoUrl(), "{\"windowModel\": \"" + windowModel + "\"}");
        int callsBefore = calls("/enrich/contact").size();
        Set<String> records = create(LEADS);
        awaitOutcomes(records);
        List<JsonNode> calls = calls("/enrich/contact");
        assertThat(calls("").stream().filter(call -> call.path("status").asInt() == 429)).isEmpty();
        assertThat(calls.size() - callsBefore).isBetween(1, 60);
        assertOutcomes(records);
    }

    @Test
    void killedInTheMiddleNothingIsLostNothingIsWrittenTwiceAndNobodyIsPaidForTwice() throws Exception {
        Set<String> records = create(LEADS);
        Awaitility.await("some leads are done").atMost(Duration.ofSeconds(60)).pollInterval(Duration.ofMillis(20))
                .until(() -> count("DONE", records) > ThreadLocalRandom.current().nextInt(50, 400));
        application.kill();
        application.start();
        awaitOutcomes(records);
        assertOutcomes(records);
        JsonNode written = PackagedProcess.json(PORTS.salesforceUrl() + "/_sandbox/stats").path("leadWritesByIntegrationUser");
        assertThat(written.path("max").asInt()).as("writes of one lead by the integration user: %s", written)
                .isEqualTo(1);
    }

    private static Set<String> create(int count) throws IOException {
        JsonNode created = JSON.readTree(PackagedProcess.send("POST",
                PORTS.salesforceUrl() + "/_sandbox/sample-leads", "{\"count\": " + count + "}").body());
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
            JsonNode story = PackagedProcess.json(api("/api/leads/" + lead.path("eventId").asText()));
            if (story.path("state").asText().equals("DEAD")) {
                assertThat(story.path("timeline").toString()).contains("dead letter: ");
                continue;
            }
            done++;
            assertThat(story.path("headline").asText()).isNotBlank();
            assertThat(story.path("writes")).as("writes of %s", story).hasSize(1);
            credits.merge(story.path("match").path("personId").asText("none"), story.path("credits").asInt(),
                    Integer::sum);
            if (story.path("headline").asText().startsWith("Not routed")) {
                continue;
            }
            BigDecimal sum = BigDecimal.ZERO;
            for (JsonNode line : story.path("score").path("lines")) {
                sum = sum.add(new BigDecimal(line.path("points").asText()));
                assertThat(line.path("reason").asText()).isNotBlank();
            }
            assertThat(sum).isEqualByComparingTo(new BigDecimal(story.path("score").path("total").asText()));
            assertThat(story.path("assignment").path("ownerId").asText()).isNotBlank();
        }
        assertThat(done).isGreaterThan(records.size() * 9 / 10);
        assertThat(credits.values()).allSatisfy(paid -> assertThat(paid).isLessThanOrEqualTo(1));
        assertThat(credits.getOrDefault("none", 0)).isZero();
        JsonNode stats = PackagedProcess.json(PORTS.zoominfoUrl() + "/_sandbox/stats");
        assertThat(stats.path("credits").path("mostChargesOfOnePerson").asInt()).isLessThanOrEqualTo(1);
        assertSharesAreExact();
    }

    /** Constant teams get their weights exactly: nobody's share is a whole lead away from what he was owed. */
    private static void assertSharesAreExact() throws IOException {
        for (JsonNode pool : PackagedProcess.json(api("/api/pools")).path("pools")) {
            int total = 0;
            int weights = 0;
            for (JsonNode member : pool.path("members")) {
                total += member.path("assigned").asInt();
                weights += member.path("weight").asInt();
            }
            for (JsonNode member : pool.path("members")) {
                double expected = (double) total * member.path("weight").asInt() / weights;
                assertThat(member.path("assigned").asInt() - expected).as("%s in %s", member, pool.path("id"))
                        .isStrictlyBetween(-1.0, 1.0);
            }
            assertThat(pool.path("difference").isNull()).as("replay of %s", pool).isTrue();
        }
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
            JsonNode page = PackagedProcess.json(api("/api/leads?limit=500&" + query + cursor));
            ((ArrayNode) page.path("leads")).forEach(all::add);
            cursor = page.has("cursor") ? "&cursor=" + page.path("cursor").asText() : "";
        } while (!cursor.isEmpty());
        return all;
    }

    private static List<JsonNode> calls(String path) throws IOException {
        List<JsonNode> calls = new ArrayList<>();
        for (String line : PackagedProcess.get(PORTS.zoominfoUrl() + "/_sandbox/calls?path=" + path).body()
                .split("\n")) {
            if (!line.isBlank()) {
                calls.add(JSON.readTree(line));
            }
        }
        return calls;
    }

    private static void settings(String url, String body) throws IOException {
        assertThat(PackagedProcess.send("PUT", url + "/_sandbox/settings", body).statusCode()).isEqualTo(200);
    }

    private static String api(String path) {
        return "http://localhost:" + PORT + path;
    }
}
