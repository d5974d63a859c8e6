package io.leadroutes.zoominfo.pacing;

import java.time.Duration;

/** One call on its way out, from its slot to its answer. */
public interface Departure {

    /** How long it waited for its slot. */
    Duration waited();

    /** It leaves now: the connection is there and the request is about to be written. */
    void sent();

    /** Whether it has left. */
    boolean wasSent();

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
            public void sent() {
                sent = true;
            }

            @Override
            public boolean wasSent() {
                return sent;
            }

            @Override
            public void over() {
                // Nobody waits for it.
            }
        };
    }
}
