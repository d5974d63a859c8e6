package io.leadroutes.zoominfo.pacing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class PacerTest {

    private static final List<Window> STANDARD = List.of(new Window(25, Duration.ofSeconds(1)));
    private static final Duration SPACING = Duration.ofNanos(40_400_000);

    private final VirtualClock clock = new VirtualClock();
    private final SlotSchedule schedule = new SlotSchedule(0);
    private boolean databaseDown;
    private final SlotTable table = new SlotTable() {
        @Override
        public synchronized Duration reserve(String account, String tier, Duration spacing, Duration debit) {
            if (databaseDown) {
                throw new SlotsUnavailableException("down", null);
            }
            return Duration.ofNanos(schedule.reserve(clock.now(), spacing.toNanos(), debit.toNanos()));
        }

        @Override
        public synchronized void pause(String account, String tier, Duration length) {
            schedule.pauseUntil(clock.now() + length.toNanos());
        }
    };
    private final Pacer pacer = new Pacer("a", "standard", table, clock);

    @Test
    void theNextCallWaitsUntilTheOneBeforeHasTrulyLeftAndKeepsItsDistanceToThat() throws Exception {
        Pacer.Permit slow = pacer.acquire(STANDARD, 0.01);
        AtomicLong granted = new AtomicLong(-1);
        Thread second = inBackground(granted);
        settled(second);
        assertThat(granted).hasValue(-1);

        clock.advance(Duration.ofMillis(800));
        slow.sent();
        second.join();

        assertThat(granted.get()).isBetween(Duration.ofMillis(800).plus(SPACING).toNanos() - SendHistory.TOLERANCE_NANOS,
                Duration.ofMillis(800).plus(SPACING).toNanos());
    }

    @Test
    void aCallThatFailsBeforeItLeavesMakesWayForTheNext() throws Exception {
        pacer.acquire(STANDARD, 0.01).over();
        Pacer.Permit next = pacer.acquire(STANDARD, 0.01);
        assertThat(next.wasSent()).isFalse();
        assertThat(clock.now()).isEqualTo(SPACING.toNanos());
        next.sent();
        next.over();
    }

    @Test
    void the26thCallAfterAColdStartWaitsForTheAnswerToTheFirst() throws Exception {
        Pacer.Permit first = pacer.acquire(STANDARD, 0.01);
        first.sent();
        for (int i = 1; i < 25; i++) {
            Pacer.Permit permit = pacer.acquire(STANDARD, 0.01);
            permit.sent();
            permit.over();
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
    void withoutADatabaseNothingIsGrantedAndTheWayStaysFree() throws Exception {
        databaseDown = true;
        assertThatThrownBy(() -> pacer.acquire(STANDARD, 0.01)).isInstanceOf(SlotTable.SlotsUnavailableException.class);
        databaseDown = false;
        assertThat(pacer.acquire(STANDARD, 0.01)).isNotNull();
    }

    @Test
    void anInterruptedWaitSendsNothingAndKeepsItsSlotUsed() throws Exception {
        pacer.acquire(STANDARD, 0.01).sent();
        clock.interruptNext();
        assertThatThrownBy(() -> pacer.acquire(STANDARD, 0.01)).isInstanceOf(InterruptedException.class);
        pacer.acquire(STANDARD, 0.01);
        assertThat(clock.now()).isEqualTo(SPACING.multipliedBy(2).toNanos());
    }

    @Test
    void aPauseHoldsBackACallThatAlreadyHasItsSlot() throws Exception {
        pacer.acquire(STANDARD, 0.01).sent();
        pacer.pause(Duration.ofSeconds(7));
        pacer.acquire(STANDARD, 0.01);
        assertThat(clock.now()).isEqualTo(Duration.ofSeconds(7).toNanos());
    }

    private Thread inBackground(AtomicLong granted) {
        Thread thread = new Thread(() -> {
            try {
                pacer.acquire(STANDARD, 0.01);
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
