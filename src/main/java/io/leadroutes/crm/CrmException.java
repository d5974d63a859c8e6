package io.leadroutes.crm;

import io.leadroutes.lead.StageFailure;
import java.util.Optional;

/**
 * A call to a CRM that failed as a whole.
 *
 * <p>A retryable failure says nothing about the records of the call: lock, limit, outage, time-out. Writes carry an
 * operation key, so that repeating a call of unknown outcome is harmless.
 */
public class CrmException extends RuntimeException implements StageFailure {

    private final Failure failure;
    private final Optional<Integer> status;
    private final String errorCode;

    /** What to do about a failed call; the names are those of the failure classes. */
    public enum Failure {
        /** The CRM refused for now. */
        TRANSIENT(true),
        /** No answer, so the write may have happened. */
        UNKNOWN_OUTCOME(true),
        /** The daily or concurrent limit of the org is used up. */
        RATE_LIMITED(true),
        /** Log-in refused after one refresh; somebody has to mend the credentials, the records wait. */
        UNAUTHENTICATED(true),
        /** The CRM failed inside. */
        SERVER_ERROR(true),
        /** The request itself is wrong; repeating it changes nothing. */
        INVALID_REQUEST(false),
        /** An answer that cannot be read. */
        PROTOCOL(true);

        private final boolean retryable;

        Failure(boolean retryable) {
            this.retryable = retryable;
        }
    }

    /**
     * @param status    HTTP status, empty without an answer
     * @param errorCode the CRM's own code, or empty
     */
    public CrmException(Failure failure, Optional<Integer> status, String errorCode, String message, Throwable cause) {
        super(message, cause);
        this.failure = failure;
        this.status = status;
        this.errorCode = errorCode;
    }

    public Failure failure() {
        return failure;
    }

    public boolean retryable() {
        return failure.retryable;
    }

    /** The CRM's own code, for example {@code UNABLE_TO_LOCK_ROW}; empty if it gave none. */
    public String errorCode() {
        return errorCode;
    }

    @Override
    public String failureClassName() {
        return failure.name();
    }

    @Override
    public Optional<Integer> httpStatus() {
        return status;
    }

    @Override
    public Optional<String> responseRequestId() {
        return Optional.empty();
    }

    @Override
    public Optional<String> sentRequestId() {
        return Optional.empty();
    }
}
