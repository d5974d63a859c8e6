package io.leadroutes.sandbox.salesforce;

import java.util.List;

/** A request that Salesforce would refuse, in Salesforce's own words. */
final class Refusal extends RuntimeException {

    final int status;
    final String code;
    final transient List<String> fields;

    Refusal(int status, String code, String message, List<String> fields) {
        super(message, null, false, false);
        this.status = status;
        this.code = code;
        this.fields = List.copyOf(fields);
    }

    Refusal(int status, String code, String message, String... fields) {
        this(status, code, message, List.of(fields));
    }

    static Refusal notFound() {
        return new Refusal(404, "NOT_FOUND", "The requested resource does not exist");
    }

    static Refusal json(String message) {
        return new Refusal(400, "JSON_PARSER_ERROR", message);
    }

    static Refusal query(String message) {
        return new Refusal(400, "MALFORMED_QUERY", message);
    }
}
