package io.leadroutes.crm.salesforce;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.leadroutes.crm.CrmException;
import io.leadroutes.crm.CrmException.Failure;
import io.leadroutes.lead.Backoff;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/** Reads what Salesforce answers to a query and to a write of many records, of which each has its own result. */
final class RecordResults {

    /** Pause before a request that was mended, for example by leaving out a field. */
    static final Duration AT_ONCE = Duration.ofMillis(50);

    /** How long a write is tried before it becomes a dead letter. */
    static final Duration GIVE_UP_AFTER = Duration.ofHours(72);

    private static final Backoff BACKOFF = new Backoff(Duration.ofSeconds(1), Duration.ofMinutes(5));

    private final ObjectMapper json;

    RecordResults(ObjectMapper json) {
        this.json = json;
    }

    /** What is to be done about a record. */
    sealed interface Verdict {
    }

    /** It is as it was sent; the id is empty if Salesforce did not tell. */
    record Written(String recordId) implements Verdict {
    }

    /** The same can be written later. */
    record Passing(String cause) implements Verdict {
    }

    /**
     * It is to be sent again without these fields.
     *
     * @param fields with the code of their refusal
     */
    record Without(Map<String, String> fields) implements Verdict {
    }

    /** It will never be taken. */
    record Refused(String code, String message) implements Verdict {
    }

    /**
     * The results of a write, one for each record sent.
     *
     * @throws CrmException when there are more or fewer
     */
    List<JsonNode> each(String answer, int sent) {
        JsonNode results = read(answer);
        if (!results.isArray() || results.size() != sent) {
            throw unreadable("the write did not answer for each record");
        }
        List<JsonNode> all = new ArrayList<>();
        results.forEach(all::add);
        return all;
    }

    /**
     * What one result means.
     *
     * @param sent      the fields that were sent
     * @param droppable those of them without which the record may be written
     */
    Verdict verdict(JsonNode result, String object, Set<String> sent, Predicate<String> droppable,
            UnknownFields unknown) {
        if (result.path("success").asBoolean(false)) {
            return new Written(result.path("id").asText(""));
        }
        JsonNode errors = result.path("errors");
        Map<String, String> blamed = new LinkedHashMap<>();
        boolean fieldsOnly = errors.size() > 0;
        for (JsonNode error : errors) {
            String code = error.path("statusCode").asText("");
            if (SalesforceFailures.passing(code)) {
                return new Passing("Salesforce: " + code);
            }
            fieldsOnly &= SalesforceFailures.aboutFields(code);
            error.path("fields").forEach(field -> blamed.put(field.asText(), code));
            UnknownFields.named(error.path("message").asText("")).ifPresent(column -> {
                unknown.report(object, column);
                blamed.put(column, code);
            });
        }
        blamed.keySet().retainAll(sent);
        if (fieldsOnly && !blamed.isEmpty() && blamed.keySet().stream().allMatch(droppable)) {
            return new Without(blamed);
        }
        String code = errors.path(0).path("statusCode").asText("UNKNOWN_ERROR");
        return new Refused(code, "Salesforce refuses the record: " + code
                + (blamed.isEmpty() ? "" : " for " + String.join(", ", blamed.keySet())));
    }

    /**
     * The records of a query's answer.
     *
     * @param complete false when there are more behind {@code nextRecordsUrl}
     */
    record Found(List<Map<String, Object>> records, boolean complete) {
    }

    Found found(String answer) {
        JsonNode whole = read(answer);
        JsonNode records = whole.path("records");
        if (!records.isArray()) {
            throw unreadable("the query did not answer with records");
        }
        List<Map<String, Object>> all = new ArrayList<>();
        records.forEach(record -> all.add(map(record)));
        return new Found(all, whole.path("done").asBoolean(true));
    }

    JsonNode read(String answer) {
        try {
            return json.readTree(answer == null ? "" : answer);
        } catch (JsonProcessingException e) {
            throw unreadable("the answer is not JSON");
        }
    }

    @SuppressWarnings("unchecked")
    Map<String, Object> map(JsonNode node) {
        return json.convertValue(node, Map.class);
    }

    static CrmException unreadable(String what) {
        return new CrmException(Failure.PROTOCOL, Optional.empty(), "", "Salesforce: " + what, null);
    }

    static boolean sameId(String one, String other) {
        return one.length() >= 15 && other.length() >= 15 && one.substring(0, 15).equals(other.substring(0, 15));
    }

    /** Doubled with each try up to five minutes. */
    static Duration backoff(int attempts) {
        return BACKOFF.pause(attempts - 1);
    }
}
