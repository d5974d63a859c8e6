package io.leadroutes.rules;

/** Free CEL that could not be evaluated: an overflow, a missing key, a fact that is missing though it cannot be unknown. */
public final class EvaluationException extends Exception {

    private static final long serialVersionUID = 1L;

    EvaluationException(String cause) {
        super(cause);
    }
}
