package io.leadroutes.zoominfo;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.leadroutes.sandbox.ManualTime;
import io.leadroutes.sandbox.SandboxClient;
import io.leadroutes.sandbox.world.Company;
import io.leadroutes.sandbox.world.World;
import io.leadroutes.sandbox.zoominfo.StandIn;
import io.leadroutes.sandbox.zoominfo.ZoomInfoServer;
import io.leadroutes.sandbox.zoominfo.account.Tokens;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every common error of the overview: the stand-in answers it where ZoomInfo does, with ZoomInfo's text, and the
 * application knows what it means and what to do.
 */
class ErrorTableTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final World WORLD = StandIn.WORLD;
    private static final ManualTime TIME = new ManualTime();
    private static final String SEARCH = "/search/contact";
    private static final String BROAD = "{\"managementLevel\":\"Manager\"}";
    private static ZoomInfoServer server;
    private static SandboxClient client;

    /** What brings each error about. */
    private static final Map<String, Supplier<HttpResponse<String>>> CIRCUMSTANCES = new HashMap<>();

    private static void when(String text, Supplier<HttpResponse<String>> circumstance) {
        CIRCUMSTANCES.put(text, circumstance);
    }

    static {
        when("Exceeded the max limit to enrich new Contacts or Companies", () -> {
            set("{\"usage\":{\"uniqueIdLimit\":1}}");
            fine(enrich(0));
            return enrich(1);
        });
        when("Missing outputFields parameter", () -> client.post("/enrich/contact", "{\"matchPersonInput\":[{\"personId\":1}]}"));
        when("No roles found for login", () -> {
            set("{\"auth\":{\"accountHasRoles\":false}}");
            return login(Tokens.PASSWORD);
        });
        when("Page number (page) is not a number", () -> search("{\"jobTitle\":\"CTO\",\"page\":\"two\"}"));
        when("Page number (page) requested is greater than the available results",
                () -> search("{\"personId\":\"" + WORLD.people().get(0).id() + "\",\"page\":2}"));
        when("Request body has malformed JSON", () -> search("{\"jobTitle\":\"CTO\""));
        when("Results per page (rpp) is not a number", () -> search("{\"jobTitle\":\"CTO\",\"rpp\":\"many\"}"));
        when("Results per page (rpp) is over max allowed value (100)", () -> search("{\"jobTitle\":\"CTO\",\"rpp\":101}"));
        when("The parameter passed for sortBy is invalid", () -> search("{\"jobTitle\":\"CTO\",\"sortBy\":\"shoeSize\"}"));
        when("There are invalid fields in your request", () -> search("{\"shoeSize\":\"44\"}"));
        when("There is insufficient information for this request", () -> search("{\"page\":1}"));
        when("Total record pagination is over max allowed value (1000)",
                () -> search("{\"managementLevel\":\"Manager\",\"rpp\":1,\"page\":1001}"));
        when("Authentication failed", () -> login("wrong"));
        when("There are fields that are not allowed under your subscription",
                () -> search("{\"techSkills\":[\"java\"]}"));
        when("You do not have access to the enrich endpoint", () -> {
            set("{\"deniedEndpoints\":[\"/enrich/contact\"]}");
            return enrich(0);
        });
        when("You do not have access to the search endpoint", () -> {
            set("{\"deniedEndpoints\":[\"/search/contact\"]}");
            return search(BROAD);
        });
        when("You do not have access to this endpoint", () -> {
            set("{\"deniedEndpoints\":[\"/compliance\"]}");
            return client.post("/compliance", "{\"matchPersonInput\":[{\"personId\":1}]}");
        });
        when("You have used up all of your allowed request limit", () -> {
            set("{\"usage\":{\"requestLimit\":1}}");
            fine(search(BROAD));
            return search(BROAD);
        });
        when("You have used up all of your allowed request limit for WebSights API", () -> {
            set("{\"usage\":{\"webSightsApiRequestLimit\":1}}");
            fine(resolve());
            return resolve();
        });
        when("You have used up all of your allowed record limit", () -> {
            set("{\"usage\":{\"recordLimit\":1}}");
            fine(enrich(0));
            return enrich(0);
        });
        when("You have used up all of your allowed record limit for WebSights API", () -> {
            set("{\"usage\":{\"webSightsApiRecordLimit\":1}}");
            fine(resolve());
            return resolve();
        });
        when("You do not have permission to access the ZoomInfo API", () -> {
            set("{\"auth\":{\"apiAccess\":false}}");
            return search(BROAD);
        });
        when("You have exceeded your API query rate limit. Please decrease the frequency of your API requests", () -> {
            for (int i = 0; i < 25; i++) {
                fine(client.get("/lookup/usage"));
            }
            return client.get("/lookup/usage");
        });
        when("An unexpected error has occurred. Please try again and if this continues to occur, please contact us and "
                + "reference the error id provided above", () -> {
                    set("{\"errors\":{\"tooLargeBytes\":200}}");
                    fine(enrich(0));
                    return client.post("/enrich/contact", "{\"matchPersonInput\":[{\"fullName\":\"" + "x".repeat(200)
                            + "\",\"companyName\":\"Example\"}],\"outputFields\":[\"id\"]}");
                });
        when("Search failed. Please try again and if this continues to occur, please contact us and reference the error id "
                + "provided above", () -> {
                    set("{\"search\":{\"tooLarge\":1000}}");
                    fine(search("{\"personId\":\"" + WORLD.people().get(0).id() + "\"}"));
                    return search(BROAD);
                });
    }

    @BeforeAll
    static void start() {
        server = ZoomInfoServer.start("127.0.0.1", 0, WORLD, 42, TIME);
        client = new SandboxClient(server.port());
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static HttpResponse<String> login(String password) {
        TIME.forward(Duration.ofMinutes(2));
        client.token("");
        return client.post("/authenticate", "{\"username\":\"" + Tokens.USERNAME + "\",\"password\":\"" + password + "\"}");
    }

    private static void set(String settings) {
        assertThat(client.settings(settings).statusCode()).isEqualTo(200);
    }

    private static HttpResponse<String> search(String criteria) {
        return client.post(SEARCH, criteria);
    }

    private static HttpResponse<String> enrich(int person) {
        return client.post("/enrich/contact", "{\"matchPersonInput\":[{\"personId\":" + WORLD.people().get(person).id()
                + "}],\"outputFields\":[\"id\"]}");
    }

    private static HttpResponse<String> resolve() {
        Company known = WORLD.companies().stream().filter(company -> company.networkConfidence() >= 60).findFirst()
                .orElseThrow();
        return client.post("/enrich/ip", "{\"ipAddress\":\"" + known.publicIp(0) + "\"}");
    }

    private static void fine(HttpResponse<String> answer) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    }

    static Stream<Arguments> rows() throws IOException {
        try (InputStream rows = ErrorTableTest.class.getResourceAsStream("/zoominfo/common-errors.txt")) {
            return new String(rows.readAllBytes(), StandardCharsets.UTF_8).lines()
                    .flatMap(row -> Stream.of("E1", "E2").map(shape -> Arguments.of(Integer.parseInt(row.substring(0, 3)),
                            row.substring(4), shape))).toList().stream();
        }
    }

    @ParameterizedTest(name = "{0} {1} ({2})")
    @MethodSource("rows")
    void eachRowIsAnsweredInItsCircumstancesAndKnownToTheApplication(int status, String text, String shape)
            throws IOException {
        client.token("");
        client.post("/_sandbox/reset", "");
        client.token(SandboxClient.json(login(Tokens.PASSWORD)).path("jwt").asText());
        set("{\"errors\":{\"shape\":\"" + shape + "\"}}");
        assertThat(CIRCUMSTANCES).containsKey(text);

        HttpResponse<String> answer = CIRCUMSTANCES.get(text).get();

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        JsonNode body = JSON.readTree(answer.body());
        assertThat(body.path(shape.equals("E1") ? "error" : "message").asText()).isEqualTo(text);
        assertThat(body.path(shape.equals("E1") ? "statusCode" : "responseCode").asInt()).isEqualTo(status);
        assertThat(answer.headers().firstValue("X-Request-Id")).isPresent();

        String read = ZoomInfoErrors.read(JSON, answer.body()).message();
        assertThat(read).isEqualTo(text);
        List<ZoomInfoErrors.Row> known = ZoomInfoErrors.TABLE.stream().filter(row -> text.startsWith(row.text())).toList();
        assertThat(known).as("rows of the application for " + text).isNotEmpty()
                .allSatisfy(row -> assertThat(row.status()).isEqualTo(status));
        ZoomInfoException failure = new ZoomInfoException(ZoomInfoErrors.classify(status, read), status, read,
                Optional.empty(), "", List.of());
        assertThat(failure.getFailureClass()).isEqualTo(expected(status, text));
        assertThat(failure.getAction()).isEqualTo(known.get(0).action()).isNotBlank();
    }

    /** What the overview's column of actions says about whose fault it is. */
    private static FailureClass expected(int status, String text) {
        return switch (status) {
            case 401 -> FailureClass.UNAUTHENTICATED;
            case 429 -> FailureClass.RATE_LIMITED;
            case 500 -> FailureClass.SERVER_ERROR;
            case 403 -> text.contains("used up") ? FailureClass.QUOTA_EXHAUSTED : FailureClass.NOT_LICENSED;
            default -> text.startsWith("Exceeded") ? FailureClass.QUOTA_EXHAUSTED
                    : text.startsWith("No roles") ? FailureClass.NOT_LICENSED : FailureClass.INVALID_REQUEST;
        };
    }
}
