package io.leadroutes.zoominfo.pacing;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Where the database's clock stands by the clock of this process, within bounds: a reading was taken after the
 * question had left and before the answer came. The narrowest of the last readings counts, so that an answer that was
 * long on its way does not pass for a late slot, nor a late slot for one in time. Nanoseconds.
 *
 * <p>Not thread-safe.
 */
final class DatabaseClock {

    private static final long KEPT_NANOS = 5_000_000_000L;
    /** Two clocks drift by less in that time. */
    private static final long DRIFT_NANOS = 1_000_000L;

    private final Deque<Reading> readings = new ArrayDeque<>();

    /** Local time less database time: at least, at most. */
    private record Reading(long at, long least, long most) {
    }

    /** Notes that the database's clock stood at {@code database} at some moment between two moments here. */
    void read(long before, long after, long database) {
        Reading reading = new Reading(after, before - database, after - database);
        while (!readings.isEmpty() && after - readings.peekFirst().at > KEPT_NANOS) {
            readings.removeFirst();
        }
        // Bounds that exclude each other: the database's clock was set.
        if (readings.stream().anyMatch(known -> reading.least > known.most + DRIFT_NANOS
                || reading.most < known.least - DRIFT_NANOS)) {
            readings.clear();
        }
        readings.addLast(reading);
    }

    /** The earliest moment here at which the database's clock may stand so: what lateness is reckoned from. */
    long earliest(long database) {
        return database + readings.stream().mapToLong(Reading::least).max().orElseThrow(DatabaseClock::neverRead);
    }

    /** The latest such moment: nothing leaves before it. */
    long latest(long database) {
        return database + readings.stream().mapToLong(Reading::most).min().orElseThrow(DatabaseClock::neverRead);
    }

    private static IllegalStateException neverRead() {
        return new IllegalStateException("the database's clock was never read");
    }
}
