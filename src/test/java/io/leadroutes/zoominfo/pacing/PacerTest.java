package io.leadroutes.zoominfo.pacing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.leadroutes.zoominfo.pacing.Pacer.Permit;
import io.leadroutes.zoominfo.pacing.Pacer.Terms;
import io.leadroutes.zoominfo.pacing.PacingFixture.MemorySlots;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class PacerTest {

    private static final Terms SINGLE = new Terms(List.of(new Window(25, Duration.ofSeconds(1))), 0.01,
            OptionalLong.empty());
    private static final Terms EGRESS = new Terms(SINGLE.windows(), 0.01, OptionalLong.of(3));
    private static final Duration SPACING = Duration.ofNanos(40_400_000);

    private final VirtualClock clock = new VirtualClock();
    private final MemorySlots table = new MemorySlots(clock);
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final List<Runnable> looks = new ArrayList<>();
    private final List<Runnable> shortly = new ArrayList<>();
    private final Pacer pacer = new Pacer("standard", table, clock, Duration.ofSeconds(20),
            new PacerMeters(meters, "standard"), looks::add, shortly::add);

    @Test
    void aCallLeavesAtItsSlotAndNotBeforeHoweverSoonItIsReady() throws Exception {
        send(SINGLE);
        Permit next = pacer.acquire(SINGLE);
        assertThat(clock.now()).isEqualTo(SPACING.toNanos() - Pacer.LEAD_NANOS);
        next.leave();
        assertThat(clock.now()).isEqualTo(SPACING.toNanos());
    }

    @Test
    void theNextCallWaitsUntilTheOneBeforeHasTrulyLeft() throws Exception {
        Permit slow = pacer.acquire(SINGLE);
        AtomicLong granted = new AtomicLong(-1);
        Thread second = inBackground(granted);
        settled(second);
        assertThat(granted).hasValue(-1);

        slow.leave();
        slow.written();
        second.join();

        assertThat(granted.get()).isEqualTo(SPACING.toNanos() - Pacer.LEAD_NANOS);
    }

    @Test
    void aSlotThatIsMissedIsGivenUpForANewOneAndNotCaughtUp() throws Exception {
        Permit slow = pacer.acquire(SINGLE);
        clock.advance(Duration.ofMillis(800));
        slow.leave();
        slow.written();
        assertThat(meters.counter("leadroutes.zoominfo.slot.missed", "tier", "standard").count()).isEqualTo(1);
        assertThat(table.debits).isZero();
        send(SINGLE);
        assertThat(clock.now()).isEqualTo(Duration.ofMillis(800).plus(SPACING).toNanos());
    }

    @Test
    void latenessThatTheGuardDoesNotCoverIsBookedBeforeTheCallIsWritten() throws Exception {
        Permit late = pacer.acquire(SINGLE);
        clock.advance(Duration.ofMillis(18));
        late.leave();
        assertThat(table.debits).isEqualTo(Duration.ofMillis(18).toNanos() - SendHistory.TOLERANCE_NANOS);
        late.written();
        assertThat(shortly).isEmpty();
        send(SINGLE);
        assertThat(clock.now()).isEqualTo(Duration.ofMillis(14).plus(SPACING).toNanos());
    }

    @Test
    void latenessOfTheWritingItselfIsBookedAlsoWhenNoFurtherCallIsMade() throws Exception {
        Permit permit = pacer.acquire(SINGLE);
        permit.leave();
        clock.advance(Duration.ofMillis(300));
        permit.written();
        assertThat(table.debits).isZero();
        shortly.forEach(Runnable::run);
        assertThat(table.debits).isEqualTo(Duration.ofMillis(296).toNanos());
        send(SINGLE);
        assertThat(table.debits).isEqualTo(Duration.ofMillis(296).toNanos());
    }

    @Test
    void standstillOfTheMachineJustAfterTheWritingIsBookedToo() throws Exception {
        send(SINGLE);
        clock.advance(Duration.ofMillis(5 + 70));
        looks.remove(0).run();
        shortly.remove(0).run();
        assertThat(table.debits).isEqualTo(Duration.ofMillis(66).toNanos());
        send(SINGLE);
        assertThat(clock.now()).isEqualTo(Duration.ofMillis(66).plus(SPACING).toNanos());
        clock.advance(Duration.ofMillis(5));
        looks.remove(0).run();
        assertThat(shortly).as("nothing to book").isEmpty();
    }

    @Test
    void aLateCallThatCannotBeBookedIsNotSent() throws Exception {
        Permit late = pacer.acquire(SINGLE);
        clock.advance(Duration.ofMillis(18));
        table.down = true;
        assertThatThrownBy(late::leave).isInstanceOf(NotSentException.class);
        assertThat(late.wasSent()).isFalse();
    }

    @Test
    void aStalledHolderThatWasOvertakenSendsNotEvenTheCallThatHadItsSlot() throws Exception {
        Permit stalled = pacer.acquire(EGRESS);
        clock.advance(Duration.ofSeconds(8));
        table.fenced = true;
        assertThatThrownBy(stalled::leave).isInstanceOf(NotSentException.class).hasCauseInstanceOf(FencedException.class);
        assertThat(stalled.wasSent()).isFalse();
        stalled.over();
        assertThatThrownBy(() -> pacer.acquire(EGRESS)).isInstanceOf(FencedException.class);
        send(SINGLE);
    }

    @Test
    void aCallThatFailsBeforeItLeavesMakesWayForTheNext() throws Exception {
        pacer.acquire(SINGLE).over();
        Permit next = pacer.acquire(SINGLE);
        assertThat(next.wasSent()).isFalse();
        next.leave();
        assertThat(clock.now()).isEqualTo(SPACING.toNanos());
        assertThat(next.wasSent()).isTrue();
    }

    @Test
    void the26thCallAfterAColdStartWaitsForTheAnswerToTheFirst() throws Exception {
        Permit first = pacer.acquire(SINGLE);
        first.leave();
        first.written();
        for (int i = 1; i < 25; i++) {
            send(SINGLE);
        }
        AtomicLong granted = new AtomicLong(-1);
        Thread next = inBackground(granted);
        settled(next);
        assertThat(granted).hasValue(-1);

        clock.advance(Duration.ofSeconds(2));
        long answered = clock.now();
        first.over();
        next.join();

        assertThat(granted.get()).isGreaterThanOrEqualTo(answered + Duration.ofSeconds(1).toNanos());
    }

    @Test
    void aDatabaseThatIsBackInTimeIsWaitedForAndNothingLeavesMeanwhile() throws Exception {
        table.down = true;
        AtomicLong granted = new AtomicLong(-1);
        assertThatThrownBy(() -> pacer.acquire(SINGLE)).isInstanceOf(SlotTable.SlotsUnavailableException.class);
        assertThat(clock.now()).isBetween(Duration.ofSeconds(20).toNanos(), Duration.ofSeconds(21).toNanos());
        table.down = false;
        Thread next = inBackground(granted);
        next.join();
        assertThat(granted.get()).isLessThanOrEqualTo(Duration.ofSeconds(21).toNanos());
    }

    @Test
    void anInterruptedWaitSendsNothingAndKeepsItsSlotUsed() throws Exception {
        send(SINGLE);
        Permit interrupted = pacer.acquire(SINGLE);
        clock.interruptNext();
        assertThatThrownBy(interrupted::leave).isInstanceOf(NotSentException.class);
        assertThat(Thread.interrupted()).isTrue();
        interrupted.over();
        send(SINGLE);
        assertThat(clock.now()).isEqualTo(SPACING.multipliedBy(2).toNanos());
    }

    @Test
    void aPauseHoldsBackACallThatAlreadyHasItsSlotAndThatTakesANewOne() throws Exception {
        send(SINGLE);
        Permit held = pacer.acquire(SINGLE);
        pacer.pause(Duration.ofSeconds(7), OptionalLong.empty(), 0.01);
        long open = clock.now() + Duration.ofSeconds(7).toNanos();
        assertThatThrownBy(held::leave).isInstanceOfSatisfying(NotSentException.class,
                e -> assertThat(e.isAgain()).isTrue());
        held.over();
        send(SINGLE);
        assertThat(clock.now()).isEqualTo(open);
        send(SINGLE);
        assertThat(clock.now()).isEqualTo(open + SPACING.toNanos());
    }

    private void send(Terms terms) throws Exception {
        Permit permit = pacer.acquire(terms);
        permit.leave();
        permit.written();
        permit.over();
    }

    private Thread inBackground(AtomicLong granted) {
        Thread thread = new Thread(() -> {
            try {
                pacer.acquire(SINGLE);
                granted.set(clock.now());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        thread.start();
        return thread;
    }

    /** Until the thread waits, or has gone through. */
    private static void settled(Thread thread) {
        await().until(() -> thread.getState() == Thread.State.TIMED_WAITING
                || thread.getState() == Thread.State.TERMINATED);
    }
}
