package io.leadroutes.zoominfo.pacing;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** The schedule that all replicas share. */
public interface SlotTable {

    /**
     * What a call asks for.
     *
     * @param tier    tier of the call
     * @param epoch   the slot is for the holder of the egress lease under this epoch; empty: for anybody
     * @param windows limits of the tier
     * @param guard   share by which calls are spaced wider than the limits demand, at least
     * @param debit   lateness of earlier calls, which pushes the schedule
     * @param horizon a slot further ahead is not handed out
     * @param others  news of other clients of the account
     */
    record Request(String tier, OptionalLong epoch, List<Window> windows, double guard, Duration debit,
            Duration horizon, Optional<ForeignUse.News> others) {
    }

    /** How the schedule answers. */
    sealed interface Answer permits Granted, Later, Closed, Fenced {
    }

    /**
     * A slot.
     *
     * @param slot       when, nanoseconds on the clock of the schedule
     * @param now        that clock's reading
     * @param number     how many slots of the tier there have been, with this one
     * @param lastMinute how many of them in the minute that ends with this one; empty while that is not known for certain,
     *                   after a start of the database or when its clock was set back
     * @param spacing    distance to the next one
     */
    record Granted(long slot, long now, long number, OptionalLong lastMinute, Duration spacing) implements Answer {
    }

    /** The next slot is further ahead than the horizon. */
    record Later(Duration left) implements Answer {
    }

    /** A long window is used up for that long. */
    record Closed(Duration left) implements Answer {
    }

    /** Another replica holds the lease. */
    record Fenced() implements Answer {
    }

    /**
     * Takes the next slot.
     *
     * @throws SlotsUnavailableException when the schedule cannot be reached: then nothing may be sent
     */
    Answer take(Request request);

    /** Pushes the schedule by lateness. */
    void debit(String tier, Duration lateness);

    /**
     * A 429: no slot of this tier for that long, for nobody, and wider spacing from then on.
     *
     * @param slot  slot of the call that was answered so, on the clock of the schedule
     * @param guard guard of the configuration
     */
    void pause(String tier, Duration length, OptionalLong slot, double guard);

    /** The shared schedule cannot be reached. */
    class SlotsUnavailableException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        public SlotsUnavailableException(String message, Throwable cause) {
            super(message, cause);
        }
    }
}
