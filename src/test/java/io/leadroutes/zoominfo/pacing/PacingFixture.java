package io.leadroutes.zoominfo.pacing;

import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.apache.camel.component.http.HttpClientConfigurer;

/** Makes the beans of this package without a container. */
public final class PacingFixture {

    private static final Duration MINUTE = Duration.ofMinutes(1);
    public static final Map<String, List<Window>> PER_MINUTE = Map.of("auth", List.of(new Window(60, MINUTE)),
            "standard", List.of(new Window(1500, MINUTE)), "scaling", List.of(new Window(2000, MINUTE)));

    private PacingFixture() {
    }

    public static Pacing pacing(SlotTable slots, MeterRegistry meters) {
        return new Pacing(PER_MINUTE, 0.01, Duration.ofSeconds(1), slots, NanoClock.SYSTEM, meters);
    }

    public static HttpClientConfigurer sendMoment(Pacing pacing) {
        return new SendMoment(pacing);
    }

    /** A schedule in memory for tests that are not about the database: even spacing and pauses. */
    public static SlotTable memory() {
        return new MemorySlots(NanoClock.SYSTEM);
    }

    /** As much of the schedule as a test of what stands before it needs. */
    static class MemorySlots implements SlotTable {

        private final NanoClock clock;
        private final Map<String, Long> next = new HashMap<>();
        private long number;
        private long pausedUntil = Long.MIN_VALUE;
        /** What calls have been late by. */
        long debits;
        boolean down;
        boolean fenced;

        MemorySlots(NanoClock clock) {
            this.clock = clock;
        }

        @Override
        public synchronized Answer take(Request request) {
            reached();
            long now = clock.now();
            debits += request.debit().toNanos();
            long slot = Math.max(Math.max(now, pausedUntil),
                    next.getOrDefault(request.tier(), now) + request.debit().toNanos());
            if (fenced && request.epoch().isPresent()) {
                return new Fenced();
            }
            if (slot - now > request.horizon().toNanos()) {
                return new Later(Duration.ofNanos(slot - now));
            }
            long spacing = Window.spacingNanos(request.windows(), request.guard());
            next.put(request.tier(), slot + spacing);
            return new Granted(slot, now, ++number, OptionalLong.of(0), Duration.ofNanos(spacing));
        }

        @Override
        public synchronized void debit(String tier, Duration lateness) {
            reached();
            debits += lateness.toNanos();
            next.merge(tier, lateness.toNanos(), Long::sum);
        }

        @Override
        public synchronized void pause(String tier, Duration length, OptionalLong slot, double guard) {
            reached();
            pausedUntil = Math.max(pausedUntil, clock.now() + length.toNanos());
        }

        private void reached() {
            if (down) {
                throw new SlotsUnavailableException("down", null);
            }
        }
    }
}
