package io.leadroutes.zoominfo.pacing;

import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

/**
 * Lets the calls of one tier leave one by one and evenly spaced. At most one call of this process holds a slot
 * without having left; so however long a cold start, a connection or a collection of garbage holds it up, the
 * calls behind it are spaced from its true departure.
 */
final class Pacer {

    /** Nobody waits longer behind a call that does not leave; longer than any pause and any call can last. */
    private static final Duration LONGEST_HOLD = Duration.ofMinutes(10);

    private final String account;
    private final String tier;
    private final SlotTable table;
    private final NanoClock clock;
    private final Semaphore gate = new Semaphore(1, true);
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition answer = lock.newCondition();
    private final SendHistory history = new SendHistory();
    private volatile long pausedUntil;

    Pacer(String account, String tier, SlotTable table, NanoClock clock) {
        this.account = account;
        this.tier = tier;
        this.table = table;
        this.clock = clock;
        this.pausedUntil = clock.now();
    }

    /**
     * Waits for the next slot. A slot whose wait is interrupted stays used: nothing leaves before its time.
     *
     * @param windows the limits, the one that the route states first
     * @throws SlotTable.SlotsUnavailableException when the shared schedule cannot be reached
     */
    Permit acquire(List<Window> windows, double guard) throws InterruptedException {
        long spacing = Window.spacingNanos(windows, guard);
        Window first = windows.get(0);
        long limit = Math.max(1, (long) Math.floor(first.limit()));
        long begin = clock.now();
        if (!gate.tryAcquire(LONGEST_HOLD.toNanos(), TimeUnit.NANOSECONDS)) {
            throw new SlotTable.SlotsUnavailableException("No call of the " + tier + " tier has left for "
                    + LONGEST_HOLD.toSeconds() + " s", null);
        }
        boolean granted = false;
        try {
            awaitWarmUpAnswer(limit);
            long debit = locked(history::takeDebit);
            Duration wait;
            try {
                wait = table.reserve(account, tier, Duration.ofNanos(spacing), Duration.ofNanos(debit));
            } catch (RuntimeException e) {
                locked(() -> {
                    history.returnDebit(debit);
                    return 0L;
                });
                throw e;
            }
            long slot = clock.now() + wait.toNanos();
            long earliest = locked(() -> history.earliest(spacing, limit, first.period().toNanos()));
            long release = Math.max(slot, earliest);
            clock.waitUntil(() -> Math.max(release, pausedUntil));
            Permit permit = new Permit(locked(history::grant), slot, clock.now() - begin);
            granted = true;
            return permit;
        } finally {
            if (!granted) {
                gate.release();
            }
        }
    }

    private void awaitWarmUpAnswer(long limit) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            OptionalLong call = history.mustBeAnswered(limit);
            long left = LONGEST_HOLD.toNanos();
            while (call.isPresent() && !history.answered(call.getAsLong())) {
                if (left <= 0) {
                    history.answered(call.getAsLong(), clock.now());
                    return;
                }
                left = answer.awaitNanos(left);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Nothing of this tier leaves for that long, here and, through the shared schedule, elsewhere. */
    void pause(Duration length) {
        lock.lock();
        try {
            pausedUntil = Math.max(pausedUntil, clock.now() + length.toNanos());
        } finally {
            lock.unlock();
        }
        table.pause(account, tier, length);
    }

    private long locked(LongSupplier action) {
        lock.lock();
        try {
            return action.getAsLong();
        } finally {
            lock.unlock();
        }
    }

    /** Leave to send one call. */
    final class Permit implements Departure {

        private final long call;
        private final long slot;
        private final long waited;
        private boolean left;
        private boolean over;

        private Permit(long call, long slot, long waited) {
            this.call = call;
            this.slot = slot;
            this.waited = waited;
        }

        @Override
        public Duration waited() {
            return Duration.ofNanos(waited);
        }

        @Override
        public void sent() {
            long now = clock.now();
            lock.lock();
            try {
                if (left || over) {
                    return;
                }
                left = true;
                history.sent(slot, now);
            } finally {
                lock.unlock();
            }
            gate.release();
        }

        @Override
        public boolean wasSent() {
            lock.lock();
            try {
                return left;
            } finally {
                lock.unlock();
            }
        }

        @Override
        public void over() {
            boolean unused;
            lock.lock();
            try {
                if (over) {
                    return;
                }
                over = true;
                unused = !left;
                history.answered(call, clock.now());
                answer.signalAll();
            } finally {
                lock.unlock();
            }
            if (unused) {
                gate.release();
            }
        }
    }
}
