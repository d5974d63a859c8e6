package io.leadroutes.zoominfo;

import static io.leadroutes.zoominfo.FailureClass.INVALID_REQUEST;
import static io.leadroutes.zoominfo.FailureClass.NOT_LICENSED;
import static io.leadroutes.zoominfo.FailureClass.PROTOCOL;
import static io.leadroutes.zoominfo.FailureClass.QUOTA_EXHAUSTED;
import static io.leadroutes.zoominfo.FailureClass.RATE_LIMITED;
import static io.leadroutes.zoominfo.FailureClass.SERVER_ERROR;
import static io.leadroutes.zoominfo.FailureClass.TRANSIENT;
import static io.leadroutes.zoominfo.FailureClass.UNAUTHENTICATED;
import static io.leadroutes.zoominfo.FailureClass.UNKNOWN_OUTCOME;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.apache.hc.core5.http.ConnectionClosedException;
import org.apache.hc.core5.http.MalformedChunkCodingException;
import org.apache.hc.core5.http.TruncatedChunkException;

/**
 * The one table from ZoomInfo's error messages to failure classes (ZoomInfo API overview, common errors).
 * ZoomInfo has no stable error codes, so the text decides; a text that is not in the table falls back on the status.
 */
public final class ZoomInfoErrors {

    /** Longest message that is passed on; the rest of an HTML page helps nobody. */
    private static final int MESSAGE_LIMIT = 300;

    /** What an error body says. */
    public record Reading(String message, List<String> invalidOutputFields) {
    }

    private record Row(String text, FailureClass failureClass) {
    }

    /** Texts in lower case, in the order of the overview; the first that the message contains decides. */
    private static final List<Row> TABLE = List.of(
            new Row("exceeded the max limit to enrich new contacts or companies", QUOTA_EXHAUSTED),
            new Row("missing outputfields parameter", INVALID_REQUEST),
            new Row("no roles found for login", NOT_LICENSED),
            new Row("page number (page) is not a number", INVALID_REQUEST),
            new Row("page number (page) requested is greater than the available results", INVALID_REQUEST),
            new Row("request body has malformed json", INVALID_REQUEST),
            new Row("results per page (rpp) is not a number", INVALID_REQUEST),
            new Row("results per page (rpp) is over max allowed value", INVALID_REQUEST),
            new Row("the parameter passed for sortby is invalid", INVALID_REQUEST),
            new Row("there are invalid fields in your request", INVALID_REQUEST),
            new Row("there is insufficient information for this request", INVALID_REQUEST),
            new Row("not sufficient info for your company match request", INVALID_REQUEST),
            new Row("outputfields invalid or disallowed", INVALID_REQUEST),
            new Row("total record pagination is over max allowed value", INVALID_REQUEST),
            new Row("authentication failed", UNAUTHENTICATED),
            new Row("error getting jwt info", UNAUTHENTICATED),
            new Row("there are fields that are not allowed under your subscription", NOT_LICENSED),
            new Row("you do not have access to the enrich endpoint", NOT_LICENSED),
            new Row("you do not have access to the search endpoint", NOT_LICENSED),
            new Row("you do not have access to this endpoint", NOT_LICENSED),
            new Row("you have used up all of your allowed request limit", QUOTA_EXHAUSTED),
            new Row("you have used up all of your allowed record limit", QUOTA_EXHAUSTED),
            new Row("you do not have permission to access the zoominfo api", NOT_LICENSED),
            new Row("you have exceeded your api query rate limit", RATE_LIMITED),
            new Row("an unexpected error has occurred", SERVER_ERROR),
            new Row("search failed", SERVER_ERROR));

    private ZoomInfoErrors() {
    }

    /** The class of an answer with this status and message. A 401 and a 429 are what their status says. */
    public static FailureClass classify(int status, String message) {
        if (status == 401) {
            return UNAUTHENTICATED;
        }
        if (status == 429) {
            return RATE_LIMITED;
        }
        String text = message.toLowerCase(Locale.ROOT).strip();
        return TABLE.stream().filter(row -> text.contains(row.text)).map(Row::failureClass).findFirst()
                .orElseGet(() -> byStatus(status));
    }

    private static FailureClass byStatus(int status) {
        return switch (status) {
            case 402 -> QUOTA_EXHAUSTED;
            case 403, 451 -> NOT_LICENSED;
            case 408, 425, 502, 503 -> TRANSIENT;
            case 504 -> UNKNOWN_OUTCOME;
            default -> status >= 400 && status < 500 ? INVALID_REQUEST
                    : status >= 500 && status < 600 ? SERVER_ERROR : PROTOCOL;
        };
    }

    /**
     * The class of a call that brought no answer.
     *
     * @param sent whether the request had been handed to a connection
     */
    public static FailureClass classify(IOException failure, boolean sent) {
        boolean cutOff = failure instanceof TruncatedChunkException || failure instanceof MalformedChunkCodingException
                || failure instanceof ConnectionClosedException
                        && text(failure.getMessage()).startsWith("Premature end");
        if (cutOff) {
            return PROTOCOL;
        }
        return sent ? UNKNOWN_OUTCOME : TRANSIENT;
    }

    /** Reads any of the error bodies that ZoomInfo is known to send: JSON of several shapes, or plain text. */
    public static Reading read(ObjectMapper json, String body) {
        try {
            JsonNode node = json.readTree(body);
            if (node != null && node.isObject()) {
                return new Reading(shortened(message(node)), invalidFields(node));
            }
        } catch (JsonProcessingException e) {
            // Plain text, as the authentication endpoint sends it.
        }
        return new Reading(shortened(text(body).strip()), List.of());
    }

    private static String message(JsonNode node) {
        for (String key : List.of("error", "message", "errorMessage", "error_description")) {
            JsonNode value = node.path(key);
            if (value.isTextual() && !value.asText().isBlank()) {
                return value.asText().strip();
            }
            if (value.isObject() && value.path("message").isTextual()) {
                return value.path("message").asText().strip();
            }
        }
        for (JsonNode item : node.path("data").path("result")) {
            String message = item.path("data").path("errorMessage").asText("");
            if (!message.isBlank()) {
                return message.strip();
            }
        }
        for (JsonNode item : node.path("data")) {
            String message = item.path("data").path("errorMessage").asText("");
            if (!message.isBlank()) {
                return message.strip();
            }
        }
        return "";
    }

    private static List<String> invalidFields(JsonNode node) {
        List<String> names = new ArrayList<>();
        node.path("invalidOutputFields").forEach(name -> names.add(name.asText().toLowerCase(Locale.ROOT)));
        return names;
    }

    private static String text(String value) {
        return value == null ? "" : value;
    }

    private static String shortened(String message) {
        String line = message.replaceAll("\\s+", " ");
        return line.length() <= MESSAGE_LIMIT ? line : line.substring(0, MESSAGE_LIMIT) + "…";
    }
}
