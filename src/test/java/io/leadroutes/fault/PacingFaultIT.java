package io.leadroutes.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.parallel.Isolated;

/**
 * Three replicas on one account that are always at its limit, a strict sliding second of 25 calls: no call is refused,
 * whatever happens to one of them or to the database. The tests share a cluster and follow one another.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@Isolated("asserts that no call comes too early")
class PacingFaultIT {

    private static final boolean LONG = Boolean.getBoolean("faults.long");
    private static final Duration SATURATED = Duration.ofSeconds(LONG ? 600 : 15);
    private static final int KILLS = LONG ? 10 : 1;
    private static Cluster cluster;
    private static Metronome machine;

    @BeforeAll
    static void start() throws IOException {
        machine = new Metronome();
        cluster = new Cluster("pacing").replicas(3).key("zoominfo.batching", "fast")
                .file(Saturation.FILE, Saturation.ROUTES).startAround();
        if (ShiftedClock.available()) {
            cluster.replica(1).clock("-1h");
            cluster.replica(2).clock("+1h");
        }
        cluster.startReplicas();
        cluster.sandbox().zoominfo("{\"windowModel\": \"sliding-log\", \"latency\": {\"min\": 200, \"max\": 400}}");
        awaitCalls(60);
    }

    @AfterAll
    static void stop() throws IOException {
        try {
            cluster.awaitOutcomes(Duration.ofSeconds(120));
            // Only R9 and R10, which run in the long form, bring any about.
            Invariants.of(cluster).named("R2, R5–R10, whole run, " + machine)
                    .allowRateLimited(LONG || !machine.isPunctual() ? Long.MAX_VALUE : 0).check();
        } finally {
            machine.close();
            cluster.close();
        }
    }

    private static void awaitCalls(int count) throws IOException {
        long before = cluster.sandbox().zoominfoStats().path("calls").asLong();
        Awaitility.await(count + " more calls").atMost(Duration.ofSeconds(60)).pollInterval(Duration.ofMillis(250))
                .until(() -> cluster.sandbox().zoominfoStats().path("calls").asLong() >= before + count);
    }

    private static Figures figures() throws IOException {
        return new Figures(cluster.calls(""), cluster.sandbox().zoominfoStats().path("rateLimited").asLong(), 0, 0, "");
    }

    /** Leads come in all the while, so many a second. */
    private static void feedFor(Duration length, int leadsASecond) throws IOException {
        long end = System.nanoTime() + length.toNanos();
        while (System.nanoTime() < end) {
            cluster.feed(leadsASecond);
            Cluster.letPass(Duration.ofSeconds(1));
        }
    }

    @Test
    @Order(1)
    void saturatedByThreeReplicasTheLimitIsUsedAndNoCallIsRefused() throws IOException {
        long from = System.nanoTime();
        feedFor(SATURATED, 20);
        Figures figures = figures().between(from, System.nanoTime());
        report("R2, saturated for " + SATURATED.toSeconds() + " s", figures);
        assertNeverRefused(figures);
        assertUnlessTheMachineIsLate(figures.rateUsed() >= 0.97,
                "used %.4f of 25 calls a second".formatted(figures.rateUsed()));
    }

    @Test
    @Order(2)
    void whenTheHolderIsKilledAnotherGoesOnWithinFiveSecondsAndNoCallIsRefused() throws IOException {
        for (int i = 0; i < KILLS; i++) {
            cluster.feed(100);
            Replica holder = cluster.holder();
            long killed = System.nanoTime();
            holder.kill();
            cluster.holder();
            awaitCalls(50);
            long now = System.nanoTime();
            Figures figures = figures().between(killed, now);
            double lost = 25 * figures.longestGap(killed, now);
            report("R5, kill " + (i + 1) + ": resumed after " + figures.longestGap(killed, now) + " s, "
                    + Math.round(lost) + " slots lost", figures);
            holder.start();
            assertNeverRefused(figures);
            assertThat(lost).as("slots lost").isLessThanOrEqualTo(125);
        }
    }

    @Test
    @Order(3)
    void aHolderThatStandsStillForEightSecondsSendsNothingThatIsNoLongerItsOwn() throws IOException {
        cluster.feed(200);
        Replica holder = cluster.holder();
        long stopped = System.nanoTime();
        holder.pause();
        Cluster.letPass(Duration.ofSeconds(8));
        long woken = System.nanoTime();
        holder.resume();
        awaitCalls(50);
        Figures figures = figures().between(stopped, System.nanoTime());
        report("R6, resumed after " + figures.longestGap(stopped, woken) + " s", figures);
        assertNeverRefused(figures);
        assertThat(figures.longestGap(stopped, woken)).as("seconds without a call").isLessThanOrEqualTo(5.0);
    }

    @Test
    @Order(4)
    void replicasWhoseClocksAreWrongByAnHourDisturbNobody() throws IOException {
        assumeTrue(ShiftedClock.available(), "a wrong clock " + ShiftedClock.NEEDS);
        for (Replica mistaken : cluster.replicas().subList(LONG ? 1 : 2, 3)) {
            List<Replica> others = cluster.replicas().stream().filter(replica -> replica != mistaken).toList();
            long from = System.nanoTime();
            for (Replica other : others) {
                other.pause();
            }
            try {
                assertThat(cluster.holder()).isSameAs(mistaken);
                awaitCalls(60);
            } finally {
                for (Replica other : others) {
                    other.resume();
                }
            }
            long alone = System.nanoTime();
            cluster.feed(50);
            awaitCalls(60);
            long now = System.nanoTime();
            Figures figures = figures().between(from, now);
            report("R7, the holder's clock is wrong by an hour", figures);
            assertNeverRefused(figures);
            assertThat(figures.longestGap(alone, now)).isLessThanOrEqualTo(6.0);
        }
    }

    @Test
    @Order(5)
    void whenTheDatabaseIsEndedAndComesBackNoCallIsRefusedAndNoReplicaIsStartedAgain() throws IOException {
        restart("", "R8, PostgreSQL ended at once and started");
    }

    @Test
    @Order(6)
    void whenTheDatabasesClockIsSetBackCallsGoOnWithinSixSeconds() throws IOException {
        assumeTrue(ShiftedClock.available(), "a wrong clock " + ShiftedClock.NEEDS);
        restart("-30s", "R7, PostgreSQL's clock -30 s");
    }

    @Test
    @Order(7)
    @EnabledIfSystemProperty(named = "faults.long", matches = "true", disabledReason = "headers tell of a minute")
    void toAnotherClientOfTheAccountItsShareIsLeft() throws IOException {
        // For a minute after a start of the database our own calls are not counted for certain.
        Cluster.letPass(Duration.ofSeconds(65));
        long before = figures().rateLimited();
        cluster.sandbox().zoominfo("{\"limits\": {\"standard\": {\"perSecond\": 0, \"foreignPerSecond\": 10}}}");
        Cluster.letPass(Duration.ofSeconds(10));
        long from = System.nanoTime();
        long by = figures().rateLimited();
        Cluster.letPass(Duration.ofSeconds(60));
        long to = System.nanoTime();
        Figures figures = figures();
        double rate = figures.calls(from, to) / ((to - from) / 1e9);
        report("R9, another client makes 10 calls a second: ours a second after ten seconds " + rate + ", 429 by then "
                + (by - before), figures.between(from, to));
        cluster.sandbox().zoominfo("{\"limits\": {\"standard\": {\"perSecond\": 25, \"foreignPerSecond\": 0}}}");
        assertThat(rate).as("our calls a second").isLessThanOrEqualTo(15.5);
        assertThat(by - before).as("429 in the first ten seconds").isLessThanOrEqualTo(5);
        assertThat(figures.rateLimited()).as("429 after that").isEqualTo(by);
    }

    @Test
    @Order(8)
    @EnabledIfSystemProperty(named = "faults.long", matches = "true", disabledReason = "a pause lasts a minute")
    void whileZoomInfoRefusesEverythingAlmostNothingIsSentAndNoLeadPaysForIt() throws IOException {
        cluster.sandbox().zoominfo("{\"faults\": [{\"kind\": \"status\", \"status\": 429, \"rate\": 1}]}");
        long from = System.nanoTime();
        cluster.feed(100);
        Cluster.letPass(Duration.ofSeconds(55));
        long to = System.nanoTime();
        cluster.sandbox().zoominfo("{\"faults\": []}");
        Figures figures = figures().between(from, to);
        // Until the first refusal is answered, and answers take up to 400 ms, nobody knows of it.
        long known = from + (long) (1e9 * figures.secondsToNextCall(from)) + TimeUnit.MILLISECONDS.toNanos(500);
        report("R10, everything is refused for 55 s, " + figures.calls(known, to) + " calls once that is known", figures);
        assertThat(figures.calls(known, to)).as("calls during the pause").isLessThanOrEqualTo(2);
        cluster.awaitOutcomes(Duration.ofSeconds(120));
        assertThat(cluster.states()).containsOnlyKeys("DONE");
    }

    private static void report(String label, Figures figures) throws IOException {
        Invariants.print(label + ", " + machine, figures);
    }

    /** No 429, and never 26 calls in a second. */
    private static void assertNeverRefused(Figures figures) {
        assertUnlessTheMachineIsLate(figures.rateLimited() == 0 && figures.smallestSpanOf26() >= 1.0,
                "429: " + figures.rateLimited() + ", 26 calls arrived within " + figures.smallestSpanOf26()
                        + " s, with these gaps in ms " + figures.closestGaps());
    }

    /** What the pacing cannot be blamed for on a machine that is late itself is no verdict. */
    private static void assertUnlessTheMachineIsLate(boolean holds, String otherwise) {
        assumeTrue(holds || machine.isPunctual(), "void: " + otherwise + ", but " + machine);
        assertThat(holds).as(otherwise).isTrue();
    }

    private static void restart(String clock, String label) throws IOException {
        cluster.feed(50);
        long from = System.nanoTime();
        cluster.database().clock(clock).stopImmediately();
        cluster.database().start();
        long up = System.nanoTime();
        awaitCalls(50);
        long now = System.nanoTime();
        Figures figures = figures().between(from, now);
        double after = figures.between(up + (long) (1e9 * figures.secondsToNextCall(up)), now).rateUsed();
        report(label + ", resumed " + figures.secondsToNextCall(up) + " s after it was up, from then on %.1f %% of the rate"
                .formatted(100 * after), figures);
        assertNeverRefused(figures);
        assertUnlessTheMachineIsLate(after >= 0.8, "after it used %.2f of 25 calls a second".formatted(after));
        assertThat(figures.secondsToNextCall(up)).as("seconds to the first call")
                .isLessThanOrEqualTo(clock.isEmpty() ? 5 : 6);
        assertThat(cluster.replicas()).allMatch(Replica::isAlive);
    }

}
