package io.leadroutes.zoominfo.pacing;

import java.time.Duration;

/** The schedule that all replicas share. */
public interface SlotTable {

    /**
     * Takes the next slot of an account and tier.
     *
     * @param spacing distance to the slot after it
     * @param debit   lateness of earlier calls, which pushes the schedule
     * @return time until the slot, 0 or more
     * @throws SlotsUnavailableException when the schedule cannot be reached: then nothing may be sent
     */
    Duration reserve(String account, String tier, Duration spacing, Duration debit);

    /** No slot of this tier for that long, for nobody. */
    void pause(String account, String tier, Duration length);

    /** The shared schedule cannot be reached. */
    class SlotsUnavailableException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        public SlotsUnavailableException(String message, Throwable cause) {
            super(message, cause);
        }
    }
}
