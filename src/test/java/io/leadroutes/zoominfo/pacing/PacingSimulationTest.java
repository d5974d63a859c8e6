package io.leadroutes.zoominfo.pacing;

import static org.assertj.core.api.Assertions.assertThat;

import io.leadroutes.sandbox.zoominfo.account.RateLimit;
import io.leadroutes.zoominfo.pacing.Pacer.Permit;
import io.leadroutes.zoominfo.pacing.Pacer.Terms;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.function.LongPredicate;
import java.util.function.LongUnaryOperator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A sender and the schedule in PostgreSQL, against the ways in which a server may measure; the time is simulated, also
 * that of the database. {@code -Dpacing.minutes=60} is the long form.
 */
class PacingSimulationTest {

    private static final int MINUTES = Integer.getInteger("pacing.minutes", 10);
    private static final long SECOND = 1_000_000_000L;
    private static final long MS = 1_000_000L;
    private static final long MINUTE = 60 * SECOND;
    private static final List<Window> STANDARD = List.of(new Window(25, Duration.ofSeconds(1)),
            new Window(1500, Duration.ofMinutes(1)));
    private static PacingDatabase database;

    private final Random random = new Random(42);
    private final VirtualClock clock = new VirtualClock();
    private final VirtualClock databaseClock = new VirtualClock();
    private final NanoClock schedule = new NanoClock() {
        @Override
        public long now() {
            return 3600 * SECOND + clock.now() + databaseClock.now();
        }

        @Override
        public void waitUntil(java.util.function.LongSupplier moment) {
            throw new UnsupportedOperationException();
        }
    };
    private final Pacer pacer = new Pacer("standard", database.slots(schedule), clock, Duration.ofSeconds(20),
            new PacerMeters(new SimpleMeterRegistry(), "standard"), Runnable::run, Runnable::run);

    @BeforeAll
    static void start() throws Exception {
        database = new PacingDatabase();
    }

    @AfterAll
    static void stop() {
        database.close();
    }

    @BeforeEach
    void nothingWasSent() throws Exception {
        database.execute("truncate egress_slot, egress_sent");
    }

    @Test
    void saturatedItPassesEveryWayOfMeasuringWithAllButTheGuardOfTheRate() throws Exception {
        long[] arrivals = saturated(MINUTES * MINUTE, at -> 20_000, at -> gaussian(2));

        Map<String, RateLimit> servers = servers();
        double share = arrivals.length / (25.0 * 60 * MINUTES);
        System.out.printf("%nSaturated, %d minutes, guard 1 %%, jitter |N(0, 2 ms)|%n%-22s %10s %10s%n", MINUTES,
                "server's window", "% of 25/s", "rejected");
        servers.forEach((name, limit) -> {
            long rejected = Arrays.stream(arrivals).filter(at -> !limit.admit(at)).count();
            System.out.printf(Locale.ROOT, "%-22s %10.2f %10d%n", name, 100 * share - 100.0 * rejected / arrivals.length,
                    rejected);
            // A smooth server looks at each single gap.
            assertThat(rejected).as(name).isLessThanOrEqualTo(name.startsWith("smooth") ? arrivals.length / 1000 : 0);
        });
        assertThat(share).isGreaterThanOrEqualTo(0.99);
    }

    @Test
    void lateDeparturesNeverBringTwentySixCallsIntoASecond() throws Exception {
        // Every tenth write takes up to 0.8 s: a stalled machine.
        long[] arrivals = saturated(2 * MINUTE, at -> random.nextInt(10) == 0 ? random.nextInt(800) * MS : 50_000,
                at -> 0);
        assertThat(closest(arrivals)).isGreaterThanOrEqualTo(SECOND);
    }

    @Test
    void theLatenessOfOneReplicaHoldsBackTheOther() throws Exception {
        List<Runnable> debits = new ArrayList<>();
        Pacer slow = replica(debits);
        Pacer other = replica(debits);
        List<Long> arrivals = new ArrayList<>();
        while (clock.now() < MINUTE) {
            arrivals.add(send(slow.acquire(terms()), random.nextInt(35) * MS));
            // The other has its slot before it can know.
            Permit next = other.acquire(terms());
            debits.forEach(Runnable::run);
            debits.clear();
            arrivals.add(send(next, 0));
        }
        assertThat(closest(arrivals.stream().mapToLong(at -> at).toArray())).isGreaterThanOrEqualTo(SECOND);
    }

    private Pacer replica(List<Runnable> debits) {
        return new Pacer("standard", database.slots(schedule), clock, Duration.ofSeconds(20),
                new PacerMeters(new SimpleMeterRegistry(), "standard"), Runnable::run, debits::add);
    }

    @Test
    void whatIsLateOnTheWayToTheConnectionGivesItsSlotUp() throws Exception {
        List<Long> arrivals = new ArrayList<>();
        while (clock.now() < MINUTE) {
            Permit permit = pacer.acquire(terms());
            clock.advance(Duration.ofMillis(random.nextInt(4) == 0 ? random.nextInt(300) : 1));
            arrivals.add(send(permit, 0));
        }
        assertThat(closest(arrivals.stream().mapToLong(at -> at).toArray())).isGreaterThanOrEqualTo(SECOND);
    }

    @Test
    void idleTimeIsNotSavedUpAndTheFirstCallLeavesAtOnce() throws Exception {
        List<Long> arrivals = new ArrayList<>();
        for (int burst = 0; burst < 20; burst++) {
            clock.advance(Duration.ofSeconds(5));
            long begin = clock.now();
            for (int i = 0; i < 60; i++) {
                arrivals.add(send(pacer.acquire(terms()), 0));
            }
            assertThat(arrivals.get(arrivals.size() - 60) - begin).isLessThan(60 * MS);
        }
        long[] all = arrivals.stream().mapToLong(at -> at).toArray();
        servers().forEach((name, limit) -> assertThat(Arrays.stream(all).allMatch(limit::admit)).as(name).isTrue());
    }

    @Test
    void onASpikyPathTheGuardFindsItsSizeInThreeSteps() throws Exception {
        RateLimit server = new RateLimit("sliding-log", 25, 0);
        List<Long> rejected = new ArrayList<>();
        long last = 0;
        int sent = 0;
        for (; clock.now() < 10 * MINUTE; sent++) {
            Permit permit = pacer.acquire(terms());
            long spike = random.nextInt(1000) == 0 ? 20 + random.nextInt(31) : 0;
            long arrival = send(permit, 0) + (long) (-4 * Math.log(1 - random.nextDouble()) * MS) + spike * MS;
            last = Math.max(last, arrival);
            if (!server.admit(last)) {
                rejected.add(arrival);
                pacer.pause(Duration.ofSeconds(1), permit.slot(), 0.01);
            }
        }
        double share = (sent - rejected.size()) / (25.0 * 600);
        System.out.printf(Locale.ROOT, "%nSpiky path: %.2f %% of 25/s, %d rejected%n", 100 * share, rejected.size());
        assertThat(rejected).hasSizeLessThanOrEqualTo(20);
        assertThat(rejected).as("in the last five minutes").allMatch(at -> at < 5 * MINUTE);
        assertThat(share).isGreaterThanOrEqualTo(0.92);
    }

    @Test
    void aClockSetBackOrForwardStallsForSixSecondsAtMostAndBringsNoBurst() throws Exception {
        List<Long> arrivals = new ArrayList<>();
        long[] steps = {-30, 30, -2, 3600, -3600, 1};
        for (long step : steps) {
            long end = clock.now() + 20 * SECOND;
            while (clock.now() < end) {
                arrivals.add(send(pacer.acquire(terms()), 0));
            }
            databaseClock.advance(Duration.ofSeconds(step));
        }
        long[] all = arrivals.stream().mapToLong(at -> at).toArray();
        assertThat(closest(all)).isGreaterThanOrEqualTo(SECOND);
        for (int i = 1; i < all.length; i++) {
            assertThat(all[i] - all[i - 1]).isLessThanOrEqualTo(6 * SECOND);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void anotherClientOfTheAccountIsGivenWayToUnderASlidingWindow(boolean countedLate) throws Exception {
        givesWay("sliding-log", countedLate, 5);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void anotherClientOfTheAccountIsGivenWayToUnderAFixedMinute(boolean countedLate) throws Exception {
        // The rest of the second is refused before the first answer tells of it: what 300 ms hold.
        givesWay("fixed", countedLate, 8);
    }

    @ParameterizedTest
    @ValueSource(strings = {"sliding-log", "fixed"})
    void slotsThatNobodyUsedAreNotTakenForAnotherClient(String model) throws Exception {
        Talk talk = new Talk(model, false);
        // As on replicas that are killed and start again.
        talk.missed = at -> at > 90 * SECOND && at < 100 * SECOND && random.nextInt(5) == 0;
        talk.until(210 * SECOND);
        long kept = talk.sent.stream().filter(at -> at >= 105 * SECOND).count();
        assertThat(kept).as("calls of 105 s").isGreaterThan((long) (0.97 * 25 * 105));
        assertThat(talk.rejected).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"sliding-log", "fixed"})
    void answersThatTakeUnevenlyLongAreNotTakenForAnotherClientWheneverTheyAreCounted(String model) throws Exception {
        Talk talk = new Talk(model, true);
        // Silence in between, for pauses and changes of the holder leave some.
        talk.until(70 * SECOND);
        clock.advance(Duration.ofSeconds(3));
        talk.until(210 * SECOND);
        assertThat(talk.sent).as("calls of 207 s").hasSizeGreaterThan((int) (0.97 * 25 * 207));
        assertThat(talk.rejected).isEmpty();
    }

    /** 90 s alone, then somebody takes 10 a second for two minutes. */
    private void givesWay(String model, boolean countedLate, int atMost) throws Exception {
        long begin = 90 * SECOND;
        Talk talk = new Talk(model, countedLate);
        talk.nextForeign = begin;
        talk.until(210 * SECOND);
        long after = begin + 10 * SECOND;
        System.out.printf("%nForeign 10/s (%s, counted %s): rejected %d at %s%n", model, countedLate ? "late" : "early",
                talk.rejected.size(), talk.rejected.stream().map(at -> (at - begin) / MS + " ms").toList());
        for (long second = after; second + SECOND < 210 * SECOND; second += SECOND) {
            long from = second;
            assertThat(talk.sent.stream().filter(at -> at >= from && at < from + SECOND).count())
                    .isLessThanOrEqualTo(15);
        }
        assertThat(talk.rejected).hasSizeLessThanOrEqualTo(atMost).allMatch(at -> at >= begin && at < after);
        long kept = talk.sent.stream().filter(at -> at >= begin + 90 * SECOND).count();
        assertThat(kept).as("of 30 s in the end").isGreaterThan(30 * 11);
    }

    /** Calls as fast as they may be, with answers after 200 to 400 ms that have the rate headers. */
    private final class Talk {

        private final RateLimit server;
        private final boolean countedLate;
        private final List<Long> sent = new ArrayList<>();
        private final List<Long> rejected = new ArrayList<>();
        private final PriorityQueue<Pending> pending = new PriorityQueue<>(Comparator.comparingLong(Pending::at));
        /** When somebody else makes a call; then ten each second. */
        private long nextForeign = Long.MAX_VALUE;
        /** Whether the slot at that time is not used. */
        private LongPredicate missed = at -> false;

        private record Pending(long at, Permit permit, boolean admitted, RateHeaders early) {
        }

        /** @param countedLate whether the headers tell of the moment of the answer, not of the call's arrival */
        Talk(String model, boolean countedLate) {
            this.server = new RateLimit(model, 25, 1500);
            this.countedLate = countedLate;
        }

        void until(long end) throws Exception {
            while (clock.now() < end) {
                Permit permit = pacer.acquire(terms());
                if (missed.test(clock.now())) {
                    permit.over();
                } else {
                    permit.leave();
                    permit.written();
                    long arrival = clock.now();
                    foreignCalls(arrival);
                    boolean admitted = server.admit(arrival);
                    pending.add(new Pending(arrival + (200 + random.nextInt(200)) * MS, permit, admitted,
                            headers(arrival)));
                    sent.add(arrival);
                    if (!admitted) {
                        rejected.add(arrival);
                    }
                }
                answers();
            }
        }

        private RateHeaders headers(long at) {
            foreignCalls(at);
            long reset = server.resetEpochSeconds(at);
            return new RateHeaders(1500, server.remaining(at), reset,
                    Duration.ofSeconds(Math.max(0, reset - at / SECOND)));
        }

        private void foreignCalls(long to) {
            for (; nextForeign <= to; nextForeign += SECOND / 10) {
                server.admit(nextForeign);
            }
        }

        private void answers() throws InterruptedException {
            // Nothing leaves during a pause, but answers come.
            boolean paused = false;
            long nextSlot = clock.now() + 35 * MS;
            while (!pending.isEmpty() && (paused || pending.peek().at() <= nextSlot)) {
                Pending answer = pending.poll();
                clock.waitUntil(answer::at);
                RateHeaders headers = countedLate ? headers(clock.now()) : answer.early();
                answer.permit().answered(headers);
                if (!answer.admitted()) {
                    paused = true;
                    pacer.pause(Duration.ofNanos(Math.max(SECOND, headers.toReset().toNanos())),
                            answer.permit().slot(), 0.01);
                }
                answer.permit().over();
            }
        }
    }

    @Test
    void longWindowsAreAllKeptAndTheTightestIsUsedUp() throws Exception {
        List<Window> windows = List.of(new Window(25, Duration.ofSeconds(1)), new Window(1800, Duration.ofMinutes(2)),
                new Window(4500, Duration.ofMinutes(10)));
        List<Long> arrivals = new ArrayList<>();
        while (clock.now() < 30 * MINUTE) {
            arrivals.add(send(pacer.acquire(new Terms(windows, 0.01, OptionalLong.of(0))), 0));
        }
        long[] all = arrivals.stream().mapToLong(at -> at).filter(at -> at < 30 * MINUTE).toArray();
        for (Window window : windows) {
            RateLimit server = new RateLimit("sliding-log", 0, 0, List.of(new RateLimit.Limit((long) window.limit(),
                    window.period().toNanos())));
            assertThat(Arrays.stream(all).filter(at -> !server.admit(at)).count()).as(window.toString()).isZero();
        }
        System.out.printf(Locale.ROOT, "%nThree windows: %.2f %% of the tightest%n", 100 * all.length / (3 * 4500.0));
        assertThat(all.length).isGreaterThanOrEqualTo((int) (0.98 * 3 * 4500));
    }

    private long[] saturated(long length, LongUnaryOperator writing, LongUnaryOperator way) throws Exception {
        List<Long> arrivals = new ArrayList<>();
        while (clock.now() < length) {
            Permit permit = pacer.acquire(terms());
            long sent = send(permit, writing.applyAsLong(clock.now()));
            arrivals.add(sent + way.applyAsLong(sent));
        }
        return arrivals.stream().mapToLong(at -> at).sorted().toArray();
    }

    /** Sends a call whose writing takes that long; returns when it has left. */
    private long send(Permit permit, long writing) throws Exception {
        permit.leave();
        clock.advance(Duration.ofNanos(writing));
        long at = clock.now();
        permit.written();
        permit.over();
        return at;
    }

    private long gaussian(double millis) {
        return (long) Math.abs(random.nextGaussian() * millis * MS);
    }

    private static Terms terms() {
        return new Terms(STANDARD, 0.01, OptionalLong.empty());
    }

    /** The shortest time in which 26 calls came. */
    private static long closest(long[] arrivals) {
        long closest = Long.MAX_VALUE;
        for (int i = 25; i < arrivals.length; i++) {
            closest = Math.min(closest, arrivals[i] - arrivals[i - 25]);
        }
        return closest;
    }

    private static Map<String, RateLimit> servers() {
        Map<String, RateLimit> servers = new LinkedHashMap<>();
        servers.put("fixed 1 s", new RateLimit("fixed", 25, 0));
        servers.put("sliding log 1 s", new RateLimit("sliding-log", 25, 0));
        servers.put("sliding counter 1 s", new RateLimit("sliding-counter", 25, 0));
        servers.put("token bucket 25", new RateLimit("token-bucket", 25, 0));
        servers.put("smooth, burst 2", new RateLimit("smooth", 25, 0));
        servers.put("fixed 1 min", new RateLimit("fixed", 0, 1500));
        servers.put("sliding log 1 min", new RateLimit("sliding-log", 0, 1500));
        return servers;
    }
}
