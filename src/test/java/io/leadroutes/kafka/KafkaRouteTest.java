package io.leadroutes.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.leadroutes.TestDatabase;
import io.leadroutes.lead.LeadJson;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import javax.sql.DataSource;
import org.awaitility.core.ThrowingRunnable;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.JdbcTemplate;

/** The whole application between two topics: what is configured by keys alone. */
@QuarkusTest
@TestProfile(KafkaRouteTest.BetweenTopics.class)
class KafkaRouteTest {

    private static final String NAME = "q" + UUID.randomUUID().toString().substring(0, 8);
    private static final String LEADS = "leads-" + NAME;
    private static final String DECISIONS = "decisions-" + NAME;

    public static class BetweenTopics implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of("sandbox.start", "false", "camel.main.routes-include-pattern",
                    "file:routes/intake/kafka-*.camel.yaml,file:routes/jobs/kafka-*.camel.yaml,"
                            + "file:routes/jobs/decision-*.camel.yaml,file:routes/pipeline/decision-*.camel.yaml,"
                            + "file:routes/pipeline/lead-score.camel.yaml,file:routes/pipeline/lead-assign.camel.yaml,"
                            + "file:routes/pipeline/lead-undecided.camel.yaml,file:routes/shared/*.camel.yaml");
        }

        @Override
        public List<TestResourceEntry> testResources() {
            return List.of(new TestResourceEntry(Topics.class));
        }
    }

    /** A database, and a broker with the two topics. */
    public static class Topics implements QuarkusTestResourceLifecycleManager {
        @Override
        public Map<String, String> start() {
            try {
                Map<String, String> keys = new HashMap<>(Broker.shared().topic(LEADS, 3).topic(DECISIONS, 3).keys());
                keys.putAll(Map.of("kafka.intake.topic", LEADS, "kafka.intake.group", NAME, "kafka.decisions.topic",
                        DECISIONS, "database.url", TestDatabase.migratedUrl()));
                return keys;
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        }

        @Override
        public void stop() {
            // The broker ends with the test JVM.
        }
    }

    @Inject
    DataSource database;
    @Inject
    @Readiness
    KafkaHealth health;

    @Test
    void aLeadOfOneTopicIsADecisionOfTheOther() throws Exception {
        Broker broker = Broker.shared();
        JdbcTemplate jdbc = new JdbcTemplate(database);
        broker.send(LEADS, "4711", LeadJson.write(Map.of("source", "kafka", "recordId", "4711", "email",
                "ann.lee@acme.example", "company", "Acme")));
        within(() -> assertThat(jdbc.update("update lead_event set state = 'ENRICHED', match_status = 'NO_MATCH' "
                + "where state = 'RECEIVED' and record_id = '4711'")).isEqualTo(1));
        within(() -> assertThat(broker.read(DECISIONS)).singleElement().satisfies(read -> {
            assertThat(read.key()).isEqualTo("kafka/4711");
            JsonNode decision = new ObjectMapper().readTree(read.value());
            assertThat(decision.path("receipt").path("route").path("action").asText()).isNotEmpty();
            assertThat(read.headers()).containsEntry("X-Request-Id", decision.path("requestId").asText());
        }));
        within(() -> {
            HealthCheckResponse kafka = health.call();
            assertThat(kafka.getStatus()).isEqualTo(HealthCheckResponse.Status.UP);
            assertThat(kafka.getData().orElseThrow()).containsEntry("state", "available").containsEntry("lag", 0L)
                    .containsEntry("outbox", 0L);
        });
    }

    private static void within(ThrowingRunnable assertion) {
        await().atMost(Duration.ofSeconds(40)).pollInterval(Duration.ofMillis(200)).untilAsserted(assertion);
    }
}
