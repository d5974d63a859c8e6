package io.leadroutes.fault;

import static org.assertj.core.api.Assertions.assertThat;

import io.leadroutes.crash.CrashPoint;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/** A process that ends between any two durable steps, as by a loss of power: the next one goes on where it was. */
@Isolated("asserts that no call comes too early")
class CrashPointFaultIT {

    private static final boolean LONG = Boolean.getBoolean("faults.long");
    /** All but that of Kafka, which has a test of its own. */
    private static final Set<CrashPoint> POINTS = LONG
            ? EnumSet.complementOf(EnumSet.of(CrashPoint.AFTER_PUBLISH))
            : EnumSet.of(CrashPoint.AFTER_ZOOMINFO_ANSWER, CrashPoint.AFTER_CRM_WRITE);
    private static final int LEADS = 40;
    /** Leads in flight in one process, most. */
    private static final long IN_FLIGHT = 16 * 25;

    @Test
    void whereverItEndsNothingIsLostAndNothingIsDoneTwice() throws IOException {
        try (Cluster cluster = new Cluster("crash-points").startAround()) {
            Replica replica = cluster.replica(0);
            for (CrashPoint point : POINTS) {
                // The first slot and the first call are those of the log-in.
                boolean pacing = point == CrashPoint.AFTER_SLOT || point == CrashPoint.BEFORE_SEND;
                // Not waited for: what the one before has left to do may bring it to the point before it is ready.
                replica.crashAt(point, pacing ? 3 : 1).startWithoutWaiting();
                CompletableFuture<Void> fed = CompletableFuture.runAsync(() -> feed(cluster));
                if (point == CrashPoint.IN_DRAIN) {
                    fed.join();
                    replica.terminate();
                }
                assertThat(replica.awaitEnd(Duration.ofSeconds(60))).as("ended at %s", point.text())
                        .isEqualTo(CrashPoint.EXIT_CODE);
                if (!LONG) {
                    cluster.outliveClaims();
                }
                replica.noCrash().start();
                fed.join();
                cluster.awaitOutcomes(Duration.ofSeconds(120));
                replica.kill();
            }
            Figures figures = Invariants.of(cluster).named("D1, " + POINTS.size() + " crash points").check();
            assertThat(figures.repeated()).as("records asked for again").isLessThanOrEqualTo(POINTS.size() * IN_FLIGHT);
        }
    }

    private static void feed(Cluster cluster) {
        try {
            cluster.createInSalesforce(LEADS / 2);
            cluster.feed(LEADS / 2);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
