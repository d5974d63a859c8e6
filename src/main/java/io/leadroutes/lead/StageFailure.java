package io.leadroutes.lead;

import java.util.Optional;
import java.util.stream.Stream;

/** What an exception of a stage tells the dead letter. Implemented by the exceptions of the systems a stage calls. */
public interface StageFailure {

    /** Name of the failure class, for example {@code INVALID_REQUEST}. */
    String failureClassName();

    /** Status of the answer that failed, if there was an answer. */
    Optional<Integer> httpStatus();

    /** X-Request-Id of the answer that failed, if it had one. */
    Optional<String> responseRequestId();

    /** X-Request-Id of the call we made, if one was made. */
    Optional<String> sentRequestId();

    /** What whoever runs the application can do about it, if that is known. */
    default Optional<String> action() {
        return Optional.empty();
    }

    /** The failure of a system that a stage calls, among what an exception was caused by. */
    static Optional<StageFailure> in(Throwable thrown) {
        return Stream.iterate(thrown, cause -> cause != null, Throwable::getCause).limit(20)
                .filter(StageFailure.class::isInstance).map(StageFailure.class::cast).findFirst();
    }
}
