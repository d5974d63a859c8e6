package io.leadroutes.zoominfo;

import io.leadroutes.lead.Lead;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Asks for a lead and finds its answer again. ZoomInfo echoes each input with its keys and texts in lower case
 * (zoominfo-api.md §6.1); an answer belongs to the lead whose input it echoes, wherever in the list it stands.
 */
public final class ContactMatcher {

    /** Inputs of one enrich call. */
    public static final int MOST_INPUTS = 25;

    /**
     * The answer to one input.
     *
     * @param matchStatus ZoomInfo's word, for example {@code FULL_MATCH}; derived when the answer has none
     * @param record      the record, {@code company} nested in it as one map; empty without a match
     */
    public record Result(String matchStatus, Map<String, Object> record) {
    }

    private ContactMatcher() {
    }

    /**
     * What to ask for a lead: its e-mail alone when it has one, so that an e-mail without a match never falls back
     * silently on a search by name; else name and company, with the phone when known.
     *
     * @return empty when the lead has neither
     */
    public static Optional<Map<String, Object>> matchInput(Lead lead) {
        Map<String, Object> input = new LinkedHashMap<>();
        if (lead.field("email").isPresent()) {
            put(input, "emailAddress", lead.field("email"));
            return Optional.of(input);
        }
        if (lead.field("firstName").isEmpty() || lead.field("lastName").isEmpty() || lead.field("company").isEmpty()) {
            return Optional.empty();
        }
        put(input, "firstName", lead.field("firstName"));
        put(input, "lastName", lead.field("lastName"));
        put(input, "companyName", lead.field("company"));
        put(input, "phone", lead.field("phone"));
        return Optional.of(input);
    }

    private static void put(Map<String, Object> input, String key, Optional<String> value) {
        value.ifPresent(text -> input.put(key, text.strip().toLowerCase(Locale.ROOT)));
    }

    /** The inputs to send: each once, in the order of their first appearance. */
    public static List<Map<String, Object>> distinct(List<Map<String, Object>> inputs) {
        Map<Object, Map<String, Object>> once = new LinkedHashMap<>();
        inputs.forEach(input -> once.putIfAbsent(identity(input), input));
        return List.copyOf(once.values());
    }

    /**
     * One result for each input, in the order of the inputs; identical inputs share one.
     *
     * @param inputs    the inputs, with repetitions
     * @param envelope  the parsed answer
     * @param requestId ZoomInfo's id of the answer, for the failure
     * @throws ZoomInfoException of class {@code PROTOCOL} when the answer has another number of results than inputs
     *                           were sent, echoes one that was not sent, or leaves one out
     */
    public static List<Result> match(List<Map<String, Object>> inputs, Map<String, Object> envelope,
            Optional<String> requestId) throws ZoomInfoException {
        List<?> results = results(envelope)
                .orElseThrow(() -> unreadable("The answer has no list of results", requestId));
        Map<Object, Result> byInput = new HashMap<>();
        for (Map<String, Object> input : inputs) {
            byInput.put(identity(input), null);
        }
        if (results.size() != byInput.size()) {
            throw unreadable("The answer has " + results.size() + " results to " + byInput.size() + " inputs",
                    requestId);
        }
        for (Object item : results) {
            if (!(item instanceof Map<?, ?> result) || !(result.get("input") instanceof Map<?, ?> echo)) {
                throw unreadable("A result does not say which input it answers", requestId);
            }
            Object identity = identity(echo);
            if (!byInput.containsKey(identity)) {
                throw unreadable("A result answers an input that was not sent", requestId);
            }
            if (byInput.put(identity, result(result)) != null) {
                throw unreadable("Two results answer the same input", requestId);
            }
        }
        List<Result> inOrder = new ArrayList<>();
        for (Map<String, Object> input : inputs) {
            inOrder.add(byInput.get(identity(input)));
        }
        return inOrder;
    }

    /** The list of results of an enrich answer, if it has one. */
    static Optional<List<?>> results(Map<?, ?> envelope) {
        return envelope.get("data") instanceof Map<?, ?> data && data.get("result") instanceof List<?> list
                ? Optional.of(list) : Optional.empty();
    }

    private static ZoomInfoException unreadable(String message, Optional<String> requestId) {
        return new ZoomInfoException(FailureClass.PROTOCOL, 200, message, requestId, "", List.of());
    }

    private static Result result(Map<?, ?> result) {
        Map<String, Object> found = record(result.get("data"));
        Object status = result.get("matchStatus");
        String word = status == null || status.toString().isBlank()
                ? found.isEmpty() ? "NO_MATCH" : "FULL_MATCH"
                : status.toString().strip().toUpperCase(Locale.ROOT);
        return new Result(word, found);
    }

    /** {@code data} is a list of one record or the record itself; {@code company} is a map or a list of one. */
    private static Map<String, Object> record(Object data) {
        Object first = data instanceof List<?> list ? list.isEmpty() ? null : list.get(0) : data;
        Map<String, Object> found = new LinkedHashMap<>();
        if (first instanceof Map<?, ?> map) {
            map.forEach((key, value) -> found.put(key.toString(), value));
        }
        if (found.get("company") instanceof List<?> companies) {
            found.put("company", companies.isEmpty() ? Map.of() : companies.get(0));
        }
        return found;
    }

    /** An input and its echo have the same identity: keys and texts in lower case, numbers by value. */
    private static SortedMap<String, String> identity(Map<?, ?> input) {
        SortedMap<String, String> identity = new TreeMap<>();
        input.forEach((key, value) -> {
            if (value != null && !value.toString().isBlank()) {
                identity.put(key.toString().strip().toLowerCase(Locale.ROOT), scalar(value));
            }
        });
        return identity;
    }

    private static String scalar(Object value) {
        if (value instanceof Number number) {
            return new BigDecimal(number.toString()).stripTrailingZeros().toPlainString();
        }
        return value.toString().strip().toLowerCase(Locale.ROOT);
    }
}
