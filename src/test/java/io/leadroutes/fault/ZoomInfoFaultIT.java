package io.leadroutes.fault;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.parallel.Isolated;

/** A connection to ZoomInfo that trickles, is cut, or leads nowhere: leads wait, and none is lost or paid for twice. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@Isolated("asserts that no call comes too early")
class ZoomInfoFaultIT {

    private static final boolean LONG = Boolean.getBoolean("faults.long");
    /** Calls a second: few enough that it is the pacing, and not this machine, that a backlog waits for. */
    private static final int ALLOWED = 8;
    private static Cluster cluster;

    @BeforeAll
    static void start() throws IOException {
        cluster = new Cluster("zoominfo").replicas(1).key("zoominfo.batching", "fast")
                .key("zoominfo.tier.standard.requests-per-second", "" + ALLOWED).proxied(Link.ZOOMINFO).start();
    }

    @AfterAll
    static void stop() throws IOException {
        try {
            cluster.awaitOutcomes(Duration.ofSeconds(180));
            Invariants.of(cluster).named("D4–D6, whole run").check();
        } finally {
            cluster.close();
        }
    }

    @Test
    @Order(1)
    void answersThatAreCutShortCostNoLeadAndNoCredit() throws IOException {
        FaultProxy proxy = cluster.proxy(Link.ZOOMINFO);
        for (int i = 0; i < 3; i++) {
            proxy.truncateAfter(20_000);
            cluster.feed(100);
            long cut = proxy.bytesDropped();
            Awaitility.await("an answer was cut").atMost(Duration.ofSeconds(20))
                    .until(() -> proxy.bytesDropped() > cut);
            proxy.heal();
        }
        proxy.resetAfter(10_000);
        cluster.feed(100);
        Cluster.letPass(Duration.ofSeconds(1));
        proxy.heal();
        cluster.awaitOutcomes(Duration.ofSeconds(60));
        assertThat(cluster.states()).containsOnlyKeys("DONE");
    }

    @Test
    @Order(2)
    void whileZoomInfoLeadsNowhereLeadsAreParkedAndTheBacklogIsDrainedAfterwards() throws IOException {
        FaultProxy proxy = cluster.proxy(Link.ZOOMINFO);
        proxy.blackhole();
        cluster.feed(LONG ? 5_000 : 500);
        Awaitility.await("the circuit is open").atMost(Duration.ofSeconds(60)).until(() ->
                cluster.replica(0).metric("leadroutes_zoominfo_circuit_opened_total", "cause=\"OUTAGE\"") > 0);
        Cluster.letPass(LONG ? Duration.ofMinutes(10) : Duration.ofSeconds(5));
        assertThat(cluster.states()).as("nothing ends in a dead letter for an outage").doesNotContainKey("DEAD");
        proxy.heal();
        long healed = System.nanoTime();
        Awaitility.await("the parked leads go on").atMost(Duration.ofSeconds(60))
                .pollInterval(Duration.ofMillis(50)).until(() -> !cluster.states().containsKey("PARKED"));
        long goesOn = System.nanoTime();
        cluster.awaitOutcomes(Duration.ofSeconds(180));
        Figures figures = new Figures(cluster.calls(""), 0, 0, 0, "").between(healed, System.nanoTime());
        double rate = new Figures(cluster.calls("/enrich/contact").stream()
                .filter(call -> call.arrivalNanos() >= goesOn && call.ids().size() == 25).toList(), 0, 0, 0, "")
                .callsASecond() / ALLOWED;
        Invariants.print("D6, ZoomInfo led nowhere: first call " + figures.secondsToNextCall(healed)
                + " s after, backlog drained by full calls at %.1f %% of the rate".formatted(100 * rate), figures);
        assertThat(cluster.states()).containsOnlyKeys("DONE");
        if (LONG) {
            // A short one ends before the pace shows.
            assertThat(rate).as("share of the rate").isBetween(0.97, 1.0);
        }
    }

    @Test
    @Order(3)
    @EnabledIfSystemProperty(named = "faults.long", matches = "true", disabledReason = "a deadline lasts half a minute")
    void answersThatTrickleHoldUpTheirOwnCallsOnlyAndNotForLongerThanTheDeadline() throws IOException {
        // On one call in five, a tenth of the answer every twelve seconds.
        cluster.sandbox().zoominfo(
                "{\"faults\": [{\"kind\": \"slow-body\", \"durationMs\": 120000, \"rate\": 0.2, "
                        + "\"path\": \"/enrich/contact\"}]}");
        long begin = System.nanoTime();
        List<String> leads = cluster.feed(2_500);
        cluster.awaitEnded(cluster.fed() - leads.size() / 3, Duration.ofSeconds(25));
        long most = cluster.proxy(Link.ZOOMINFO).open();
        cluster.awaitOutcomes(Duration.ofSeconds(180));
        cluster.sandbox().zoominfo("{\"faults\": []}");
        Figures figures = new Figures(cluster.calls(""), 0, 0, 0, "");
        Invariants.print("D5, one answer in five takes two minutes: " + leads.size() + " leads done after "
                + (System.nanoTime() - begin) / 1_000_000_000 + " s", figures.between(begin, System.nanoTime()));
        assertThat(most).as("connections").isLessThanOrEqualTo(64);
        assertThat(cluster.states()).containsOnlyKeys("DONE");
    }
}
