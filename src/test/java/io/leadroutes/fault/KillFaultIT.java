package io.leadroutes.fault;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.leadroutes.process.Outcome;
import io.leadroutes.process.PackagedProcess;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/** Replicas that are killed at any moment: nothing is lost, nothing is done twice, nobody is paid for twice. */
@Isolated("asserts that no call comes too early")
class KillFaultIT {

    private static final boolean LONG = Boolean.getBoolean("faults.long");
    private static final int LEADS = LONG ? 20_000 : 1_000;
    private static final int KILLS = LONG ? 30 : 2;
    /** Leads whose stories are read at the end, most. */
    private static final int READ = 1_000;
    /** Leads in flight in one process, most. */
    private static final long IN_FLIGHT = 16 * 25;

    private final Random random = new Random(7);

    @Test
    void leadsOutliveReplicasThatAreKilledAgainAndAgain() throws IOException {
        try (Cluster cluster = new Cluster("kill").replicas(3).key("zoominfo.batching", "fast").start()) {
            int portion = LEADS / (KILLS + 1);
            for (int kill = 0; kill < KILLS; kill++) {
                feed(cluster, portion);
                if (LONG) {
                    Cluster.letPass(Duration.ofMillis(5_000 + random.nextInt(10_000)));
                } else {
                    cluster.awaitEnded(cluster.ended() + 1 + random.nextInt(portion / 2), Duration.ofSeconds(60));
                }
                List<Replica> running = cluster.running();
                Replica victim = running.get(random.nextInt(running.size()));
                victim.kill();
                victim.startWithoutWaiting();
            }
            feed(cluster, (int) (LEADS - cluster.fed()));
            cluster.awaitOutcomes(Duration.ofSeconds(LONG ? 300 : 120));
            Figures figures = Invariants.of(cluster).named("D2, " + LEADS + " leads, " + KILLS + " kills").check();
            assertThat(figures.repeated()).as("records asked for again").isLessThanOrEqualTo(KILLS * IN_FLIGHT);
            String api = cluster.running().get(0).api("/api/");
            for (String id : cluster.jdbc().queryForList("""
                    select event_id::text from lead_event where state = 'DONE' limit ?""", String.class, READ)) {
                Outcome.assertDone(PackagedProcess.json(api + "leads/" + id));
            }
            Outcome.assertSharesAreExact(PackagedProcess.json(api + "pools"));
            JsonNode written = cluster.sandbox().salesforceStats().path("leadWritesByIntegrationUser");
            assertThat(written.path("max").asInt()).as("writes of one lead by the integration user: %s", written)
                    .isEqualTo(1);
        }
    }

    /** A fifth is created in the CRM, the others come over HTTP. */
    private static void feed(Cluster cluster, int leads) throws IOException {
        cluster.createInSalesforce(leads / 5);
        cluster.feed(leads - leads / 5);
    }
}
