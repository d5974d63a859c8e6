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
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.util.Arrays;
import java.util.List;
import org.apache.hc.core5.http.ConnectionClosedException;
import org.junit.jupiter.api.Test;

class ZoomInfoErrorsTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    /** Every line of the overview's table of common errors, with the class it must have. */
    private static final String OVERVIEW = """
            400|Exceeded the max limit to enrich new Contacts or Companies|QUOTA_EXHAUSTED
            400|Missing outputFields parameter|INVALID_REQUEST
            400|No roles found for login|NOT_LICENSED
            400|Page number (page) is not a number|INVALID_REQUEST
            400|Page number (page) requested is greater than the available results|INVALID_REQUEST
            400|Request body has malformed JSON|INVALID_REQUEST
            400|Results per page (rpp) is not a number|INVALID_REQUEST
            400|Results per page (rpp) is over max allowed value (100)|INVALID_REQUEST
            400|The parameter passed for sortBy is invalid|INVALID_REQUEST
            400|There are invalid fields in your request|INVALID_REQUEST
            400|There is insufficient information for this request|INVALID_REQUEST
            400|Total record pagination is over max allowed value (1000)|INVALID_REQUEST
            401|Authentication failed|UNAUTHENTICATED
            403|There are fields that are not allowed under your subscription|NOT_LICENSED
            403|You do not have access to the enrich endpoint|NOT_LICENSED
            403|You do not have access to the search endpoint|NOT_LICENSED
            403|You do not have access to this endpoint|NOT_LICENSED
            403|You have used up all of your allowed request limit|QUOTA_EXHAUSTED
            403|You have used up all of your allowed request limit for WebSights API|QUOTA_EXHAUSTED
            403|You have used up all of your allowed record limit|QUOTA_EXHAUSTED
            403|You have used up all of your allowed record limit for WebSights API|QUOTA_EXHAUSTED
            403|You do not have permission to access the ZoomInfo API|NOT_LICENSED
            429|You have exceeded your API query rate limit. Please decrease the frequency of your API requests|RATE_LIMITED
            500|An unexpected error has occurred. Please try again and if this continues to occur, please contact us|SERVER_ERROR
            500|Search failed. Please try again and if this continues to occur, please contact us|SERVER_ERROR
            """;

    @Test
    void everyMessageOfTheOverviewHasItsClassWhateverItsCase() {
        for (String line : OVERVIEW.strip().split("\n")) {
            String[] cells = line.strip().split("\\|");
            int status = Integer.parseInt(cells[0]);
            FailureClass expected = FailureClass.valueOf(cells[2]);
            assertThat(ZoomInfoErrors.classify(status, cells[1])).as(line).isEqualTo(expected);
            assertThat(ZoomInfoErrors.classify(status, cells[1].toUpperCase() + ".")).as(line).isEqualTo(expected);
        }
    }

    @Test
    void anUnknownTextFallsBackOnTheStatus() {
        List<Integer> statuses = Arrays.asList(302, 400, 401, 402, 403, 404, 408, 413, 422, 429, 500, 501, 502, 503, 504);
        assertThat(statuses).extracting(status -> ZoomInfoErrors.classify(status, "something new")).containsExactly(
                PROTOCOL, INVALID_REQUEST, UNAUTHENTICATED, QUOTA_EXHAUSTED, NOT_LICENSED, INVALID_REQUEST, TRANSIENT,
                INVALID_REQUEST, INVALID_REQUEST, RATE_LIMITED, SERVER_ERROR, SERVER_ERROR, TRANSIENT, TRANSIENT,
                UNKNOWN_OUTCOME);
    }

    @Test
    void everyFailureSaysWhatToDoByItsTextOrElseByItsClass() {
        for (FailureClass failureClass : FailureClass.values()) {
            assertThat(ZoomInfoErrors.action(failureClass, "something new")).as(failureClass.name()).isNotBlank();
        }
        assertThat(ZoomInfoErrors.action("something new")).isEmpty();
        assertThat(ZoomInfoErrors.action(FailureClass.INVALID_REQUEST, "Request body has malformed JSON"))
                .isEqualTo("Correct the JSON that the route sends");
        assertThat(new ZoomInfoException(FailureClass.QUOTA_EXHAUSTED, "You have used up all of your allowed record limit "
                + "for WebSights API", "").getAction()).contains("GET /api/usage");
    }

    @Test
    void everyKnownBodyShapeIsRead() {
        assertThat(ZoomInfoErrors.read(JSON, "{\"success\":false,\"statusCode\":400,\"error\":\"OutputFields invalid or "
                + "disallowed.\",\"invalidOutputFields\":[\"linkedinUrl\"]}")).satisfies(reading -> {
                    assertThat(reading.message()).isEqualTo("OutputFields invalid or disallowed.");
                    assertThat(reading.invalidOutputFields()).containsExactly("linkedinurl");
                });
        assertThat(ZoomInfoErrors.read(JSON, "{\"responseCode\":400,\"message\":\"There are invalid fields in your "
                + "request.\",\"invalidOutputFields\":[\"zi_c_id\"]}")).satisfies(reading -> {
                    assertThat(reading.message()).startsWith("There are invalid fields");
                    assertThat(reading.invalidOutputFields()).containsExactly("zi_c_id");
                });
        assertThat(ZoomInfoErrors.read(JSON, "{\"success\":false,\"data\":{\"result\":[{\"statusCode\":400,\"data\":"
                + "{\"errorMessage\":\"There is not sufficient info for your company match request\"}}]}}").message())
                .startsWith("There is not sufficient info");
        assertThat(ZoomInfoErrors.read(JSON, "Unauthorized").message()).isEqualTo("Unauthorized");
        assertThat(ZoomInfoErrors.read(JSON, "Error getting jwt info").message()).isEqualTo("Error getting jwt info");
        assertThat(ZoomInfoErrors.read(JSON, "").message()).isEmpty();
        assertThat(ZoomInfoErrors.read(JSON, "<html>\n" + "x".repeat(5000) + "</html>").message()).hasSizeLessThan(310);
    }

    @Test
    void aLostConnectionIsClassedByWhetherTheRequestHadLeft() {
        assertThat(ZoomInfoErrors.classify(new SocketTimeoutException(), false)).isEqualTo(TRANSIENT);
        assertThat(ZoomInfoErrors.classify(new SocketTimeoutException(), true)).isEqualTo(UNKNOWN_OUTCOME);
        assertThat(ZoomInfoErrors.classify(new IOException("reset"), true)).isEqualTo(UNKNOWN_OUTCOME);
        assertThat(ZoomInfoErrors.classify(new ConnectionClosedException("Premature end of body"), true))
                .isEqualTo(PROTOCOL);
    }
}
