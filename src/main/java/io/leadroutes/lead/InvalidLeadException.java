package io.leadroutes.lead;

import java.util.List;

/** A request that is not one lead or an array of leads; names every field that is wrong and what to do. */
public class InvalidLeadException extends Exception {

    private static final long serialVersionUID = 1L;

    private final int status;
    private final transient List<FieldError> errors;

    /** @param field path of the field, for example {@code [2].email}; {@code rule} names what it breaks */
    public record FieldError(String field, String rule, String message) {
    }

    InvalidLeadException(int status, List<FieldError> errors) {
        super(errors.get(0).field() + ": " + errors.get(0).message());
        this.status = status;
        this.errors = List.copyOf(errors);
    }

    /** HTTP status that fits: 400, 413, 415 or 422. */
    public int status() {
        return status;
    }

    public List<FieldError> errors() {
        return errors;
    }
}
