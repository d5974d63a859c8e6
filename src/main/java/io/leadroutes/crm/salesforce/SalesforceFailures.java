package io.leadroutes.crm.salesforce;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.leadroutes.crm.CrmException;
import io.leadroutes.crm.CrmException.Failure;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeoutException;
import org.apache.camel.component.salesforce.api.SalesforceException;

/** What a failure of Salesforce means: one place for calls that fail as a whole and for single records. */
final class SalesforceFailures {

    /** Codes of a record that pass by themselves (Salesforce REST API, status codes and error responses). */
    private static final Set<String> PASSING = Set.of("UNABLE_TO_LOCK_ROW", "REQUEST_LIMIT_EXCEEDED",
            "SERVER_UNAVAILABLE", "UNKNOWN_EXCEPTION", "QUERY_TIMEOUT", "REQUEST_RUNNING_TOO_LONG", "SERVICE_UNAVAILABLE",
            "ALL_OR_NONE_OPERATION_ROLLED_BACK");

    /** Codes that blame the value of a field; the rest of the record can be written without it. */
    private static final Set<String> FIELD = Set.of("INVALID_EMAIL_ADDRESS", "STRING_TOO_LONG", "INVALID_FIELD",
            "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST", "NUMBER_OUTSIDE_VALID_RANGE", "JSON_PARSER_ERROR",
            "FIELD_INTEGRITY_EXCEPTION", "FIELD_CUSTOM_VALIDATION_EXCEPTION", "INVALID_TYPE_ON_FIELD_IN_RECORD",
            "INVALID_FIELD_FOR_INSERT_UPDATE", "INVALID_CROSS_REFERENCE_KEY", "INACTIVE_OWNER_OR_USER",
            "OPERATION_WITH_INACTIVE_USER", "INVALID_FIELD_WHEN_USING_TEMPLATE", "MALFORMED_ID",
            "TEXT_DATA_OUTSIDE_SUPPORTED_CHARSET", "DATA_TOO_LARGE", "INSUFFICIENT_ACCESS_ON_CROSS_REFERENCE_ENTITY");

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private SalesforceFailures() {
    }

    /** True when the same record can be written later. */
    static boolean passing(String errorCode) {
        return PASSING.contains(errorCode) || errorCode.endsWith("LIMIT_EXCEEDED");
    }

    /** True when the code blames fields and not the record. */
    static boolean aboutFields(String errorCode) {
        return FIELD.contains(errorCode);
    }

    /** The meaning of a call that failed as a whole; anything that is not from Salesforce is returned as it is. */
    static RuntimeException of(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof CrmException known) {
                return known;
            }
            if (cause instanceof SalesforceException salesforce) {
                return of(salesforce, false);
            }
        }
        return failure instanceof RuntimeException unchecked ? unchecked : new IllegalStateException(failure);
    }

    static CrmException of(SalesforceException failure, boolean loggingIn) {
        int status = failure.getStatusCode();
        String code = code(failure);
        Failure kind;
        if (status == 0) {
            kind = caused(failure, TimeoutException.class) ? Failure.UNKNOWN_OUTCOME : Failure.TRANSIENT;
        } else if (status == 401 || loggingIn && status < 500) {
            kind = Failure.UNAUTHENTICATED;
        } else if (status == 429 || code.endsWith("LIMIT_EXCEEDED")) {
            kind = Failure.RATE_LIMITED;
        } else if (status == 503 || status == 408 || passing(code)) {
            kind = Failure.TRANSIENT;
        } else if (status >= 500) {
            kind = Failure.SERVER_ERROR;
        } else {
            kind = Failure.INVALID_REQUEST;
        }
        String message = "Salesforce " + (loggingIn ? "log-in " : "")
                + (status == 0 ? "does not answer" : "answered " + status) + (code.isEmpty() ? "" : " " + code);
        return new CrmException(kind, status == 0 ? Optional.empty() : Optional.of(status), code, message, failure);
    }

    /** The raw operation leaves Salesforce's own error as text in the message. */
    private static String code(SalesforceException failure) {
        if (failure.getErrors() != null && !failure.getErrors().isEmpty()) {
            return Optional.ofNullable(failure.getErrors().get(0).getErrorCode()).orElse("");
        }
        String message = Optional.ofNullable(failure.getMessage()).orElse("");
        int start = message.indexOf("[{");
        if (start < 0) {
            return "";
        }
        try {
            JsonNode errors = JSON.readTree(message.substring(start));
            return errors.path(0).path("errorCode").asText("");
        } catch (JsonProcessingException e) {
            return "";
        }
    }

    /** What Salesforce wrote, for finding the field it means; never for a log. */
    static Optional<String> text(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof SalesforceException salesforce) {
                return Optional.ofNullable(salesforce.getMessage());
            }
        }
        return Optional.empty();
    }

    private static boolean caused(Throwable failure, Class<? extends Throwable> type) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (type.isInstance(cause)) {
                return true;
            }
        }
        return false;
    }
}
