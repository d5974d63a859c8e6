package io.leadroutes.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.InputFormat;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion.VersionFlag;
import io.leadroutes.TestDatabase;
import io.leadroutes.lead.PersonalData.Person;
import io.leadroutes.lead.PersonalData.SourceRecord;
import io.leadroutes.receipt.Receipt;
import io.leadroutes.receipt.ReceiptJson;
import io.leadroutes.receipt.SampleDecisions;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.apache.camel.Exchange;
import org.awaitility.core.ThrowingRunnable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

/** The outbox and the route {@code decision-publish} against a real broker and a real database. */
class DecisionPublishTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static Broker broker;

    private final DataSource database = TestDatabase.fresh();
    /** A connection for each of the many rows would take most of the time. */
    private final SingleConnectionDataSource own = connection(database);
    private final JdbcTemplate jdbc = new JdbcTemplate(own);
    private final String name = "t" + UUID.randomUUID().toString().substring(0, 8);
    private final String topic = "decisions-" + name;

    @BeforeAll
    static void broker() throws Exception {
        broker = Broker.shared();
    }

    @BeforeEach
    void topic() throws Exception {
        broker.topic(topic, 3);
    }

    @AfterEach
    void close() {
        own.close();
    }

    private static SingleConnectionDataSource connection(DataSource database) {
        try {
            return new SingleConnectionDataSource(database.getConnection(), true);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void within(ThrowingRunnable assertion) {
        await().atMost(Duration.ofSeconds(40)).pollInterval(Duration.ofMillis(100)).untilAsserted(assertion);
    }

    /** A decision of a new event of this record, as the stage stores it; its version is the number of the event. */
    private UUID decided(KafkaReplica replica, String recordId, int version) {
        UUID event = UUID.randomUUID();
        Receipt receipt = SampleDecisions.anyReceipt(event);
        jdbc.update("""
                insert into lead_event (event_id, source, record_id, version, request_id, state, lead)
                values (?, 'salesforce', ?, ?, ?, 'DECIDED', '{"email": "secret@acme.example"}')""", event, recordId,
                "" + version, "req-" + recordId + "-" + version);
        jdbc.update("insert into ruleset (version, state, content, source) values (?, 'live', '{}', '{}') "
                + "on conflict do nothing", receipt.rulesVersion());
        jdbc.update("""
                insert into decision (id, event_id, number, source, record_id, version, facts, receipt, receipt_hash,
                                      previous_hash, at)
                values (?, ?, ?, 'salesforce', ?, ?, ?::jsonb, ?::jsonb, ?, ?, now())""", receipt.decisionId(), event,
                receipt.decision(), recordId, receipt.rulesVersion(), ReceiptJson.facts(receipt), ReceiptJson.body(receipt),
                receipt.hash(), String.format("%064x", version));
        replica.outbox.decided(List.of(receipt.decisionId()));
        return receipt.decisionId();
    }

    private long waiting() {
        return jdbc.queryForObject("select count(*) from decision_outbox where published_at is null", Long.class);
    }

    private Map<String, List<Integer>> versionsByKey() throws Exception {
        Map<String, List<Integer>> versions = new HashMap<>();
        for (Broker.Read read : broker.read(topic)) {
            versions.computeIfAbsent(read.key(), key -> new ArrayList<>())
                    .add(Integer.valueOf(JSON.readTree(read.value()).path("version").asText()));
        }
        return versions;
    }

    @Test
    void decisionsArePublishedByRecordInOrderAsTheSchemaSaysAndWithoutPersonalData() throws Exception {
        try (KafkaReplica replica = new KafkaReplica(broker, database, name)) {
            for (int version = 1; version <= 12; version++) {
                for (int record = 0; record < 10; record++) {
                    decided(replica, "r" + record, version);
                }
            }
            replica.startPublishing();
            within(() -> assertThat(waiting()).isZero());
            Map<String, List<Integer>> versions = versionsByKey();
            assertThat(versions).hasSize(10);
            assertThat(versions.values()).allSatisfy(one ->
                    assertThat(one).isEqualTo(IntStream.rangeClosed(1, 12).boxed().toList()));
            JsonSchema schema = schema();
            for (Broker.Read read : broker.read(topic)) {
                assertThat(schema.validate(read.value(), InputFormat.JSON)).as(read.value()).isEmpty();
                JsonNode decision = JSON.readTree(read.value());
                assertThat(read.key()).isEqualTo("salesforce/" + decision.path("recordId").asText());
                assertThat(read.headers()).isEqualTo(Map.of("X-Request-Id", decision.path("requestId").asText()));
                assertThat(decision.path("eventId")).isEqualTo(decision.path("receipt").path("eventId"));
                assertThat(decision.path("decision")).isEqualTo(decision.path("receipt").path("decision"));
                assertThat(read.value()).doesNotContain("@");
            }
            assertThat(replica.meters.counter("leadroutes.kafka.published").count()).isEqualTo(120);
        }
    }

    private static JsonSchema schema() {
        return JsonSchemaFactory.getInstance(VersionFlag.V202012, factory -> factory.schemaMappers(mappers ->
                mappers.mapPrefix("https://leadroutes.io/schema/", "classpath:schema/")))
                .getSchema(DecisionPublishTest.class.getResourceAsStream("/schema/decision.schema.json"));
    }

    @Test
    void whatWasSentButNotMarkedWhenTheProcessDiedIsPublishedAgainAndNothingIsMissing() throws Exception {
        Set<UUID> decisions = new HashSet<>();
        AtomicBoolean sent = new AtomicBoolean();
        try (KafkaReplica dies = new KafkaReplica(broker, database, name)) {
            for (int record = 0; record < 20; record++) {
                for (int version = 1; version <= 3; version++) {
                    decisions.add(decided(dies, "r" + record, version));
                }
            }
            dies.beforePublished(() -> {
                sent.set(true);
                throw new IllegalStateException("dies here");
            }).startPublishing();
            within(() -> assertThat(sent).isTrue());
        }
        assertThat(waiting()).isEqualTo(60);
        jdbc.update("update decision_publisher set lease_until = now()");
        try (KafkaReplica next = new KafkaReplica(broker, database, name).startPublishing()) {
            within(() -> assertThat(waiting()).isZero());
        }
        Set<String> published = new HashSet<>();
        for (Broker.Read read : broker.read(topic)) {
            published.add(JSON.readTree(read.value()).path("receipt").path("decisionId").asText());
        }
        assertThat(published).containsExactlyInAnyOrderElementsOf(decisions.stream().map(UUID::toString).toList());
        versionsByKey().values().forEach(versions -> {
            assertThat(versions).as("the first was sent, and again; then the others").isEqualTo(List.of(1, 1, 2, 3));
        });
    }

    @Test
    void oneReplicaPublishesAndOneThatLostTheLeaseMarksNothing() throws Exception {
        try (KafkaReplica one = new KafkaReplica(broker, database, name); KafkaReplica two = new KafkaReplica(broker, database, name)) {
            decided(one, "r", 1);
            Exchange first = one.claim();
            assertThat(first.getMessage().getBody(List.class)).hasSize(1);
            assertThat(two.claim().getMessage().getBody(List.class)).isEmpty();
            jdbc.update("update decision_publisher set lease_until = now() - interval '1 second'");
            Exchange second = two.claim();
            assertThat(second.getMessage().getBody(List.class)).hasSize(1);
            one.outbox.published(first);
            assertThat(waiting()).isEqualTo(1);
            two.outbox.published(second);
            assertThat(waiting()).isZero();
        }
    }

    @Test
    void anErasedPersonsDecisionIsNotPublishedAnyMore() throws Exception {
        try (KafkaReplica replica = new KafkaReplica(broker, database, name)) {
            decided(replica, "ann", 1);
            decided(replica, "joe", 1);
            OutboxPersonalData store = new OutboxPersonalData(database);
            Person ann = new Person(Set.of(), Set.of(), Set.of(), Set.of(), Set.of(),
                    Set.of(new SourceRecord("salesforce", "ann")));
            assertThat(store.find(ann)).hasSize(1);
            assertThat(store.erase(ann, key -> "x")).isEqualTo(1);
            replica.startPublishing();
            within(() -> assertThat(waiting()).isZero());
            assertThat(versionsByKey()).containsOnlyKeys("salesforce/joe");
        }
    }

    @Test
    void whatWasPublishedIsForgottenLaterAndWhatWaitsIsNot() {
        try (KafkaReplica replica = new KafkaReplica(broker, database, name)) {
            decided(replica, "old", 1);
            decided(replica, "new", 1);
            decided(replica, "waits", 1);
            jdbc.update("update decision_outbox set published_at = now() - interval '8 days' where record_id = 'old'");
            jdbc.update("update decision_outbox set published_at = now() where record_id = 'new'");
            replica.outbox.purge();
            assertThat(jdbc.queryForList("select record_id from decision_outbox", String.class))
                    .containsExactlyInAnyOrder("new", "waits");
        }
    }
}
