package io.leadroutes.zoominfo.pacing;

import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.camel.component.http.HttpClientConfigurer;

/** Makes the beans of this package without a container. */
public final class PacingFixture {

    public static final Map<String, Double> PER_MINUTE = Map.of("auth", 60d, "standard", 1500d, "scaling", 2000d);

    private PacingFixture() {
    }

    public static Pacing pacing(SlotTable slots, MeterRegistry meters) {
        return new Pacing(PER_MINUTE, 0.01, "test", slots, NanoClock.SYSTEM, meters);
    }

    public static HttpClientConfigurer sendMoment(Pacing pacing) {
        return new SendMoment(pacing);
    }

    /** A schedule in memory for tests that are not about the database. */
    public static SlotTable memory() {
        Map<String, SlotSchedule> tiers = new ConcurrentHashMap<>();
        return new SlotTable() {
            @Override
            public synchronized Duration reserve(String account, String tier, Duration spacing,
                    Duration debit) {
                long now = System.nanoTime();
                return Duration.ofNanos(tiers.computeIfAbsent(tier, t -> new SlotSchedule(now))
                        .reserve(now, spacing.toNanos(), debit.toNanos()));
            }

            @Override
            public synchronized void pause(String account, String tier, Duration length) {
                long now = System.nanoTime();
                tiers.computeIfAbsent(tier, t -> new SlotSchedule(now)).pauseUntil(now + length.toNanos());
            }
        };
    }
}
