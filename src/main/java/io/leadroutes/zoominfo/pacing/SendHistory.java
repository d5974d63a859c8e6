package io.leadroutes.zoominfo.pacing;

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
    /**
     * Lateness that is no debit, and that each debit is short by: two fifths of what a guard of 1 % leaves free in a
     * second. The rest is for the way to the server.
     */
    static final long TOLERANCE_NANOS = 4_000_000L;

    private final Map<Long, Long> answeredAt = new HashMap<>();
    private long granted;
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

    /** When a call of the warm-up was answered; empty when it is under way. */
    OptionalLong answered(long call) {
        Long at = answeredAt.get(call);
        return at == null ? OptionalLong.empty() : OptionalLong.of(at);
    }

    /** The earliest moment at which the next call may be let go: one spacing after the last one truly left. */
    long earliest(long spacing) {
        return anySent ? lastSent + spacing - TOLERANCE_NANOS : Long.MIN_VALUE;
    }

    /** Counts a call as granted and returns its number. */
    long grant() {
        return granted++;
    }

    /**
     * A call left.
     *
     * @param slot   its place in the shared schedule; rather too early than too late
     * @param booked lateness by which the schedule has been pushed for it already
     * @param at     when it truly left
     * @return how late it was
     */
    long sent(long slot, long booked, long at) {
        long late = Math.max(0, at - slot);
        debit += Math.max(0, late - TOLERANCE_NANOS - booked);
        anySent = true;
        lastSent = at;
        return late;
    }

    /**
     * The call that left last may have been held up for that long on its way.
     *
     * @return whether that is lateness that the schedule does not know of
     */
    boolean stoodStill(long nanos) {
        debit += Math.max(0, nanos - TOLERANCE_NANOS);
        return nanos > TOLERANCE_NANOS;
    }

    /** A call was answered, or will not be. */
    void answered(long call, long at) {
        if (call < WARM_UP_CALLS) {
            answeredAt.put(call, at);
        }
    }

    /** Whether there is lateness that the schedule does not know of. */
    boolean owes() {
        return debit > 0;
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
}
