package io.leadroutes.decision;

import io.leadroutes.lead.StageFailure;
import java.util.Optional;
import java.util.UUID;

/** A lead that could not be scored or assigned, though others of its batch could. */
public class DecisionFailedException extends RuntimeException implements StageFailure {

    private static final long serialVersionUID = 1L;

    private final UUID eventId;

    public DecisionFailedException(UUID eventId, Throwable cause) {
        super("no decision: " + (cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage()),
                cause);
        this.eventId = eventId;
    }

    public UUID eventId() {
        return eventId;
    }

    @Override
    public String failureClassName() {
        return "DECISION";
    }

    @Override
    public Optional<Integer> httpStatus() {
        return Optional.empty();
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
