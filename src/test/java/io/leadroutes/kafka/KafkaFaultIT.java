package io.leadroutes.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.leadroutes.crash.CrashPoint;
import io.leadroutes.fault.Cluster;
import io.leadroutes.fault.Invariants;
import io.leadroutes.fault.Replica;
import io.leadroutes.process.Installation;
import java.io.IOException;
import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.awaitility.core.ThrowingRunnable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** The packaged application between two topics of a real broker; {@code KafkaRouteTest} is the short form. */
@EnabledIfSystemProperty(named = "kafka.long", matches = "true")
class KafkaFaultIT {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int LEADS = Integer.getInteger("faults.kafka.leads", 300);
    private static final int FLAPS = Integer.getInteger("faults.kafka.flaps", 6);

    private final String name = "it" + UUID.randomUUID().toString().substring(0, 8);
    private final String leads = "leads-" + name;
    private final String decisions = "decisions-" + name;

    private Broker topics() throws Exception {
        return Broker.shared().topic(leads, 6).topic(decisions, 3);
    }

    private Cluster cluster(Broker broker, String directory, int replicas) throws IOException {
        Cluster cluster = new Cluster(directory).replicas(replicas).key("kafka.intake.topic", leads)
                .key("kafka.intake.group", name).key("kafka.intake.batch", "50").key("kafka.decisions.topic", decisions);
        broker.keys().forEach(cluster::key);
        return cluster;
    }

    private void send(Broker broker, Cluster cluster, int count) throws IOException {
        for (int i = 0; i < count; i++) {
            Map<String, Object> lead = cluster.lead(Installation.person());
            broker.send(leads, lead.get("recordId").toString(), JSON.writeValueAsString(lead));
        }
    }

    private static void within(int seconds, ThrowingRunnable assertion) {
        await().atMost(Duration.ofSeconds(seconds)).pollInterval(Duration.ofMillis(200)).untilAsserted(assertion);
    }

    private static JsonNode kafka(Replica replica) throws IOException {
        JsonNode ready = replica.health("ready");
        assertThat(ready.path("status").asText()).isEqualTo("UP");
        for (JsonNode check : ready.path("checks")) {
            if (check.path("name").asText().equals("kafka")) {
                return check.path("data");
            }
        }
        throw new AssertionError("no check kafka in " + ready);
    }

    /** Every decision that was made is in the topic. */
    private void everyDecisionIsPublished(Broker broker, Cluster cluster) {
        within(60, () -> assertThat(cluster.jdbc().queryForObject(
                "select count(*) from decision_outbox where published_at is null", Long.class)).isZero());
        Set<String> published = new HashSet<>();
        for (Broker.Read read : broker.read(decisions)) {
            try {
                published.add(JSON.readTree(read.value()).path("receipt").path("decisionId").asText());
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        }
        assertThat(published).containsExactlyInAnyOrderElementsOf(
                cluster.jdbc().queryForList("select id::text from decision", String.class));
    }

    private long letters(Cluster cluster) {
        return cluster.jdbc().queryForObject("select count(*) from dead_letter where stage = 'KAFKA_INTAKE'", Long.class);
    }

    @Test
    void leadsOfATopicBecomeDecisionsOfAnotherAndABrokerThatIsAwayStopsNothingElse() throws Exception {
        Broker broker = topics();
        try (Cluster cluster = cluster(broker, "kafka", 1).start()) {
            Replica replica = cluster.replica(0);
            send(broker, cluster, 60);
            broker.send(leads, "x", "no lead");
            cluster.awaitEnded(60, Duration.ofSeconds(60));
            everyDecisionIsPublished(broker, cluster);
            within(20, () -> assertThat(kafka(replica).path("lag").asInt(-1)).isZero());
            assertThat(letters(cluster)).isEqualTo(1);
            assertThat(replica.metric("leadroutes_kafka_published_total")).isGreaterThanOrEqualTo(60);

            broker.kill();
            within(30, () -> assertThat(kafka(replica).path("state").asText()).isEqualTo("unavailable"));
            cluster.feed(10);
            cluster.awaitEnded(70, Duration.ofSeconds(30));
            broker.start();
            everyDecisionIsPublished(broker, cluster);
            within(30, () -> assertThat(kafka(replica).path("state").asText()).isEqualTo("available"));

            within(30, () -> assertThat(broker.members(name)).isEqualTo(1));
            replica.terminate();
            assertThat(replica.awaitEnd(Duration.ofSeconds(40))).isEqualTo(143);
            assertThat(broker.members(name)).as("members of the group after an orderly stop").isZero();
            assertThat(cluster.jdbc().queryForObject("select lease_until <= now() from decision_publisher", Boolean.class))
                    .as("the next replica may publish at once").isTrue();
            assertThat(replica.log()).doesNotContain(Broker.PASSWORD).contains("Kafka is not available", "Kafka is available again");
            assertThat(replica.log().lines().filter(line -> line.contains("\"WARN\"") || line.contains(" WARN "))
                    .filter(line -> line.contains("afka") || line.contains("Decisions wait")))
                    .as("lines about a broker that was away").hasSizeLessThan(12);
            Invariants.of(cluster).named("kafka").check();
        }
    }

    @Test
    void processesThatDieBetweenInboxAndOffsetOrBetweenBrokerAndMarkLoseAndDoubleNothing() throws Exception {
        Broker broker = topics();
        try (Cluster cluster = cluster(broker, "kafka-crash", 2).startAround()) {
            cluster.replica(0).crashAt(CrashPoint.AFTER_INBOX_COMMIT, 3).start();
            cluster.replica(1).crashAt(CrashPoint.AFTER_PUBLISH, 2).startWithoutWaiting();
            send(broker, cluster, LEADS);
            broker.send(leads, "x", "no lead");
            broker.flush();
            assertThat(cluster.replica(0).awaitEnd(Duration.ofSeconds(60))).isEqualTo(CrashPoint.EXIT_CODE);
            assertThat(cluster.replica(1).awaitEnd(Duration.ofSeconds(90))).isEqualTo(CrashPoint.EXIT_CODE);
            cluster.replicas().forEach(Replica::noCrash);
            for (Replica replica : cluster.replicas()) {
                replica.start();
            }
            cluster.awaitEnded(LEADS, Duration.ofSeconds(120));
            within(60, () -> assertThat(broker.lag(name, leads)).isZero());
            everyDecisionIsPublished(broker, cluster);
            assertThat(letters(cluster)).isEqualTo(1);
            Invariants.of(cluster).named("kafka-crash").check();
        }
    }

    @Test
    void killedAndStoppedReplicasAndAKilledBrokerLeaveNoLagAndOneEffectEach() throws Exception {
        Broker broker = topics();
        try (Cluster cluster = cluster(broker, "kafka-storm", 3).start()) {
            int flaps = Math.max(2, FLAPS);
            for (int flap = 0; flap < flaps; flap++) {
                send(broker, cluster, LEADS / flaps);
                Replica replica = cluster.replica(flap % 3);
                if (flap % 2 == 0) {
                    replica.kill();
                } else {
                    replica.terminate();
                    replica.awaitEnd(Duration.ofSeconds(60));
                }
                if (flap == flaps / 2) {
                    broker.kill();
                    broker.start();
                }
                replica.startWithoutWaiting();
                Cluster.letPass(Duration.ofSeconds(5));
            }
            broker.flush();
            long last = System.nanoTime();
            await().atMost(Duration.ofSeconds(120)).pollInterval(Duration.ofMillis(200))
                    .until(() -> broker.lag(name, leads) == 0);
            System.out.printf("D11, processes: %d leads, %d flaps, lag 0 after %.1f s%n", LEADS / flaps * flaps, flaps,
                    (System.nanoTime() - last) / 1e9);
            cluster.awaitEnded(LEADS / flaps * flaps, Duration.ofSeconds(180));
            everyDecisionIsPublished(broker, cluster);
            Invariants.of(cluster).named("kafka-storm").check();
        }
    }
}
