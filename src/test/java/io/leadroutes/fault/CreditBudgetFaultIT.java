package io.leadroutes.fault;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.leadroutes.process.PackagedProcess;
import java.io.IOException;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/** R12: a budget that replicas share, one of which is killed twice; then somebody else spends credits. */
@Isolated("asserts that no call comes too early")
class CreditBudgetFaultIT {

    private static final boolean LONG = Boolean.getBoolean("faults.long");
    private static final int REPLICAS = LONG ? 3 : 2;
    private static final int BUDGET = Integer.getInteger("faults.credits.budget", 200);
    private static final int LEADS = Integer.getInteger("faults.credits.leads", 600);
    private static final int FOREIGN = 37;
    private static final Duration PATIENCE = Duration.ofSeconds(LEADS / 20 + 60);

    @Test
    void theBudgetIsServedToTheLastCreditAndTheRestWaits() throws IOException {
        try (Cluster cluster = new Cluster("credit-budget").replicas(REPLICAS).key("zoominfo.batching", "fast")
                .key("zoominfo.credit-budget", Integer.toString(BUDGET)).key("zoominfo.limits.watch", "1s").start()) {
            cluster.feed(LEADS);
            for (int kill = 1; kill <= 2; kill++) {
                long some = (long) BUDGET * kill / 4;
                Awaitility.await().atMost(PATIENCE).until(() -> settled(cluster) >= some);
                Replica holder = cluster.holder();
                holder.kill();
                holder.start();
            }
            Awaitility.await("all leads have an outcome or wait for credits").atMost(PATIENCE).untilAsserted(() -> {
                if (!LONG) {
                    cluster.outliveClaims();
                }
                Map<String, Long> states = cluster.states();
                assertThat(states.keySet()).isSubsetOf("DONE", "PARKED");
                assertThat(reserved(cluster)).isZero();
            });
            JsonNode zoominfo = cluster.sandbox().zoominfoStats().path("credits");
            long served = zoominfo.path("uniquePersons").asLong();
            assertThat(served).isEqualTo(BUDGET);
            assertThat(settled(cluster)).isEqualTo(served);
            assertThat(cluster.jdbc().queryForList("select distinct parked_cause from lead_event where state = 'PARKED'",
                    String.class)).containsExactly("CREDIT_BUDGET: zoominfo.credit-budget");

            JsonNode before = usage(cluster);
            assertThat(before.path("drift").path("credits").asLong()).isZero();
            assertThat(before.path("waiting").path("leads").asLong()).isEqualTo(cluster.states().get("PARKED"));
            PackagedProcess.send("POST", cluster.sandbox().zoominfoUrl() + "/_sandbox/foreign-use",
                    "{\"uniqueIds\":" + FOREIGN + "}");
            Awaitility.await("drift").atMost(PATIENCE)
                    .until(() -> usage(cluster).path("drift").path("credits").asLong() == FOREIGN);
            assertThat(cluster.replicas().stream().map(Replica::log)
                    .anyMatch(log -> log.contains("ZoomInfo has counted " + FOREIGN + " credit(s) beyond"))).isTrue();
            Invariants.of(cluster).named(String.format(Locale.ROOT, "R12, %d replicas, 2 kills, budget %d, %d leads",
                    REPLICAS, BUDGET, LEADS)).budget(BUDGET).allowParked().check();
        }
    }

    private static long settled(Cluster cluster) {
        return sum(cluster, "settled");
    }

    private static long reserved(Cluster cluster) {
        return sum(cluster, "reserved");
    }

    private static long sum(Cluster cluster, String column) {
        return cluster.jdbc().queryForList("select " + column + " from credit_use where source = '' and day = 'infinity'",
                Long.class).stream().mapToLong(Long::longValue).sum();
    }

    private static JsonNode usage(Cluster cluster) throws IOException {
        return PackagedProcess.json(cluster.running().get(0).api("/api/usage")).path("ledger");
    }
}
