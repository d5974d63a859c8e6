package io.leadroutes.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.leadroutes.TestDatabase;
import io.leadroutes.lead.LeadJson;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * D11: replicas that come and go every moment while messages arrive, one of them a process that is killed each time, and a
 * broker that is killed and comes back. Prints how long the group took to catch up. Long form: {@code -Dkafka.long=true}.
 */
class KafkaFaultTest {

    private static final boolean LONG = Boolean.getBoolean("kafka.long");
    private static final int MESSAGES = LONG ? 40_000 : 3_000;
    private static final int FLAPS = LONG ? 24 : 4;
    private static final Duration FLAP_EVERY = LONG ? Duration.ofSeconds(5) : Duration.ofMillis(1_200);

    private final DataSource database = TestDatabase.fresh();
    private final JdbcTemplate jdbc = new JdbcTemplate(database);
    private final String name = "d11" + UUID.randomUUID().toString().substring(0, 8);
    private final String topic = "leads-" + name;

    @Test
    void noLeadIsLostOrDoubledWhenReplicasFlapAndTheBrokerIsKilled() throws Exception {
        Broker broker = Broker.shared().topic(topic, 6);
        List<KafkaReplica> replicas = new ArrayList<>();
        AtomicBoolean enough = new AtomicBoolean();
        AtomicInteger sent = new AtomicInteger();
        Thread sender = new Thread(() -> {
            while (sent.get() < MESSAGES && !enough.get()) {
                int number = sent.getAndIncrement();
                broker.send(topic, "r" + number % 500, number % 1_000 == 999 ? "poison " + number
                        : LeadJson.write(Map.of("source", "storm", "recordId", "r" + number % 500, "version", "" + number,
                                "email", "r@acme.example")));
                if (number % (MESSAGES / 20) == 0) {
                    pause(FLAP_EVERY.multipliedBy(FLAPS + 1).dividedBy(20));
                }
            }
        }, "sender");
        sender.start();
        Process killed = KafkaReplicaMain.start(broker, database, name);
        try {
            for (int i = 0; i < 2; i++) {
                replicas.add(new KafkaReplica(broker, database, name).startIntake());
            }
            for (int flap = 0; flap < FLAPS; flap++) {
                pause(FLAP_EVERY);
                if (flap % 2 == 0) {
                    replicas.remove(0).close();
                    replicas.add(new KafkaReplica(broker, database, name).startIntake());
                } else {
                    await("it takes part before it is killed").atMost(Duration.ofSeconds(30))
                            .until(() -> broker.members(name) == 3);
                    killed.destroyForcibly().waitFor();
                    killed = KafkaReplicaMain.start(broker, database, name);
                }
                if (flap % 12 == FLAPS % 12 / 2) {
                    broker.kill();
                    broker.start();
                }
            }
            sender.join();
            broker.flush();
            long lastFlap = System.nanoTime();
            await().atMost(Duration.ofSeconds(120)).pollInterval(Duration.ofMillis(200))
                    .until(() -> broker.lag(name, topic) == 0);
            System.out.printf("D11: %d messages, %d flaps, lag 0 after %.1f s%n", sent.get(), FLAPS,
                    (System.nanoTime() - lastFlap) / 1e9);
        } finally {
            enough.set(true);
            killed.destroyForcibly();
            replicas.forEach(KafkaReplica::close);
        }
        int poison = MESSAGES / 1_000;
        assertThat(jdbc.queryForObject("select count(*) from lead_event", Integer.class)).isEqualTo(MESSAGES - poison);
        assertThat(jdbc.queryForObject("select count(distinct version) from lead_event", Integer.class))
                .isEqualTo(MESSAGES - poison);
        assertThat(jdbc.queryForObject("select count(*) from dead_letter", Integer.class)).isEqualTo(poison);
        assertThat(outOfOrder()).as("records whose versions arrived in another order").isZero();
    }

    /** A version that arrived behind a later one of its record. */
    private int outOfOrder() {
        return jdbc.queryForObject("""
                select count(*) from (select version::int as version, max(version::int) over
                    (partition by record_id order by received_at, version::int rows between unbounded preceding
                     and current row) as newest from lead_event) v
                where version < newest""", Integer.class);
    }

    private static void pause(Duration time) {
        await().pollDelay(time).atMost(time.plusSeconds(5)).until(() -> true);
    }
}
