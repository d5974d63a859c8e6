package io.leadroutes.zoominfo;

import java.util.List;
import java.util.Optional;

/**
 * A call to ZoomInfo that did not bring a usable answer.
 *
 * <p>The message holds ZoomInfo's own text, never a value of the request.
 */
public class ZoomInfoException extends Exception {

    private static final long serialVersionUID = 1L;

    private final FailureClass failureClass;
    private final int status;
    private final String requestId;
    private final String sentRequestId;
    private final List<String> invalidOutputFields;

    /**
     * @param status              HTTP status, 0 without an answer
     * @param requestId           ZoomInfo's X-Request-Id of the answer that failed
     * @param sentRequestId       the X-Request-Id we sent; empty when no call was made
     * @param invalidOutputFields lower-cased names that ZoomInfo refused
     */
    public ZoomInfoException(FailureClass failureClass, int status, String message, Optional<String> requestId,
            String sentRequestId, List<String> invalidOutputFields) {
        super(message);
        this.failureClass = failureClass;
        this.status = status;
        this.requestId = requestId.orElse(null);
        this.sentRequestId = sentRequestId;
        this.invalidOutputFields = List.copyOf(invalidOutputFields);
    }

    /** A failure without an answer. */
    public ZoomInfoException(FailureClass failureClass, String message, String sentRequestId) {
        this(failureClass, 0, message, Optional.empty(), sentRequestId, List.of());
    }

    public FailureClass getFailureClass() {
        return failureClass;
    }

    /** HTTP status, 0 without an answer. */
    public int getStatus() {
        return status;
    }

    /** ZoomInfo's X-Request-Id of the answer that failed, if there was an answer. */
    public Optional<String> getRequestId() {
        return Optional.ofNullable(requestId);
    }

    /** The X-Request-Id we sent. */
    public String getSentRequestId() {
        return sentRequestId;
    }

    /** Output fields that ZoomInfo refused, lower-cased; empty for all other failures. */
    public List<String> getInvalidOutputFields() {
        return invalidOutputFields;
    }
}
