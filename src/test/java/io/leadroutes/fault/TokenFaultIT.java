package io.leadroutes.fault;

import static org.assertj.core.api.Assertions.assertThat;

import io.leadroutes.fault.Cluster.SeenCall;
import io.leadroutes.process.PackagedProcess;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/** One token for three replicas: when they start, when it expires again and again, when ZoomInfo revokes it early. */
@Isolated("asserts that no call comes too early")
class TokenFaultIT {

    private static final int LEADS = Integer.getInteger("faults.token.leads", 100);
    private static final int EXPIRIES = Integer.getInteger("faults.token.expiries", 1);
    private static final int REVOCATIONS = Integer.getInteger("faults.token.revocations", 1);
    private static final int LIFE_SECONDS = 8;
    /** From three quarters of its life on, of which its issue in whole seconds may hide one; less a little for the way. */
    private static final double EARLIEST_RENEWAL = 0.75 * (LIFE_SECONDS - 1) - 0.25;
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @Test
    void theClusterAuthenticatesOnceAtItsStartOnceAnExpiryAndOnceARevocation() throws IOException {
        // Each replica calls ZoomInfo of its own, whoever enriches the leads.
        try (Cluster cluster = new Cluster("token").replicas(3).key("zoominfo.limits.watch", "500ms").start()) {
            cluster.feed(LEADS);
            cluster.awaitOutcomes(PATIENCE);
            awaitCallsOfEachReplica(cluster);
            assertThat(authentications(cluster)).as("cold start").hasSize(1);

            double slowest = 0;
            long refused = 0;
            for (int i = 1; i <= REVOCATIONS; i++) {
                cluster.feed(LEADS);
                setting(cluster, i < REVOCATIONS ? "{\"revokeTokens\":true}"
                        : "{\"tokenLifetimeSeconds\":" + LIFE_SECONDS + ",\"revokeTokens\":true}");
                long revoked = System.nanoTime();
                cluster.awaitOutcomes(PATIENCE);
                awaitCallsOfEachReplica(cluster);
                assertThat(authentications(cluster)).as("revocation %d", i).hasSize(1 + i);
                slowest = Math.max(slowest, secondsToSuccess(cluster, revoked));
                refused = refused(cluster);
            }
            assertThat(refused).as("calls refused with 401").isPositive();
            assertThat(slowest).as("seconds from a revocation to the next call that succeeds").isLessThan(3);

            int before = authentications(cluster).size();
            Awaitility.await("the token expires " + EXPIRIES + " times").atMost(PATIENCE.multipliedBy(EXPIRIES))
                    .pollInterval(Duration.ofMillis(500)).until(() -> {
                        cluster.feed(10);
                        return authentications(cluster).size() >= before + EXPIRIES;
                    });
            cluster.awaitOutcomes(PATIENCE);
            List<SeenCall> all = authentications(cluster);
            for (int i = before; i < all.size(); i++) {
                assertThat(seconds(all.get(i - 1), all.get(i))).as("from one renewal to the next")
                        .isGreaterThan(EARLIEST_RENEWAL);
            }
            assertThat(refused(cluster)).as("calls refused while the token was renewed ahead").isEqualTo(refused);
            for (int i = 1; i < all.size(); i++) {
                assertThat(seconds(all.get(i - 1), all.get(i))).as("between two authentications").isGreaterThan(1);
            }
            assertThat(all).allMatch(call -> call.status() == 200);
            Invariants.of(cluster).named(String.format(Locale.ROOT, "R11, 3 replicas, %d authentications, "
                    + "%d revocations, %d calls refused, slowest recovery %.2f s", all.size(), REVOCATIONS, refused, slowest)).check();
        }
    }

    /** The jobs of all replicas have come round once more: of two answers, one is to a call made since. */
    private static void awaitCallsOfEachReplica(Cluster cluster) throws IOException {
        Map<Replica, Double> before = new HashMap<>();
        for (Replica replica : cluster.replicas()) {
            before.put(replica, answered(replica));
        }
        for (Replica replica : cluster.replicas()) {
            Awaitility.await(replica + " calls ZoomInfo").atMost(PATIENCE)
                    .until(() -> answered(replica) >= before.get(replica) + 2);
        }
    }

    private static double answered(Replica replica) throws IOException {
        return replica.metric("leadroutes_zoominfo_calls_total", "lookup/usage", "status=\"200\"");
    }

    private static List<SeenCall> authentications(Cluster cluster) throws IOException {
        return cluster.calls("/authenticate");
    }

    private static long refused(Cluster cluster) throws IOException {
        return cluster.calls("").stream().filter(call -> call.status() == 401).count();
    }

    private static double secondsToSuccess(Cluster cluster, long moment) throws IOException {
        return cluster.calls("").stream().filter(call -> call.arrivalNanos() > moment && call.status() == 200)
                .filter(call -> !call.path().equals("/authenticate"))
                .mapToLong(call -> call.arrivalNanos() - moment).min().orElse(Long.MAX_VALUE) / 1e9;
    }

    private static double seconds(SeenCall earlier, SeenCall later) {
        return (later.arrivalNanos() - earlier.arrivalNanos()) / 1e9;
    }

    private static void setting(Cluster cluster, String change) throws IOException {
        String url = cluster.sandbox().zoominfoUrl() + "/_sandbox/settings";
        assertThat(PackagedProcess.send("PUT", url, change).statusCode()).isEqualTo(200);
    }
}
