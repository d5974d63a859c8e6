package io.leadroutes.lead;

import java.time.Duration;

/**
 * Pauses that double with each failure in a row.
 *
 * @param first after the first failure
 * @param most  how long they grow
 */
public record Backoff(Duration first, Duration most) {

    /** So often doubled at most that a pause cannot overflow. */
    private static final int DOUBLINGS = 20;

    /** @param before failures in a row before this one; below 0 counts as 0 */
    public Duration pause(int before) {
        Duration pause = first.multipliedBy(1L << Math.max(0, Math.min(before, DOUBLINGS)));
        return pause.compareTo(most) > 0 ? most : pause;
    }
}
