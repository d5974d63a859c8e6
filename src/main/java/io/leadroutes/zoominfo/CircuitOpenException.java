package io.leadroutes.zoominfo;

import java.util.List;
import java.util.Optional;

/**
 * A call that was not made because the circuit is open. Of the class of what it is open for, so that its work waits in
 * the same way; it is not repeated, for the circuit itself finds out when the cause has ended.
 */
public final class CircuitOpenException extends ZoomInfoException {

    private static final long serialVersionUID = 1L;

    CircuitOpenException(FailureClass failureClass, String message) {
        super(failureClass, 0, message, Optional.empty(), "", List.of());
    }
}
