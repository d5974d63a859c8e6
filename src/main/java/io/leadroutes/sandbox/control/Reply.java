package io.leadroutes.sandbox.control;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.vertx.core.buffer.Buffer;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * An answer, whole and not yet sent, so that faults and latency can be laid over it.
 *
 * @param status HTTP status
 * @param contentType empty for none
 * @param body empty for none
 * @param headers further headers; may be added to until the reply is returned
 */
public record Reply(int status, String contentType, Buffer body, Map<String, String> headers) {

    private static final ObjectMapper JSON = new ObjectMapper();

    /** A JSON answer from a tree. */
    public static Reply json(int status, JsonNode body) {
        try {
            return json(status, JSON.writeValueAsBytes(body));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A JSON answer that is serialised already. */
    public static Reply json(int status, byte[] body) {
        return new Reply(status, "application/json;charset=utf-8", Buffer.buffer(body), new LinkedHashMap<>());
    }

    /** A plain text answer. */
    public static Reply text(int status, String body) {
        return new Reply(status, "text/plain;charset=utf-8", Buffer.buffer(body), new LinkedHashMap<>());
    }

    /** An answer without a body. */
    public static Reply empty(int status) {
        return new Reply(status, "", Buffer.buffer(0), new LinkedHashMap<>());
    }

    /** The same reply with one header more. */
    public Reply with(String name, String value) {
        headers.put(name, value);
        return this;
    }
}
