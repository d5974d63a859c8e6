package io.leadroutes.sandbox.zoominfo.account;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.leadroutes.sandbox.control.Reply;
import java.util.Collection;

/** An error answer; the texts are ZoomInfo's own (API overview, common errors). */
public final class ApiError extends RuntimeException {

    public static final String BAD_JSON = "Request body has malformed JSON";
    public static final String NO_OUTPUT_FIELDS = "Missing outputFields parameter";
    public static final String INVALID_FIELDS = "There are invalid fields in your request";
    public static final String INSUFFICIENT = "There is insufficient information for this request";
    public static final String PAGE_NOT_NUMBER = "Page number (page) is not a number";
    public static final String PAGE_TOO_GREAT = "Page number (page) requested is greater than the available results";
    public static final String RPP_NOT_NUMBER = "Results per page (rpp) is not a number";
    public static final String RPP_TOO_GREAT = "Results per page (rpp) is over max allowed value (100)";
    public static final String BAD_SORT = "The parameter passed for sortBy is invalid";
    public static final String CREDITS_USED_UP = "Exceeded the max limit to enrich new Contacts or Companies";
    public static final String NO_ROLES = "No roles found for login";
    public static final String AUTHENTICATION_FAILED = "Authentication failed";
    public static final String FIELDS_NOT_ALLOWED = "There are fields that are not allowed under your subscription";
    public static final String NO_PERMISSION = "You do not have permission to access the ZoomInfo API";
    public static final String REQUESTS_USED_UP = "You have used up all of your allowed request limit";
    public static final String WEBSIGHTS_REQUESTS_USED_UP = "You have used up all of your allowed request limit for WebSights API";
    public static final String RECORDS_USED_UP = "You have used up all of your allowed record limit";
    public static final String WEBSIGHTS_RECORDS_USED_UP = "You have used up all of your allowed record limit for WebSights API";
    public static final String TOO_FAST = "You have exceeded your API query rate limit. Please decrease the frequency of your API "
            + "requests";
    public static final String UNEXPECTED = "An unexpected error has occurred. Please try again and if this continues to occur, "
            + "please contact us and reference the error id provided above";

    private static final long serialVersionUID = 1L;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final transient ObjectNode body;
    private final int status;

    public ApiError(int status, String message) {
        super(message, null, false, false);
        this.status = status;
        this.body = JSON.createObjectNode().put("success", false).put("statusCode", status).put("error", message);
    }

    /** Names the fields at fault, under the given key, in lower case as ZoomInfo does. */
    public ApiError naming(String key, Collection<String> fields) {
        var names = body.putArray(key);
        fields.forEach(name -> names.add(name.toLowerCase(java.util.Locale.ROOT)));
        return this;
    }

    public Reply reply() {
        return Reply.json(status, body);
    }

    /** For a path that there is not. */
    public static ApiError notFound() {
        return new ApiError(404, "The requested resource was not found");
    }

    /** Where an endpoint is not part of the subscription. */
    public static ApiError noAccess(String path) {
        String what = path.startsWith("/enrich/") ? "the enrich endpoint"
                : path.startsWith("/search/") ? "the search endpoint" : "this endpoint";
        return new ApiError(403, "You do not have access to " + what);
    }

    /** The documented text for a status, for faults that give none. */
    public static String usualText(int status) {
        return switch (status) {
            case 400 -> INVALID_FIELDS;
            case 401 -> AUTHENTICATION_FAILED;
            case 403 -> NO_PERMISSION;
            case 429 -> TOO_FAST;
            default -> UNEXPECTED;
        };
    }
}
