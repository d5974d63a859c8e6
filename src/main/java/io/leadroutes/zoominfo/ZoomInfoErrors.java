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
import java.util.Optional;
import org.apache.hc.core5.http.ConnectionClosedException;
import org.apache.hc.core5.http.ContentTooLongException;
import org.apache.hc.core5.http.MalformedChunkCodingException;
import org.apache.hc.core5.http.TruncatedChunkException;

/**
 * The one table from ZoomInfo's error messages to failure classes (ZoomInfo API overview, common errors)
 * and to what can be done about them. ZoomInfo has no stable error codes, so the text decides; a text that is not in
 * the table falls back on the status.
 */
public final class ZoomInfoErrors {

    /** Longest message that is passed on; the rest of an HTML page helps nobody. */
    private static final int MESSAGE_LIMIT = 300;

    /** What an error body says. */
    public record Reading(String message, List<String> invalidOutputFields) {
    }

    /**
     * One message that ZoomInfo is known to send.
     *
     * @param status       with which it comes
     * @param text         by which it is known; more may follow it
     * @param failureClass what it means to a route
     * @param action       what to do about it
     */
    record Row(int status, String text, FailureClass failureClass, String action) {

        private boolean isIn(String message) {
            return message.toLowerCase(Locale.ROOT).contains(text.toLowerCase(Locale.ROOT));
        }
    }

    private static final String CREDITS = "The credits of the contract term are used up; GET /api/usage shows the limits. "
            + "Wait for the new term, or buy more";
    private static final String LIMIT = "A limit of the contract term is used up; GET /api/usage shows which. Wait for the new "
            + "term, or have it raised";
    private static final String CREDENTIALS = "Check user name and password, or client id and private key, in the configuration";
    private static final String ENDPOINT = "The subscription does not cover this endpoint: ask the ZoomInfo representative, or "
            + "take the call out of the route";
    private static final String SLOWER = "Others use the account too, or zoominfo.tier.* allows more than the contract: lower it";
    private static final String SUPPORT = "Ask for less in one call and try again; if it goes on, give the X-Request-Id to "
            + "ZoomInfo's support";

    /** The rows of the overview in their order, a longer text before one that it contains; the first that fits decides. */
    static final List<Row> TABLE = List.of(
            new Row(400, "Exceeded the max limit to enrich new Contacts or Companies", QUOTA_EXHAUSTED, CREDITS),
            new Row(400, "Missing outputFields parameter", INVALID_REQUEST, "Name at least one field in outputFields"),
            new Row(400, "No roles found for login", NOT_LICENSED,
                    "Ask the ZoomInfo representative to give this user a role"),
            new Row(400, "Page number (page) is not a number", INVALID_REQUEST, "Give page as a whole number, from 1"),
            new Row(400, "Page number (page) requested is greater than the available results", INVALID_REQUEST,
                    "Ask for a page that there is: matches divided by results per page; allPages walks them"),
            new Row(400, "Request body has malformed JSON", INVALID_REQUEST, "Correct the JSON that the route sends"),
            new Row(400, "Results per page (rpp) is not a number", INVALID_REQUEST,
                    "Give resultsPerPage as a whole number, 1 to 100"),
            new Row(400, "Results per page (rpp) is over max allowed value", INVALID_REQUEST,
                    "Ask for at most 100 results per page, and for more pages"),
            new Row(400, "The parameter passed for sortBy is invalid", INVALID_REQUEST,
                    "Sort by a field that this search can sort by"),
            new Row(400, "There are invalid fields in your request", INVALID_REQUEST,
                    "Compare names and types of the fields with zoominfo-lookup-inputfields-action"),
            new Row(400, "There is insufficient information for this request", INVALID_REQUEST,
                    "Give the fields that this operation needs, for example an e-mail, or a name with a company"),
            new Row(400, "Total record pagination is over max allowed value", INVALID_REQUEST,
                    "Narrow the criteria so that fewer pages are needed, or take a bulk search"),
            new Row(401, "Authentication failed", UNAUTHENTICATED, CREDENTIALS),
            new Row(403, "There are fields that are not allowed under your subscription", NOT_LICENSED,
                    "Leave out the fields that the subscription does not cover, or ask the ZoomInfo representative for them"),
            new Row(403, "You do not have access to the enrich endpoint", NOT_LICENSED, ENDPOINT),
            new Row(403, "You do not have access to the search endpoint", NOT_LICENSED, ENDPOINT),
            new Row(403, "You do not have access to this endpoint", NOT_LICENSED, ENDPOINT),
            new Row(403, "You have used up all of your allowed request limit for WebSights API", QUOTA_EXHAUSTED,
                    LIMIT),
            new Row(403, "You have used up all of your allowed request limit", QUOTA_EXHAUSTED, LIMIT),
            new Row(403, "You have used up all of your allowed record limit for WebSights API", QUOTA_EXHAUSTED, LIMIT),
            new Row(403, "You have used up all of your allowed record limit", QUOTA_EXHAUSTED, LIMIT),
            new Row(403, "You do not have permission to access the ZoomInfo API", NOT_LICENSED,
                    "Check that the credentials are those of a user who may use the API"),
            new Row(429, "You have exceeded your API query rate limit", RATE_LIMITED, SLOWER),
            new Row(500, "An unexpected error has occurred", SERVER_ERROR, SUPPORT),
            new Row(500, "Search failed", SERVER_ERROR, SUPPORT),
            // Seen, and not in the overview.
            new Row(400, "There is not sufficient info for your company match request", INVALID_REQUEST,
                    "Give a name with a web site, phone or address, or an id"),
            new Row(400, "OutputFields invalid or disallowed", INVALID_REQUEST,
                    "Leave out the fields named; zoominfo-lookup-outputfields-action tells which the account may have"),
            new Row(401, "Error getting jwt info", UNAUTHENTICATED, CREDENTIALS));

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
        return row(message).map(Row::failureClass).orElseGet(() -> byStatus(status));
    }

    private static Optional<Row> row(String message) {
        return TABLE.stream().filter(row -> row.isIn(message)).findFirst();
    }

    /** What to do about a message of the table; empty for any other text. */
    public static Optional<String> action(String message) {
        return row(message).map(Row::action);
    }

    /** What to do about a failure: as its message says, else by its class. */
    public static String action(FailureClass failureClass, String message) {
        return action(message).orElse(switch (failureClass) {
            case TRANSIENT, UNKNOWN_OUTCOME -> "Wait: ZoomInfo or the way there is down. It is tried again by itself";
            case RATE_LIMITED -> SLOWER;
            case FENCED -> "Nothing: another replica does it";
            case UNAUTHENTICATED -> CREDENTIALS;
            case QUOTA_EXHAUSTED -> LIMIT;
            case NOT_LICENSED -> ENDPOINT;
            case INVALID_REQUEST -> "Correct the request as the message says, then replay it";
            case SERVER_ERROR, PROTOCOL -> SUPPORT;
        });
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
        boolean cutOff = failure instanceof TruncatedChunkException || failure instanceof ContentTooLongException
                || failure instanceof MalformedChunkCodingException
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
