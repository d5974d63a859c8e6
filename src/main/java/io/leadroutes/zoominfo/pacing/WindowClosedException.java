package io.leadroutes.zoominfo.pacing;

import java.time.Duration;

/** A long window of the rate is used up for longer than a call waits. */
public final class WindowClosedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    WindowClosedException(String tier, Duration left) {
        super("A window of zoominfo.tier." + tier + ".windows is used up; it has room again in " + left.toSeconds() + " s");
    }
}
