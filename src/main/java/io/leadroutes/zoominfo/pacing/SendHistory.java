package io.leadroutes.zoominfo.pacing;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;

/**
 * What this process knows of the calls it sent: when each truly left and when it was answered. From that it says
 * what the schedule alone cannot: a call that left late is never followed by a catch-up.
 *
 * <p>Not thread-safe; all figures are nanoseconds on one clock.
 */
final class SendHistory {

    /** Calls after a cold start for which the moments of the answers count too: both ends are still slow and uneven. */
    static final int WARM_UP_CALLS = 50;
    /** Lateness that is no debit: less than the guard leaves free. */
    static final long TOLERANCE_NANOS = 1_000_000L;
    private static final int PATHS = 16;

    private final long[] recentPaths = new long[PATHS];
    private final Map<Long, Long> answeredAt = new HashMap<>();
    private long granted;
    private long paths;
    private boolean anySent;
    private long lastSent;
    private long debit;

    /** The number of the call whose answer must be known before the next may be granted, if one must. */
    OptionalLong mustBeAnswered(long limit) {
        if (granted >= WARM_UP_CALLS || granted < limit) {
            return OptionalLong.empty();
        }
        return OptionalLong.of(granted - limit);
    }

    boolean answered(long call) {
        return answeredAt.containsKey(call);
    }

    /**
     * The earliest moment at which the next call may be let go: one spacing after the last one truly left and,
     * while warming up, one period after the answer to the call that is a full window back.
     *
     * @param spacing distance between calls
     * @param limit   calls a window
     * @param period  length of that window
     */
    long earliest(long spacing, long limit, long period) {
        long earliest = anySent ? lastSent - typicalPath() + spacing - TOLERANCE_NANOS : Long.MIN_VALUE;
        OptionalLong back = mustBeAnswered(limit);
        if (back.isPresent()) {
            earliest = Math.max(earliest, answeredAt.get(back.getAsLong()) + period);
        }
        return earliest;
    }

    /** Counts a call as granted and returns its number. */
    long grant() {
        return granted++;
    }

    /**
     * A call left.
     *
     * @param slot its place in the shared schedule
     * @param at   when it truly left
     */
    void sent(long slot, long at) {
        long path = Math.max(0, at - slot);
        long late = path - typicalPath();
        if (late > TOLERANCE_NANOS) {
            debit += late;
        }
        recentPaths[(int) (paths++ % PATHS)] = path;
        anySent = true;
        lastSent = at;
    }

    /** A call was answered, or will not be. */
    void answered(long call, long at) {
        if (call < WARM_UP_CALLS) {
            answeredAt.put(call, at);
        }
    }

    /** Lateness not yet added to the schedule; it is handed out once. */
    long takeDebit() {
        long taken = debit;
        debit = 0;
        return taken;
    }

    /** Gives back a debit that could not be booked. */
    void returnDebit(long nanos) {
        debit += nanos;
    }

    /**
     * The time from the slot to the socket that every recent call needed. It shifts all calls alike and so
     * compresses nothing; only what exceeds it is lateness.
     */
    private long typicalPath() {
        return Arrays.stream(recentPaths).min().orElse(0);
    }
}
