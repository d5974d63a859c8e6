package io.leadroutes.sandbox.salesforce;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.Optional;

/** The answer to one REST request or to one part of a composite request. */
record Answer(int status, Optional<JsonNode> body, Map<String, String> headers) {

    static Answer of(int status, JsonNode body) {
        return new Answer(status, Optional.of(body), Map.of());
    }

    static Answer empty(int status) {
        return new Answer(status, Optional.empty(), Map.of());
    }

    /** Errors are a list, in the order message, errorCode, fields. */
    static Answer refused(Refusal refusal) {
        return of(refusal.status, error(refusal.code, refusal.getMessage(), refusal.fields));
    }

    static ArrayNode error(String code, String message, Iterable<String> fields) {
        ArrayNode errors = JsonNodeFactory.instance.arrayNode();
        ObjectNode error = errors.addObject().put("message", message).put("errorCode", code);
        if (fields.iterator().hasNext()) {
            fields.forEach(error.withArray("fields")::add);
        }
        return errors;
    }
}
