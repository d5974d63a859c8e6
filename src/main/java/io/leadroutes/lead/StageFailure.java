package io.leadroutes.lead;

import java.util.Optional;

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
}
