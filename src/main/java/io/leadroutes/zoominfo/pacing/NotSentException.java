package io.leadroutes.zoominfo.pacing;

import java.io.IOException;

/** A call was not let go at the moment it should have been written. Nothing was sent. */
public final class NotSentException extends IOException {

    private static final long serialVersionUID = 1L;

    private final boolean again;

    NotSentException(Exception cause) {
        super(cause.getMessage(), cause);
        again = false;
    }

    private NotSentException(String message) {
        super(message);
        again = true;
    }

    /** Its tier pauses: no connection is kept open that long. */
    static NotSentException paused() {
        return new NotSentException("The tier pauses; the call takes another slot");
    }

    /** Whether it is to take another slot at once, as if it had not had one. */
    public boolean isAgain() {
        return again;
    }
}
