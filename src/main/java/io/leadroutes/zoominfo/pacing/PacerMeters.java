package io.leadroutes.zoominfo.pacing;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;

/** The figures of one tier's pacer. */
final class PacerMeters {

    private final Timer wait;
    private final Timer lateness;
    private final Counter missed;
    private final Counter pauses;

    PacerMeters(MeterRegistry meters, String tier) {
        wait = Timer.builder("leadroutes.zoominfo.slot.wait").description("Wait for a slot").tag("tier", tier)
                .register(meters);
        lateness = Timer.builder("leadroutes.zoominfo.slot.lateness")
                .description("How long after its slot a call was written").tag("tier", tier)
                .serviceLevelObjectives(Duration.ofMillis(1), Duration.ofMillis(2), Duration.ofMillis(5),
                        Duration.ofMillis(10), Duration.ofMillis(25))
                .register(meters);
        missed = Counter.builder("leadroutes.zoominfo.slot.missed")
                .description("Slots given up because they were missed by more than 25 ms").tag("tier", tier)
                .register(meters);
        pauses = Counter.builder("leadroutes.zoominfo.pauses").description("Pauses after a 429").tag("tier", tier)
                .register(meters);
    }

    void waited(Duration time) {
        wait.record(time);
    }

    void late(Duration time) {
        lateness.record(time);
    }

    void missed() {
        missed.increment();
    }

    void paused() {
        pauses.increment();
    }
}
