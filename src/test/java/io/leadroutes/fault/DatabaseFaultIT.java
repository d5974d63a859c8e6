package io.leadroutes.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.leadroutes.process.Installation;
import io.leadroutes.process.PackagedProcess;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.parallel.Isolated;

/** The database is away, full, or cannot be reached by one of the replicas. The tests share a cluster. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@Isolated("asserts that no call comes too early")
class DatabaseFaultIT {

    private static final boolean LONG = Boolean.getBoolean("faults.long");
    private static final Duration PARTITION = Duration.ofSeconds(LONG ? 30 : 5);
    private static final Duration OUTAGE = Duration.ofSeconds(LONG ? 120 : 4);
    private static final boolean OWN_DISK = PostgresServer.mayLimitDisk();
    private static Cluster cluster;

    @BeforeAll
    static void start() throws IOException {
        cluster = new Cluster("database").replicas(2).key("zoominfo.batching", "fast").proxied(Link.DATABASE)
                .file(Saturation.FILE, Saturation.ROUTES);
        if (OWN_DISK) {
            cluster.database().onDiskOf(250);
        }
        cluster.start();
        // The documented limit of a minute: how close to a strict second calls may come is PacingFaultIT's.
        cluster.sandbox().zoominfo("{\"limits\": {\"standard\": {\"perSecond\": 0, \"perMinute\": 1500}}}");
    }

    @AfterAll
    static void stop() throws IOException {
        try {
            cluster.awaitOutcomes(Duration.ofSeconds(120));
            Invariants.of(cluster).named("D10, D12, whole run").check();
        } finally {
            cluster.close();
        }
    }

    @Test
    @Order(1)
    void aReplicaThatCannotReachTheDatabaseStopsSendingAndTheOtherTakesOver() throws IOException {
        Replica isolated = cluster.holder();
        Replica other = cluster.replicas().stream().filter(replica -> replica != isolated).findFirst().orElseThrow();
        cluster.feed(100);
        long cut = System.nanoTime();
        isolated.proxy(Link.DATABASE).blackhole();
        within(Duration.ofSeconds(8), "the other holds the lease", () -> cluster.holder() == other);
        // The three seconds of the lease are over, and what was granted before has left.
        Cluster.letPass(Duration.ofSeconds(2));
        long from = System.nanoTime();
        double before = sent(other);
        Cluster.letPass(PARTITION);
        long to = System.nanoTime();
        double byTheOther = sent(other) - before;
        isolated.proxy(Link.DATABASE).heal();
        long healed = System.nanoTime();
        within(Duration.ofSeconds(60), "the isolated one is ready again", () -> isolated.is("ready"));
        double ready = (System.nanoTime() - healed) / 1e9;
        Figures figures = new Figures(cluster.calls(""), 0, 0, 0, "");
        double byTheIsolated = figures.calls(from, to) - byTheOther;
        Invariants.print("D12, partition of the holder: taken over after " + figures.longestGap(cut, healed)
                + " s, sent by the isolated one after its lease " + byTheIsolated + ", ready " + ready
                + " s after it was healed", figures.between(cut, healed));
        assertThat(byTheOther).as("calls of the other").isPositive();
        // A call may be seen on one side of a moment and counted on the other.
        assertThat(byTheIsolated).as("calls of the isolated replica after its lease").isLessThanOrEqualTo(3);
        assertThat(figures.longestGap(cut, healed)).as("seconds without a call").isLessThanOrEqualTo(5.0);
    }

    /** Calls that a replica has had answered. */
    private static double sent(Replica replica) throws IOException {
        return replica.metric("leadroutes_zoominfo_calls_total", "tier=\"standard\"");
    }

    @Test
    @Order(2)
    void whileTheDatabaseIsAwayNothingIsAcknowledgedAndAfterwardsAllGoesOnByItself() throws IOException {
        cluster.feed(100);
        cluster.database().stopImmediately();
        assertRefusedButAlive();
        Cluster.letPass(OUTAGE);
        cluster.database().start();
        long up = System.nanoTime();
        within(Duration.ofSeconds(30), "all are ready", () -> allReady());
        report("D10, database away for " + OUTAGE.toSeconds() + " s", up);
    }

    @Test
    @Order(3)
    void whileTheDatabasesDiskIsFullNothingIsAcknowledgedThatIsLost() throws IOException {
        assumeTrue(OWN_DISK, "a full disk " + PostgresServer.NEEDS_ROOT);
        cluster.feed(100);
        cluster.database().fillDisk();
        within(Duration.ofSeconds(60), "leads are refused", () -> post() == 503);
        assertThat(cluster.replicas()).allMatch(Replica::isAlive);
        Cluster.letPass(Duration.ofSeconds(3));
        cluster.database().freeDisk();
        long freed = System.nanoTime();
        within(Duration.ofSeconds(30), "leads are taken again", () -> post() == 202);
        within(Duration.ofSeconds(30), "all are ready", () -> allReady());
        report("D10, disk full", freed);
    }

    private static void assertRefusedButAlive() throws IOException {
        within(Duration.ofSeconds(5), "none is ready", () -> {
            for (Replica replica : cluster.replicas()) {
                if (replica.is("ready")) {
                    return false;
                }
            }
            return true;
        });
        for (Replica replica : cluster.replicas()) {
            assertThat(replica.is("live")).as("%s is alive", replica).isTrue();
        }
        assertThat(post()).as("answer to a lead").isEqualTo(503);
    }

    /** The answer of the first replica to a new lead; what it acknowledges is remembered. */
    private static int post() throws IOException {
        var answer = PackagedProcess.send("POST", cluster.replica(0).api("/api/leads"),
                Installation.JSON.writeValueAsString(List.of(cluster.lead(Installation.person()))));
        if (answer.statusCode() == 202) {
            cluster.remember(answer.body());
        }
        return answer.statusCode();
    }

    private static boolean allReady() throws IOException {
        for (Replica replica : cluster.replicas()) {
            if (!replica.is("ready")) {
                return false;
            }
        }
        return true;
    }

    private static void report(String label, long since) throws IOException {
        if (LONG) {
            cluster.awaitOutcomes(Duration.ofSeconds(60));
        } else {
            cluster.awaitOutcomesBeyondClaims(Duration.ofSeconds(60));
        }
        Figures figures = new Figures(cluster.calls(""), 0, 0, 0, "");
        Invariants.print(label + ": first call " + figures.secondsToNextCall(since) + " s later",
                figures.between(since, System.nanoTime()));
    }

    private static void within(Duration patience, String what, Callable<Boolean> holds) {
        Awaitility.await(what).atMost(patience).pollInterval(Duration.ofMillis(100)).ignoreExceptions().until(holds);
    }
}
