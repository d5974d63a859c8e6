package io.leadroutes.zoominfo.pacing;

import java.io.IOException;
import java.time.Duration;
import java.util.OptionalLong;

/** One call on its way out, from its slot to its answer. */
interface Departure {

    /** How long it waited before it was let go to the connection. */
    Duration waited();

    /**
     * The connection is open and the request is about to be written: returns when its time has come. A slot that has
     * been missed is given up for a new one.
     *
     * @throws IOException when it may not leave; nothing was sent
     */
    void leave() throws IOException;

    /** The request has been written. */
    void written();

    /** Whether it has left. */
    boolean wasSent();

    /** Its answer came with these headers. */
    void answered(RateHeaders headers);

    /** Its slot on the clock of the schedule; empty without one. */
    OptionalLong slot();

    /** It was answered, or failed, or was given up. */
    void over();

    /** A call that is not paced. */
    static Departure unpaced() {
        return new Departure() {
            private volatile boolean sent;

            @Override
            public Duration waited() {
                return Duration.ZERO;
            }

            @Override
            public void leave() {
                sent = true;
            }

            @Override
            public void written() {
                // Nobody waits for it.
            }

            @Override
            public boolean wasSent() {
                return sent;
            }

            @Override
            public void answered(RateHeaders headers) {
                // There is nothing to slow down.
            }

            @Override
            public OptionalLong slot() {
                return OptionalLong.empty();
            }

            @Override
            public void over() {
                // Nobody waits for it.
            }
        };
    }
}
