package io.leadroutes.zoominfo.pacing;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

class SlotScheduleTest {

    private static final long SECOND = 1_000_000_000L;
    private static final long MINUTE = 60 * SECOND;
    private static final List<Window> STANDARD = List.of(new Window(25, Duration.ofSeconds(1)),
            new Window(1500, Duration.ofMinutes(1)));

    @Test
    void theSlowerOfTwoWindowsSetsTheSpacing() {
        assertThat(Window.spacingNanos(STANDARD, 0)).isEqualTo(40_000_000L);
        assertThat(Window.spacingNanos(STANDARD, 0.01)).isEqualTo(40_400_000L);
        assertThat(Window.spacingNanos(List.of(new Window(25, Duration.ofSeconds(1)),
                new Window(600, Duration.ofMinutes(1))), 0)).isEqualTo(100_000_000L);
        assertThat(Window.spacingNanos(List.of(new Window(33, Duration.ofSeconds(1)),
                new Window(2000, Duration.ofMinutes(1))), 0)).isEqualTo(30_303_031L);
    }

    @Property(tries = 40)
    void anHourOfSaturationPassesEveryWindowModelWithAllButTheGuardOfTheRate(@ForAll @LongRange(max = SECOND) long phase) {
        long[] arrivals = saturated(phase, 3600, new Random(phase));

        assertThat(slidingLogRejections(arrivals, 25, SECOND)).isZero();
        assertThat(slidingLogRejections(arrivals, 1500, MINUTE)).isZero();
        assertThat(fixedWindowRejections(arrivals, 25, SECOND)).isZero();
        assertThat(fixedWindowRejections(arrivals, 1500, MINUTE)).isZero();
        assertThat(slidingCounterRejections(arrivals, 25, SECOND)).isZero();
        assertThat(arrivals.length).isGreaterThanOrEqualTo((int) (0.99 * 25 * 3600));
    }

    @Property(tries = 40)
    void idleTimeIsNeverSavedUpForABurst(@ForAll @LongRange(max = SECOND) long phase) {
        SlotSchedule schedule = new SlotSchedule(phase);
        long spacing = Window.spacingNanos(STANDARD, 0.01);
        long[] arrivals = IntStream.range(0, 20).boxed().flatMapToLong(burst -> {
            long begin = phase + burst * 30 * SECOND;
            return IntStream.range(0, 100).mapToLong(i -> begin + schedule.reserve(begin, spacing, 0));
        }).toArray();

        assertThat(slidingLogRejections(arrivals, 25, SECOND)).isZero();
        assertThat(slidingCounterRejections(arrivals, 25, SECOND)).isZero();
    }

    @Property(tries = 60)
    void callsThatLeaveLateAreNeverFollowedByACatchUp(@ForAll long seed,
            @ForAll @DoubleRange(min = 0.01, max = 0.3) double lateShare) {
        Random random = new Random(seed);
        SlotSchedule schedule = new SlotSchedule(0);
        SendHistory history = new SendHistory();
        long spacing = Window.spacingNanos(STANDARD, 0.01);
        long now = 0;
        long[] sent = new long[2000];
        for (int i = 0; i < sent.length; i++) {
            long slot = now + schedule.reserve(now, spacing, history.takeDebit());
            if (history.mustBeAnswered(25).isPresent() && !history.answered(i - 25)) {
                throw new IllegalStateException("answers come at once in this simulation");
            }
            long release = Math.max(slot, history.earliest(spacing, 25, SECOND));
            long call = history.grant();
            long late = random.nextDouble() < lateShare ? (long) (random.nextDouble() * 800_000_000L) : 300_000;
            sent[i] = release + late;
            history.sent(slot, sent[i]);
            history.answered(call, sent[i] + 1000);
            now = sent[i];
        }
        assertThat(slidingLogRejections(sent, 25, SECOND)).isZero();
        assertThat(slidingLogRejections(sent, 1500, MINUTE)).isZero();
    }

    @Test
    void aConstantWayFromSlotToSocketCostsNoRate() {
        SlotSchedule schedule = new SlotSchedule(0);
        SendHistory history = new SendHistory();
        long spacing = Window.spacingNanos(STANDARD, 0.01);
        long now = 0;
        for (int i = 0; i < 1500; i++) {
            long slot = now + schedule.reserve(now, spacing, history.takeDebit());
            long release = Math.max(slot, history.earliest(spacing, 25, SECOND));
            long call = history.grant();
            now = release + 3_000_000;
            history.sent(slot, now);
            history.answered(call, now);
        }
        assertThat(now).isLessThan((long) (1500 * spacing * 1.003));
    }

    @Test
    void aColdServerThatTakesTheFirstCallsLateAndAllAtOnceIsNotOverrun() {
        SendHistory history = new SendHistory();
        long spacing = Window.spacingNanos(STANDARD, 0.01);
        // The server stalls for 0.9 s and then takes all that waits.
        long stall = 900_000_000L;
        long last = 0;
        long[] arrivals = new long[50];
        for (int i = 0; i < arrivals.length; i++) {
            long sent = i == 0 ? 0 : Math.max(last + spacing, history.earliest(spacing, 25, SECOND));
            long call = history.grant();
            arrivals[i] = Math.max(sent, stall);
            history.sent(sent, sent);
            history.answered(call, arrivals[i] + 1_000_000);
            last = sent;
        }
        assertThat(slidingLogRejections(arrivals, 25, SECOND)).isZero();
    }

    @Test
    void aPauseHoldsBackEverySlot() {
        SlotSchedule schedule = new SlotSchedule(0);
        schedule.pauseUntil(30 * SECOND);
        assertThat(schedule.reserve(0, 40_000_000, 0)).isEqualTo(30 * SECOND);
        assertThat(schedule.reserve(0, 40_000_000, 0)).isEqualTo(30 * SECOND + 40_000_000);
    }

    @Test
    void aClockSetBackCostsASecondOfSilenceAndNotTheDifference() {
        SlotSchedule schedule = new SlotSchedule(3600 * SECOND);
        schedule.reserve(3600 * SECOND, 40_000_000, 0);
        assertThat(schedule.reserve(0, 40_000_000, 0)).isEqualTo(SECOND);
    }

    private static long[] saturated(long phase, int seconds, Random random) {
        SlotSchedule schedule = new SlotSchedule(phase);
        long spacing = Window.spacingNanos(STANDARD, 0.01);
        long end = phase + seconds * SECOND;
        return IntStream.iterate(0, i -> i + 1)
                .mapToLong(i -> {
                    long slot = phase + schedule.reserve(phase + i * spacing, spacing, 0) + i * spacing;
                    return slot + (long) Math.abs(random.nextGaussian() * 1_000_000);
                }).takeWhile(at -> at < end).toArray();
    }

    private static int slidingLogRejections(long[] arrivals, int limit, long window) {
        int rejections = 0;
        for (int i = limit; i < arrivals.length; i++) {
            rejections += arrivals[i] - arrivals[i - limit] < window ? 1 : 0;
        }
        return rejections;
    }

    private static int fixedWindowRejections(long[] arrivals, int limit, long window) {
        TreeMap<Long, Integer> counts = new TreeMap<>();
        for (long arrival : arrivals) {
            counts.merge(Math.floorDiv(arrival, window), 1, Integer::sum);
        }
        return counts.values().stream().mapToInt(count -> Math.max(0, count - limit)).sum();
    }

    private static int slidingCounterRejections(long[] arrivals, int limit, long window) {
        TreeMap<Long, Integer> counts = new TreeMap<>();
        int rejections = 0;
        for (long arrival : arrivals) {
            long index = Math.floorDiv(arrival, window);
            double share = 1 - (arrival - index * window) / (double) window;
            double estimate = counts.getOrDefault(index - 1, 0) * share + counts.getOrDefault(index, 0);
            if (estimate >= limit) {
                rejections++;
            } else {
                counts.merge(index, 1, Integer::sum);
            }
        }
        return rejections;
    }
}
