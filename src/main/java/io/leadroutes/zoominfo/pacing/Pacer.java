package io.leadroutes.zoominfo.pacing;

import io.leadroutes.zoominfo.pacing.ForeignUse.News;
import io.leadroutes.zoominfo.pacing.SlotTable.Answer;
import io.leadroutes.zoominfo.pacing.SlotTable.Closed;
import io.leadroutes.zoominfo.pacing.SlotTable.Granted;
import io.leadroutes.zoominfo.pacing.SlotTable.Later;
import io.leadroutes.zoominfo.pacing.SlotTable.Request;
import io.leadroutes.zoominfo.pacing.SlotTable.SlotsUnavailableException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

/**
 * Lets the calls of one tier leave one by one and evenly spaced. At most one call of this process holds a slot
 * without having left. A call waits for its slot twice: at the throttle until shortly before, and with its connection
 * open for the rest, so that the way there is no lateness.
 *
 * <p>Under a strict sliding log the 26th of 25 calls a second must arrive a second after the first. Slots are that far
 * apart and the guard's share more, so it is lateness of the first alone that could bring them together. Therefore a
 * call that is late by more than half of what the guard leaves free is booked before it is written: the schedule is
 * pushed by its lateness. Slots are handed out a quarter of a window ahead at most, so that the booking is always in
 * time. A slot missed by 25 ms is given up for a new one.
 *
 * <p>A machine that stands still just after the writing holds the call up too, unseen by whoever has written it. So a
 * look at the clock is due 5 ms later, and what that look is late by is booked as well.
 */
final class Pacer {

    /** A slot missed by more is given up: its neighbours belong to others. */
    static final long MISSED_NANOS = 25_000_000L;
    /** Lateness up to this is in what the guard leaves free, and needs no booking before the call. */
    static final long BOOKED_AFTER_NANOS = 5_000_000L;
    /** When, after the writing, the machine must still be running: by then a call is well on its way. */
    static final long LOOK_AFTER_NANOS = 5_000_000L;
    /** The way from the throttle to the open connection, also when it is not quite warm. */
    static final long LEAD_NANOS = 20_000_000L;
    private static final Duration LONGEST_HORIZON = Duration.ofMillis(250);
    private static final Duration ASK_AGAIN = Duration.ofMillis(250);
    /** How often a call that waits for long looks whether it is still to be made here. */
    private static final Duration LOOK = Duration.ofSeconds(1);
    /** A call that is not answered by then has arrived, and is slow for reasons of its own. */
    private static final Duration LONGEST_WARM_UP = Duration.ofSeconds(3);
    /** Nobody waits longer behind a call that does not leave; longer than any pause and any call can last. */
    private static final Duration LONGEST_HOLD = Duration.ofMinutes(10);
    /** A call outside the enrichment egress waits no longer for a window that is used up. */
    private static final Duration LONGEST_CLOSED = Duration.ofMinutes(1);

    private final String tier;
    private final SlotTable table;
    private final NanoClock clock;
    private final Duration patience;
    private final PacerMeters meters;
    private final Executor lookAfter;
    private final Executor shortly;
    private final Semaphore gate = new Semaphore(1, true);
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition answer = lock.newCondition();
    private final SendHistory history = new SendHistory();
    private final DatabaseClock database = new DatabaseClock();
    private final ForeignUse others = new ForeignUse();
    private final LongestTrip trips = new LongestTrip();
    private volatile long pausedUntil;

    /**
     * @param patience  how long a database that does not answer is waited for
     * @param lookAfter runs what is to be done {@link #LOOK_AFTER_NANOS} later, as exactly as it can
     * @param shortly   runs what is to be done some milliseconds later, and may take its time
     */
    Pacer(String tier, SlotTable table, NanoClock clock, Duration patience, PacerMeters meters, Executor lookAfter,
            Executor shortly) {
        this.tier = tier;
        this.table = table;
        this.clock = clock;
        this.patience = patience;
        this.meters = meters;
        this.lookAfter = lookAfter;
        this.shortly = shortly;
        this.pausedUntil = clock.now();
    }

    /**
     * What a call is paced by.
     *
     * @param windows the limits, the one that the route states first
     * @param guard   share by which calls are spaced wider, at least
     * @param epoch   under which the enrichment egress was held when the call was decided on; empty for other calls
     */
    record Terms(List<Window> windows, double guard, OptionalLong epoch) {

        private Duration horizon() {
            Duration quarter = windows.stream().map(Window::period).min(Duration::compareTo).orElseThrow().dividedBy(4);
            return quarter.compareTo(LONGEST_HORIZON) < 0 ? quarter : LONGEST_HORIZON;
        }
    }

    /**
     * A slot in the time of this process: not before {@code at}, from which lateness is reckoned; a call is let go at
     * {@code release}, which is certainly not too early.
     */
    private record Slot(Granted granted, long at, long release) {
    }

    /**
     * Waits until shortly before the next slot. A slot whose wait is interrupted stays used: nothing leaves before
     * its time.
     *
     * @throws SlotsUnavailableException when the shared schedule cannot be reached
     * @throws FencedException           when another replica has taken over the egress
     * @throws WindowClosedException     when a long window is used up for long
     */
    Permit acquire(Terms terms) throws InterruptedException {
        long begin = clock.now();
        enter(terms);
        boolean granted = false;
        try {
            awaitWarmUp(terms.windows().get(0));
            Slot slot = take(terms);
            clock.waitUntil(() -> Math.max(slot.release() - LEAD_NANOS, pausedUntil));
            Permit permit = new Permit(terms, locked(history::grant), slot, clock.now() - begin);
            granted = true;
            return permit;
        } finally {
            if (!granted) {
                gate.release();
            }
        }
    }

    /** Calls of the egress wait as long as it takes: they hold their leads, and those have nowhere else to go. */
    private void enter(Terms terms) throws InterruptedException {
        do {
            if (gate.tryAcquire(LONGEST_HOLD.toNanos(), TimeUnit.NANOSECONDS)) {
                return;
            }
        } while (terms.epoch().isPresent());
        throw new SlotsUnavailableException("No call of the " + tier + " tier has left for "
                + LONGEST_HOLD.toSeconds() + " s", null);
    }

    private Slot take(Terms terms) throws InterruptedException {
        OptionalLong outage = OptionalLong.empty();
        while (true) {
            clock.waitUntil(() -> pausedUntil);
            long debit = locked(history::takeDebit);
            Optional<News> news;
            lock.lock();
            try {
                news = others.takeNews();
            } finally {
                lock.unlock();
            }
            long before = clock.now();
            Answer answer;
            try {
                answer = table.take(new Request(tier, terms.epoch(), terms.windows(), terms.guard(),
                        Duration.ofNanos(debit), terms.horizon(), news));
            } catch (SlotsUnavailableException e) {
                giveBack(debit, news);
                outage = outage.isPresent() ? outage : OptionalLong.of(before);
                if (before - outage.getAsLong() >= patience.toNanos()) {
                    throw e;
                }
                pause(ASK_AGAIN);
                continue;
            }
            outage = OptionalLong.empty();
            long after = clock.now();
            if (answer instanceof Granted granted) {
                Slot slot = locate(granted, before, after);
                if (slot.release() - slot.at() <= MISSED_NANOS) {
                    return slot;
                }
                meters.missed();
            } else if (answer instanceof Later later) {
                pause(later.left().minus(terms.horizon().dividedBy(2)));
            } else if (answer instanceof Closed closed) {
                if (terms.epoch().isEmpty() && closed.left().compareTo(LONGEST_CLOSED) > 0) {
                    throw new WindowClosedException(tier, closed.left());
                }
                pause(closed.left().compareTo(LOOK) < 0 ? closed.left() : LOOK);
            } else {
                throw new FencedException(tier);
            }
        }
    }

    private Slot locate(Granted granted, long before, long after) {
        lock.lock();
        try {
            database.read(before, after, granted.now());
            own(granted).ifPresent(others::granted);
            return new Slot(granted, database.earliest(granted.slot()),
                    Math.max(database.latest(granted.slot()), history.earliest(granted.spacing().toNanos())));
        } finally {
            lock.unlock();
        }
    }

    /** Empty while the count is not certain. */
    private static Optional<ForeignUse.Own> own(Granted granted) {
        return granted.lastMinute().isEmpty() ? Optional.empty() : Optional.of(new ForeignUse.Own(granted.slot(),
                granted.number(), granted.lastMinute().getAsLong()));
    }

    private void giveBack(long debit, Optional<News> news) {
        lock.lock();
        try {
            history.returnDebit(debit);
            news.ifPresent(others::returnNews);
        } finally {
            lock.unlock();
        }
    }

    private void pause(Duration length) throws InterruptedException {
        long end = clock.now() + length.toNanos();
        clock.waitUntil(() -> end);
    }

    /** While both ends are cold: a full window back, the call must have been answered a period ago. */
    private void awaitWarmUp(Window first) throws InterruptedException {
        long limit = Math.max(1, (long) Math.floor(first.limit()));
        OptionalLong call = OptionalLong.empty();
        OptionalLong answered = OptionalLong.empty();
        lock.lockInterruptibly();
        try {
            call = history.mustBeAnswered(limit);
            long left = LONGEST_WARM_UP.toNanos();
            while (call.isPresent() && answered.isEmpty()) {
                answered = history.answered(call.getAsLong());
                if (answered.isEmpty() && left <= 0) {
                    return;
                }
                left = answered.isEmpty() ? answer.awaitNanos(left) : left;
            }
        } finally {
            lock.unlock();
        }
        if (answered.isPresent()) {
            long open = answered.getAsLong() + first.period().toNanos();
            clock.waitUntil(() -> open);
        }
    }

    /** Nothing of this tier leaves for that long, here and, through the shared schedule, elsewhere. */
    void pause(Duration length, OptionalLong slot, double guard) {
        lock.lock();
        try {
            pausedUntil = Math.max(pausedUntil, clock.now() + length.toNanos());
            slot.ifPresent(others::refused);
        } finally {
            lock.unlock();
        }
        meters.paused();
        table.pause(tier, length, slot, guard);
    }

    /** The longest time from a call to its answer within the last minute. */
    Duration longestTrip() {
        return Duration.ofNanos(locked(() -> trips.longest(clock.now())));
    }

    private void bookDebit() {
        long debit = locked(history::takeDebit);
        if (debit > 0) {
            try {
                table.debit(tier, Duration.ofNanos(debit));
            } catch (SlotsUnavailableException e) {
                // It goes with the next slot; until then nobody gets one either.
                giveBack(debit, Optional.empty());
            }
        }
    }

    /** The machine stood still for that long just after a call had been written: it may have left only then. */
    private void stoodStill(long nanos) {
        boolean owes;
        lock.lock();
        try {
            owes = history.stoodStill(nanos);
        } finally {
            lock.unlock();
        }
        if (owes) {
            shortly.execute(this::bookDebit);
        }
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

        private final Terms terms;
        private final long call;
        private final long waited;
        private Slot slot;
        private long booked;
        private long writtenAt;
        private boolean left;
        private boolean written;
        private boolean over;

        private Permit(Terms terms, long call, Slot slot, long waited) {
            this.terms = terms;
            this.call = call;
            this.slot = slot;
            this.waited = waited;
        }

        @Override
        public Duration waited() {
            return Duration.ofNanos(waited);
        }

        @Override
        public void leave() throws NotSentException {
            try {
                while (!isDue()) {
                    meters.missed();
                    slot = take(terms);
                    booked = 0;
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new NotSentException(e);
            } catch (SlotsUnavailableException | FencedException | WindowClosedException e) {
                throw new NotSentException(e);
            }
            lock.lock();
            try {
                left = true;
            } finally {
                lock.unlock();
            }
        }

        /** Waits for the slot; false when it has been missed. */
        private boolean isDue() throws InterruptedException, NotSentException {
            Slot held = slot;
            clock.waitUntil(held::release);
            if (pausedUntil - clock.now() > LOOK.toNanos()) {
                throw NotSentException.paused();
            }
            clock.waitUntil(() -> Math.max(held.release(), pausedUntil));
            long late = clock.now() - held.at();
            if (late > BOOKED_AFTER_NANOS && late <= MISSED_NANOS) {
                try {
                    booked = late - SendHistory.TOLERANCE_NANOS;
                    table.debit(tier, Duration.ofNanos(booked));
                } catch (SlotsUnavailableException e) {
                    return false;
                }
                late = clock.now() - held.at();
            }
            return late <= MISSED_NANOS;
        }

        @Override
        public void written() {
            long now = clock.now();
            long late;
            boolean owes;
            lock.lock();
            try {
                if (written || over) {
                    return;
                }
                written = true;
                writtenAt = now;
                late = history.sent(slot.at(), booked, now);
                owes = history.owes();
            } finally {
                lock.unlock();
            }
            gate.release();
            meters.late(Duration.ofNanos(late));
            if (owes) {
                shortly.execute(Pacer.this::bookDebit);
            }
            lookAfter.execute(() -> stoodStill(clock.now() - now - LOOK_AFTER_NANOS));
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
        public void answered(RateHeaders headers) {
            lock.lock();
            try {
                Granted granted = slot.granted();
                long answered = granted.slot() + clock.now() - slot.at();
                own(granted).ifPresentOrElse(
                        own -> others.see(new ForeignUse.Sight(own, answered, granted.spacing(), headers)),
                        others::forget);
            } finally {
                lock.unlock();
            }
        }

        @Override
        public OptionalLong slot() {
            return OptionalLong.of(slot.granted().slot());
        }

        @Override
        public void over() {
            boolean unused;
            long now = clock.now();
            lock.lock();
            try {
                if (over) {
                    return;
                }
                over = true;
                unused = !written;
                history.answered(call, now);
                if (written) {
                    trips.saw(writtenAt, now);
                }
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
