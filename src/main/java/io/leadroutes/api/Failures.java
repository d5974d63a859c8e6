package io.leadroutes.api;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import io.leadroutes.lead.StageFailure;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import java.util.Optional;
import org.jboss.logging.Logger;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;

/** Answers as problem+json also where no resource has spoken; what went wrong inside is told to the log alone. */
class Failures {

    private static final Logger LOG = Logger.getLogger(Failures.class);

    /** What the framework refuses before a resource is asked: method, media type, path, a body that does not fit. */
    @ServerExceptionMapper(WebApplicationException.class)
    Response refused(WebApplicationException failure) {
        Response given = failure.getResponse();
        if (failure instanceof Problem) {
            return given;
        }
        if (given.getStatus() >= 500) {
            return inside(failure);
        }
        if (failure.getCause() instanceof JacksonException) {
            return unreadable();
        }
        String detail = switch (given.getStatus()) {
            case 404 -> "There is nothing under this address.";
            case 405 -> "This address does not take this method.";
            case 406 -> "The answer is application/json.";
            case 415 -> "Send application/json; to /api/bulk-refreshes also text/csv.";
            default -> "The request cannot be taken as it is.";
        };
        return Response.fromResponse(Problem.response(given.getStatus(), given.getStatusInfo().getReasonPhrase(), detail))
                .header(HttpHeaders.ALLOW, given.getHeaderString(HttpHeaders.ALLOW)).build();
    }

    @ServerExceptionMapper({JacksonException.class, MismatchedInputException.class})
    Response unreadable() {
        return Problem.response(400, "The body cannot be read", "It must be JSON with the fields of this request.");
    }

    @ServerExceptionMapper(RuntimeException.class)
    Response inside(RuntimeException failure) {
        LOG.error("A request of the API failed", failure);
        Optional<StageFailure> called = StageFailure.in(failure);
        if (called.isPresent()) {
            return Problem.response(502, "A system that this request needs did not answer as it should",
                    called.get().failureClassName() + called.get().action().map(action -> ": " + action).orElse(""));
        }
        return Problem.response(500, "The request failed", "The log of the application says why.");
    }
}
