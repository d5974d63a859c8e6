package io.leadroutes.sandbox.salesforce;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One request below {@code /services/data/vNN.N}, alone or as a part of a composite request.
 *
 * @param base     {@code /services/data/vNN.N}
 * @param segments path below the base, each part decoded
 * @param query    decoded query parameters
 * @param body     empty for none
 */
record RestRequest(String method, String base, List<String> segments, Map<String, String> query,
        Optional<JsonNode> body, Map<String, String> options, Caller caller) {

    int size() {
        return segments.size();
    }

    String segment(int index) {
        return index < segments.size() ? segments.get(index) : "";
    }

    boolean is(String wanted) {
        return method.equals(wanted);
    }

    ObjectNode object() {
        return body.filter(JsonNode::isObject).map(ObjectNode.class::cast)
                .orElseThrow(() -> Refusal.json(body.isEmpty() ? "No content to map to Object due to end of input"
                        : "Cannot deserialize instance of object from "
                                + (body.get().isArray() ? "START_ARRAY" : "VALUE") + " value"));
    }

    ArrayNode list(String key) {
        if (object().get(key) instanceof ArrayNode list) {
            return list;
        }
        throw Refusal.json("Cannot deserialize instance of list: '" + key + "' is missing or no list");
    }
}
