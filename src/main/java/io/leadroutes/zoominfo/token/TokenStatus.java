package io.leadroutes.zoominfo.token;

import java.time.Instant;
import java.util.Optional;

/**
 * The result of the last authentication.
 *
 * @param problem ZoomInfo's words when it failed; empty when there was none yet or it succeeded
 * @param at      when it ended
 * @param expires until when the present token is valid
 */
public record TokenStatus(State state, Optional<String> problem, Optional<Instant> at, Optional<Instant> expires) {

    public enum State {
        /** Nobody has needed a token yet. */
        NOT_YET_TRIED, AUTHENTICATED, FAILED
    }
}
