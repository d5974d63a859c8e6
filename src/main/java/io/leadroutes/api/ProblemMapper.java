package io.leadroutes.api;

import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.ext.ExceptionMapper;
import jakarta.ws.rs.ext.Provider;

/** Gives an error that the framework found, a body that is not JSON for example, the form of all others. */
@Provider
public class ProblemMapper implements ExceptionMapper<WebApplicationException> {

    private static final String UNREADABLE = "The request cannot be read. Send JSON with the fields of the documentation.";

    @Override
    public Response toResponse(WebApplicationException exception) {
        Response response = exception.getResponse();
        if (response.hasEntity() || response.getStatus() < 400) {
            return response;
        }
        return Problem.response(response.getStatus(), response.getStatusInfo().getReasonPhrase(),
                response.getStatus() == 400 ? UNREADABLE : "The request does not fit this address.");
    }

    /** JSON of another shape than wanted. */
    @Provider
    public static class Mismatch implements ExceptionMapper<MismatchedInputException> {

        @Override
        public Response toResponse(MismatchedInputException exception) {
            return Problem.response(400, "Bad Request", UNREADABLE);
        }
    }
}
