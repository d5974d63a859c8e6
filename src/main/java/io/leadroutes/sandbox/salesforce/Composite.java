package io.leadroutes.sandbox.salesforce;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** {@code composite} and {@code composite/batch}: requests inside a request. */
final class Composite {

    private static final int MOST = 25;
    private static final Pattern REFERENCE = Pattern.compile("@\\{([A-Za-z0-9_]+)((?:\\.[A-Za-z0-9_]+|\\[\\d+])*)}");
    private static final Pattern VERSIONED = Pattern.compile("(?:/services/data/)?v\\d+\\.0(/.*)?");
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private final RecordStore store;
    private final Function<RestRequest, Answer> handler;

    Composite(RecordStore store, Function<RestRequest, Answer> handler) {
        this.store = store;
        this.handler = handler;
    }

    Answer composite(RestRequest request) {
        ArrayNode parts = request.list("compositeRequest");
        checkSize(parts);
        boolean allOrNone = request.object().path("allOrNone").asBoolean(false);
        ArrayNode answers = JSON.arrayNode();
        store.inTransaction(() -> {
            int mark = store.mark();
            Map<String, JsonNode> bodies = new HashMap<>();
            boolean failed = false;
            for (JsonNode part : parts) {
                String reference = part.path("referenceId").asText();
                Answer answer = allOrNone && failed ? halted() : run(request, part, bodies);
                failed |= answer.status() >= 400;
                if (answer.status() < 400) {
                    answer.body().ifPresent(body -> bodies.put(reference, body));
                }
                answers.add(write(answer, reference));
            }
            if (allOrNone && failed) {
                store.rollBackTo(mark);
                for (int i = 0; i < answers.size(); i++) {
                    if (answers.get(i).path("httpStatusCode").asInt() < 400) {
                        answers.set(i, write(halted(), answers.get(i).path("referenceId").asText()));
                    }
                }
            }
            return answers;
        });
        ObjectNode whole = JSON.objectNode();
        whole.set("compositeResponse", answers);
        return Answer.of(200, whole);
    }

    Answer batch(RestRequest request) {
        ArrayNode parts = request.list("batchRequests");
        checkSize(parts);
        boolean halt = request.object().path("haltOnError").asBoolean(false);
        boolean errors = false;
        ArrayNode results = JSON.arrayNode();
        for (JsonNode part : parts) {
            Answer answer = halt && errors
                    ? Answer.of(412, Answer.error("BATCH_PROCESSING_HALTED",
                            "Batch processing halted per request", List.of()))
                    : handler.apply(request(request, part.path("method").asText(), part.path("url").asText(),
                            Optional.ofNullable(part.get("richInput"))));
            errors |= answer.status() >= 400;
            ObjectNode result = results.addObject().put("statusCode", answer.status());
            result.set("result", answer.body().orElse(JSON.nullNode()));
        }
        ObjectNode whole = JSON.objectNode().put("hasErrors", errors);
        whole.set("results", results);
        return Answer.of(200, whole);
    }

    private static void checkSize(ArrayNode parts) {
        if (parts.size() > MOST) {
            throw new Refusal(400, "LIMIT_EXCEEDED", "The number of subrequests exceeds the limit of " + MOST);
        }
    }

    private static Answer halted() {
        return Answer.of(400, Answer.error("PROCESSING_HALTED", "The transaction was rolled back since another"
                + " operation in the same transaction failed.", List.of()));
    }

    private Answer run(RestRequest outer, JsonNode part, Map<String, JsonNode> bodies) {
        try {
            String url = replace(part.path("url").asText(), bodies);
            Optional<JsonNode> body = Optional.ofNullable(part.get("body")).map(given -> resolve(given, bodies));
            return handler.apply(request(outer, part.path("method").asText(), url, body));
        } catch (Refusal refusal) {
            return Answer.refused(refusal);
        }
    }

    private static ObjectNode write(Answer answer, String reference) {
        ObjectNode node = JSON.objectNode();
        node.set("body", answer.body().orElse(JSON.nullNode()));
        ObjectNode headers = node.putObject("httpHeaders");
        answer.headers().forEach(headers::put);
        return node.put("httpStatusCode", answer.status()).put("referenceId", reference);
    }

    private static RestRequest request(RestRequest outer, String method, String url, Optional<JsonNode> body) {
        int question = url.indexOf('?');
        String path = question < 0 ? url : url.substring(0, question);
        Matcher versioned = VERSIONED.matcher(path);
        if (!versioned.matches()) {
            throw Refusal.notFound();
        }
        Map<String, String> query = question < 0 ? Map.of() : Login.form(url.substring(question + 1));
        return new RestRequest(method.toUpperCase(Locale.ROOT), outer.base(),
                segments(Optional.ofNullable(versioned.group(1)).orElse("")), query, body, outer.options(),
                outer.caller());
    }

    /** The decoded parts of a path. */
    static List<String> segments(String path) {
        List<String> segments = new ArrayList<>();
        for (String segment : path.split("/")) {
            if (!segment.isEmpty()) {
                try {
                    segments.add(URLDecoder.decode(segment.replace("+", "%2B"), StandardCharsets.UTF_8));
                } catch (IllegalArgumentException e) {
                    throw Refusal.notFound();
                }
            }
        }
        return segments;
    }

    private static JsonNode resolve(JsonNode given, Map<String, JsonNode> bodies) {
        if (given.isTextual()) {
            return TextNode.valueOf(replace(given.textValue(), bodies));
        } else if (given.isObject()) {
            ObjectNode copy = JSON.objectNode();
            given.fields().forEachRemaining(entry -> copy.set(entry.getKey(), resolve(entry.getValue(), bodies)));
            return copy;
        } else if (given.isArray()) {
            ArrayNode copy = JSON.arrayNode();
            given.forEach(item -> copy.add(resolve(item, bodies)));
            return copy;
        }
        return given;
    }

    private static String replace(String text, Map<String, JsonNode> bodies) {
        Matcher matcher = REFERENCE.matcher(text);
        StringBuilder result = new StringBuilder();
        while (matcher.find()) {
            JsonNode at = bodies.getOrDefault(matcher.group(1), JSON.missingNode());
            for (String step : matcher.group(2).split("(?=[.\\[])")) {
                if (step.startsWith(".")) {
                    at = at.path(step.substring(1));
                } else if (step.startsWith("[")) {
                    at = at.path(Integer.parseInt(step.substring(1, step.length() - 1)));
                }
            }
            if (!at.isValueNode()) {
                throw new Refusal(400, "PROCESSING_HALTED",
                        "Invalid reference specified. No value for " + matcher.group() + " found");
            }
            matcher.appendReplacement(result, Matcher.quoteReplacement(at.asText()));
        }
        return matcher.appendTail(result).toString();
    }
}
