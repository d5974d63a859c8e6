/**
 * The fault kit: a cluster of real processes, ways to hurt it, and a checker of what must hold all the same. A new
 * fault test is some ten lines:
 *
 * <pre>{@code
 * @Test
 * void aReplicaThatIsKilledLosesNoLead() throws IOException {
 *     try (Cluster cluster = new Cluster("my-fault").replicas(3).key("zoominfo.batching", "fast").start()) {
 *         cluster.feed(500);                                  // over HTTP, tried again where it is not accepted
 *         cluster.createInSalesforce(500);                    // through the CRM's stream of changes
 *         cluster.awaitEnded(200, Duration.ofSeconds(30));    // hurt it in the middle
 *         cluster.replica(0).kill();
 *         cluster.awaitOutcomes(Duration.ofSeconds(120));
 *         Invariants.of(cluster).check();                     // prints the figures of the run
 *     }
 * }
 * }</pre>
 *
 * <ul>
 * <li>{@link io.leadroutes.fault.Replica}: kill, pause (SIGSTOP), resume, terminate; its log, health and metrics;
 * {@code crashAt(BEFORE_CRM_WRITE, 3)} ends it at a {@link io.leadroutes.crash.CrashPoint} from its next start
 * on; {@code clock("+1h")} gives it a wrong wall clock.
 * <li>{@link io.leadroutes.fault.FaultProxy}: delay, jitter, reset, half-open, truncate, slow body, bandwidth,
 * blackhole; ask for it by {@code cluster.proxied(Link.DATABASE)}, then
 * {@code replica.proxy(Link.DATABASE).blackhole()}.
 * <li>{@link io.leadroutes.fault.PostgresServer}: stop at once, freeze, a wrong clock, a full disk.
 * <li>{@link io.leadroutes.fault.Invariants}: what a test breaks on purpose it allows first
 * ({@code allowRateLimited}, {@code allowParked}); {@link io.leadroutes.fault.Figures} has more to assert on.
 * </ul>
 *
 * <p>Tests of processes are named {@code *FaultIT} and run on the packaged application. They have a short form for each
 * build and a long one for {@code ./mvnw -Pfaults verify}; a class shares one cluster where it can, since a start costs
 * seconds.
 */
package io.leadroutes.fault;
