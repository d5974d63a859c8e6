package io.leadroutes.zoominfo.bulk;

import java.util.UUID;

/** The refresh was paused, cancelled or taken over by another process meanwhile: what was about to be stored is not. */
public class LostLeaseException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    LostLeaseException(UUID refresh) {
        super("bulk refresh " + refresh + " is no longer this process's to work on", null, false, false);
    }
}
