package io.leadroutes.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.leadroutes.TestDatabase;
import io.leadroutes.lead.DeadLetters;
import io.leadroutes.lead.LeadInbox;
import io.leadroutes.lead.LeadJson;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import javax.sql.DataSource;
import org.apache.camel.Exchange;
import org.apache.kafka.common.KafkaException;
import org.awaitility.core.ThrowingRunnable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.JdbcTemplate;

/** The route {@code kafka-lead} against a real broker and a real database. */
class KafkaLeadTest {

    private static Broker broker;

    private final DataSource database = TestDatabase.fresh();
    private final JdbcTemplate jdbc = new JdbcTemplate(database);
    private final String name = "t" + UUID.randomUUID().toString().substring(0, 8);
    private final String topic = "leads-" + name;

    @BeforeAll
    static void broker() throws Exception {
        broker = Broker.shared();
    }

    @BeforeEach
    void topic() throws Exception {
        broker.topic(topic, 3);
    }

    private static String lead(String recordId, int version) {
        return LeadJson.write(Map.of("source", "kafka-test", "recordId", recordId, "version", "" + version, "email",
                recordId + "@acme.example"));
    }

    private long rows() {
        return jdbc.queryForObject("select count(*) from lead_event", Long.class);
    }

    private static void within(ThrowingRunnable assertion) {
        await().atMost(Duration.ofSeconds(40)).pollInterval(Duration.ofMillis(100)).untilAsserted(assertion);
    }

    private void caughtUp() {
        within(() -> assertThat(broker.lag(name, topic)).isZero());
    }

    @Test
    void leadsComeInOnceInTheOrderOfTheirRecordAndNoHeaderButTheRequestIdDoes() throws Exception {
        Map<String, String> headers = new HashMap<>(Map.of("x-REQUEST-id", "from-kafka-0001", "CamelKafkaTopic", "other",
                "kafka.TOPIC", "other", "cAMELHttpUri", "http://evil.example", "CamelBeanMethodName", "replay",
                "CamelKafkaManualCommit", "x", "kafka.OFFSET", "99"));
        headers.put("org.apache.camel.x", "y");
        broker.send(topic, "r0", lead("r0", 0).getBytes(StandardCharsets.UTF_8), headers);
        for (int version = 1; version <= 20; version++) {
            for (int record = 0; record < 5; record++) {
                broker.send(topic, "r" + record, lead("r" + record, version));
            }
        }
        broker.send(topic, "r7", "[" + lead("r7", 1) + "," + lead("r7", 2) + "]");
        broker.send(topic, "r7", lead("r7", 2));
        broker.flush();
        try (KafkaReplica replica = new KafkaReplica(broker, database, name).startIntake()) {
            caughtUp();
            assertThat(rows()).isEqualTo(103);
            for (int record = 0; record < 5; record++) {
                assertThat(jdbc.queryForList("select version::int from lead_event where record_id = ? order by received_at",
                        Integer.class, "r" + record)).hasSizeGreaterThanOrEqualTo(20).isSorted();
            }
            assertThat(jdbc.queryForObject("select request_id from lead_event where record_id = 'r0' and version = '0'",
                    String.class)).isEqualTo("from-kafka-0001");
            assertThat(jdbc.queryForList("select distinct request_id from lead_event where record_id = 'r7'", String.class))
                    .hasSize(1).allMatch(id -> id.length() == 36);
            assertThat(replica.meters.counter("leadroutes.kafka.messages", "outcome", "taken").count()).isEqualTo(103);
        }
    }

    @Test
    void aMessageThatIsNoLeadIsALetterWithAllOfItAndTheNextOnesComeIn() throws Exception {
        byte[] binary = {(byte) 0xff, 0, 7};
        broker.send(topic, "k", lead("before", 1));
        broker.send(topic, "k", "{\"source\": \"kafka-test\", \"recordId\": \"x\"".getBytes(StandardCharsets.UTF_8),
                Map.of("X-Request-Id", "same-id-for-all"));
        broker.send(topic, "k", binary, Map.of("X-Request-Id", "same-id-for-all"));
        broker.send(topic, "k", LeadJson.write(Map.of("source", "kafka-test", "recordId", "y", "emial", "a@b.example")));
        broker.send(topic, "k", lead("after", 1));
        broker.flush();
        try (KafkaReplica replica = new KafkaReplica(broker, database, name).startIntake()) {
            caughtUp();
            assertThat(jdbc.queryForList("select record_id from lead_event", String.class))
                    .containsExactlyInAnyOrder("before", "after");
            List<Map<String, Object>> letters = jdbc.queryForList("""
                    select request_id, stage, route_id, message, payload::text as payload from dead_letter
                    where state = 'OPEN' order by (payload ->> 'offset')::int""");
            assertThat(letters).hasSize(3);
            assertThat(letters.get(0)).containsEntry("request_id", "same-id-for-all")
                    .containsEntry("stage", "KAFKA_INTAKE").containsEntry("route_id", "kafka-lead");
            assertThat(LeadJson.object(letters.get(0).get("payload"))).containsEntry("topic", topic)
                    .containsKeys("partition", "offset").containsEntry("key", "k")
                    .containsEntry("body", "{\"source\": \"kafka-test\", \"recordId\": \"x\"");
            assertThat(letters.get(1)).containsEntry("request_id", "same-id-for-all");
            assertThat(LeadJson.object(letters.get(1).get("payload"))).containsEntry("bodyBase64", "/wAH");
            assertThat((String) letters.get(2).get("message")).contains("did you mean email?");
        }
    }

    @Test
    void aLetterThatIsReplayedComesInOrIsALetterAgain() {
        KafkaLeads leads = new KafkaLeads(new LeadInbox(database), new DeadLetters(database, List.of()), database,
                new SimpleMeterRegistry(), Runnable::run);
        DeadLetters letters = new DeadLetters(database, List.of(leads));
        DeadLetters.Cause cause = new DeadLetters.Cause("req-0001", false, "kafka-lead", DeadLetters.Stage.KAFKA_INTAKE,
                "INVALID_REQUEST", Optional.empty(), "not a lead", 1);
        LeadMessage good = new LeadMessage("t", 0, 1, new byte[0], lead("z", 1).getBytes(StandardCharsets.UTF_8), "req-0001");
        LeadMessage bad = new LeadMessage("t", 0, 2, new byte[0], new byte[] {1}, "req-0001");
        letters.keep(good.id(), good.payload(), cause);
        letters.keep(bad.id(), bad.payload(), cause);
        assertThat(letters.replay(jdbc.queryForList("select id from dead_letter", Long.class), DeadLetters.Mode.RESUME, false))
                .isEqualTo(2);
        assertThat(jdbc.queryForList("select record_id || request_id from lead_event", String.class))
                .containsExactly("zreq-0001");
        assertThat(jdbc.queryForList("select payload ->> 'offset' from dead_letter where state = 'OPEN'", String.class))
                .containsExactly("2");
    }

    @Test
    void aProcessThatDiesBetweenInboxAndOffsetLosesNothingAndDoublesNothing() throws Exception {
        for (int i = 0; i < 120; i++) {
            broker.send(topic, "r" + i, lead("r" + i, 1));
        }
        broker.send(topic, "poison", "no lead");
        broker.flush();
        List<String> order = new CopyOnWriteArrayList<>();
        try (KafkaReplica dies = new KafkaReplica(broker, database, name, leads -> new KafkaLeads(new LeadInbox(database),
                new DeadLetters(database, List.of()), database, new SimpleMeterRegistry(), Runnable::run) {
            @Override
            public void commit(Exchange batch) {
                order.add(jdbc.queryForObject("select count(*) from lead_event", Long.class) > 0 ? "stored" : "nothing");
                throw new KafkaException("dies here");
            }
        }).startIntake()) {
            within(() -> assertThat(order).isNotEmpty());
        }
        assertThat(order).as("what was in the inbox when offsets were to be committed").containsOnly("stored");
        assertThat(broker.lag(name, topic)).isEqualTo(121);
        try (KafkaReplica next = new KafkaReplica(broker, database, name).startIntake()) {
            caughtUp();
            assertThat(rows()).isEqualTo(120);
            assertThat(jdbc.queryForObject("select count(*) from dead_letter", Long.class)).isEqualTo(1);
            assertThat(jdbc.queryForList("select distinct jsonb_array_length(timeline) from lead_event", Integer.class))
                    .containsExactly(1);
        }
    }

    @Test
    void aDatabaseThatIsAwayStopsTheStreamWhichGoesOnWithoutGapAfterwards() throws Exception {
        SwitchedDatabase switched = new SwitchedDatabase(database);
        List<String> warnings = new CopyOnWriteArrayList<>();
        Handler handler = collect(warnings);
        Logger root = Logger.getLogger("");
        root.addHandler(handler);
        try (KafkaReplica replica = new KafkaReplica(broker, switched, name).startIntake()) {
            broker.send(topic, "r", lead("first", 1));
            broker.flush();
            caughtUp();
            switched.away = true;
            for (int i = 0; i < 300; i++) {
                broker.send(topic, "r" + i, lead("r" + i, 1));
            }
            broker.flush();
            within(() -> assertThat(switched.refused.get()).isGreaterThanOrEqualTo(3));
            assertThat(rows()).isEqualTo(1);
            assertThat(broker.lag(name, topic)).isEqualTo(300);
            assertThat(warnings).as("lines of the log").hasSizeBetween(1, 4);
            switched.away = false;
            caughtUp();
            assertThat(rows()).isEqualTo(301);
        } finally {
            root.removeHandler(handler);
        }
    }

    @Test
    void anOrderlyStopLeavesTheGroupAtOnce() throws Exception {
        broker.send(topic, "r", lead("one", 1));
        broker.flush();
        KafkaReplica replica = new KafkaReplica(broker, database, name).startIntake();
        caughtUp();
        assertThat(broker.members(name)).isEqualTo(1);
        replica.close();
        assertThat(broker.members(name)).isZero();
    }

    private static Handler collect(List<String> warnings) {
        return new Handler() {
            @Override
            public void publish(LogRecord line) {
                if (line.getLevel().intValue() >= Level.WARNING.intValue()
                        && !line.getLoggerName().startsWith("org.apache.kafka")) {
                    warnings.add(line.getLoggerName() + " " + line.getMessage());
                }
            }

            @Override
            public void flush() {
            }

            @Override
            public void close() {
            }
        };
    }
}
