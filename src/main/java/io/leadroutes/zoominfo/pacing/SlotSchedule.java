package io.leadroutes.zoominfo.pacing;

/**
 * The schedule of one account and tier: a generic cell rate algorithm with tolerance 0, so unused slots are never
 * saved up. The row of {@code egress_slot} holds the same state and the statement of {@code JdbcSlotTable} does the
 * same arithmetic on the database's clock. All figures are nanoseconds on one clock.
 */
final class SlotSchedule {

    /** A schedule further ahead than this was written by a clock that has since been set back. */
    static final long CLAMP_NANOS = 5_000_000_000L;
    /** Longest time that one late call pushes the schedule: a full second of silence clears a one-second window. */
    static final long DEBIT_LIMIT_NANOS = 1_000_000_000L;
    /** Longest pause; a later end was written by a clock that has since been set back. */
    static final long PAUSE_LIMIT_NANOS = 60_000_000_000L;
    private static final long SECOND = 1_000_000_000L;

    private long nextSlot;
    private long pausedUntil = Long.MIN_VALUE;

    SlotSchedule(long now) {
        this.nextSlot = now;
    }

    /**
     * Takes the next slot.
     *
     * @param debit lateness of calls that left after their slot; pushes the schedule
     * @return nanoseconds until the slot, 0 or more
     */
    long reserve(long now, long spacing, long debit) {
        long open = Math.max(now, Math.min(pausedUntil, now + PAUSE_LIMIT_NANOS));
        long due = nextSlot - open > clamp(spacing) ? open + SECOND : nextSlot;
        long slot = Math.max(due + Math.min(debit, DEBIT_LIMIT_NANOS), open);
        nextSlot = slot + spacing;
        return slot - now;
    }

    /** No slot before this moment, whoever asks. */
    void pauseUntil(long moment) {
        pausedUntil = Math.max(pausedUntil, moment);
    }

    /** How far ahead a schedule may honestly be: some replicas wait for a slot each. */
    static long clamp(long spacing) {
        return Math.max(CLAMP_NANOS, 20 * spacing);
    }
}
