package io.leadroutes.api;

import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.Response;
import java.util.LinkedHashMap;
import java.util.Map;

/** An error answer as RFC 9457 describes it. */
class Problem extends WebApplicationException {

    private static final long serialVersionUID = 1L;

    Problem(int status, String title, String detail) {
        super(title, response(status, title, detail));
    }

    static Problem notFound(String what, String id) {
        return new Problem(404, "There is no such " + what, "No " + what + " has the id " + id + ".");
    }

    static Problem invalid(String parameter, String detail) {
        return new Problem(400, "The parameter " + parameter + " is not valid", detail);
    }

    static Response response(int status, String title, String detail) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("type", "about:blank");
        body.put("title", title);
        body.put("status", status);
        body.put("detail", detail);
        return Response.status(status).type("application/problem+json").entity(body).build();
    }
}
