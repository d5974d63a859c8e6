package io.leadroutes.zoominfo;

import io.leadroutes.lead.StageFailure;
import java.util.List;
import java.util.Optional;

/**
 * A call to ZoomInfo that did not bring a usable answer.
 *
 * <p>The message holds ZoomInfo's own text, never a value of the request.
 */
public class ZoomInfoException extends Exception implements StageFailure {

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

    /** What a call of a route ended in; what is no failure of ZoomInfo has an unknown outcome. */
    static ZoomInfoException of(Throwable thrown) {
        for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
            if (cause instanceof ZoomInfoException known) {
                return known;
            }
        }
        ZoomInfoException unknown = new ZoomInfoException(FailureClass.UNKNOWN_OUTCOME, String.valueOf(thrown.getMessage()),
                "");
        unknown.initCause(thrown);
        return unknown;
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

    /** What to do about it, as the table of messages says or by the class. */
    public String getAction() {
        return ZoomInfoErrors.action(failureClass, getMessage());
    }

    /** The X-Request-Id we sent. */
    public String getSentRequestId() {
        return sentRequestId;
    }

    /** Output fields that ZoomInfo refused, lower-cased; empty for all other failures. */
    public List<String> getInvalidOutputFields() {
        return invalidOutputFields;
    }

    /** True for failures that no lead is to blame for: the batch waits and none of it becomes a dead letter. */
    public boolean isParks() {
        return switch (failureClass) {
            case TRANSIENT, UNKNOWN_OUTCOME, RATE_LIMITED, UNAUTHENTICATED, QUOTA_EXHAUSTED, NOT_LICENSED -> true;
            case FENCED, INVALID_REQUEST, SERVER_ERROR, PROTOCOL -> false;
        };
    }

    /** True when another replica has taken over the enrichment and nothing was sent. */
    public boolean isFenced() {
        return failureClass == FailureClass.FENCED;
    }

    /** True when the account may not go on: its credentials, its licence or its quota. */
    boolean isAccount() {
        return failureClass == FailureClass.QUOTA_EXHAUSTED || failureClass == FailureClass.NOT_LICENSED
                || failureClass == FailureClass.UNAUTHENTICATED;
    }

    /** True when ZoomInfo could not be reached, as against an account that may not go on. */
    boolean isOutage() {
        return failureClass == FailureClass.TRANSIENT || failureClass == FailureClass.UNKNOWN_OUTCOME
                || failureClass == FailureClass.RATE_LIMITED;
    }

    @Override
    public String failureClassName() {
        return failureClass.name();
    }

    @Override
    public Optional<Integer> httpStatus() {
        return status == 0 ? Optional.empty() : Optional.of(status);
    }

    @Override
    public Optional<String> responseRequestId() {
        return getRequestId();
    }

    @Override
    public Optional<String> sentRequestId() {
        return Optional.ofNullable(sentRequestId).filter(id -> !id.isBlank());
    }

    @Override
    public Optional<String> action() {
        return Optional.of(getAction());
    }
}
