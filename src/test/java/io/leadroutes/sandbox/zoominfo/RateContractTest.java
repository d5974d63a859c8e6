package io.leadroutes.sandbox.zoominfo;

import static io.leadroutes.sandbox.SandboxClient.json;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.leadroutes.sandbox.ManualTime;
import io.leadroutes.sandbox.SandboxClient;
import io.leadroutes.sandbox.zoominfo.account.ApiError;
import io.leadroutes.sandbox.zoominfo.account.Tokens;
import java.net.http.HttpResponse;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Rate limits, a second user of the account and a closed tier, over HTTP and with a time of its own. */
class RateContractTest {

    private static final ManualTime TIME = new ManualTime();
    private static ZoomInfoServer server;
    private static SandboxClient client;

    @BeforeAll
    static void start() {
        server = ZoomInfoServer.start("127.0.0.1", 0, StandIn.WORLD, 42, TIME);
        client = new SandboxClient(server.port());
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @BeforeEach
    void fresh() {
        // To a full second.
        TIME.forward(Duration.ofDays(1).plusNanos(1_000_000_000L - TIME.now().getNano()));
        client.post("/_sandbox/reset", "");
        client.token(json(login()).path("jwt").asText());
    }

    @ParameterizedTest
    @CsvSource({"sliding-log,25", "fixed,25", "sliding-counter,25", "token-bucket,25", "smooth,2"})
    void everyModelLetsItsBurstThroughAndThenAnswers429(String model, int burst) {
        client.settings("{\"windowModel\":\"" + model + "\"}");
        for (int i = 0; i < burst; i++) {
            assertThat(enrich().statusCode()).as("call %d", i + 1).isEqualTo(200);
        }
        refused(enrich());
        TIME.forward(Duration.ofMillis(2_000));
        assertThat(enrich().statusCode()).isEqualTo(200);
    }

    @Test
    void onlyTheMinuteIsLimitedWhereTheSecondIsSwitchedOff() {
        client.settings("{\"limits\":{\"standard\":{\"perSecond\":0,\"perMinute\":40}}}");
        for (int i = 0; i < 40; i++) {
            assertThat(enrich().statusCode()).isEqualTo(200);
        }
        refused(enrich());
        TIME.forward(Duration.ofSeconds(60));
        assertThat(enrich().statusCode()).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"standard", "scaling"})
    void aLongerWindowHoldsBesideTheOthersAndRejectedCallsDoNotCount(String tier) {
        client.settings("{\"limits\":{\"" + tier + "\":{\"windows\":[{\"limit\":30,\"seconds\":600}]}}}");
        for (int second = 0; second < 4; second++) {
            for (int i = 0; i < 10; i++) {
                HttpResponse<String> answer = tier.equals("standard") ? enrich() : client.get("/webhooks");
                assertThat(answer.statusCode()).as("second %d", second).isEqualTo(second < 3 ? 200 : 429);
            }
            TIME.forward(Duration.ofSeconds(1));
        }
        TIME.forward(Duration.ofSeconds(596));
        assertThat((tier.equals("standard") ? enrich() : client.get("/webhooks")).statusCode()).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"5", "[5]", "[{\"limit\":5}]", "[{\"limit\":0,\"seconds\":60}]",
            "[{\"limit\":5,\"seconds\":60,\"model\":\"fixed\"}]"})
    void aWindowThatMakesNoSenseIsRefusedWithTheReason(String windows) {
        HttpResponse<String> answer = client.settings("{\"limits\":{\"standard\":{\"windows\":" + windows + "}}}");
        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.body()).contains("setting 'limits.standard.windows'", "seconds");
    }

    @Test
    void somebodyElseUsesUpAShareOfTheAccountEvenly() {
        client.settings("{\"limits\":{\"standard\":{\"foreignPerSecond\":10}}}");
        TIME.forward(Duration.ofSeconds(3));
        HttpResponse<String> answer = enrich();
        // One call at the setting, thirty since, and this one.
        assertThat(answer.headers().firstValue("X-RateLimit-Remaining")).contains("1468");
        int through = 1;
        while (enrich().statusCode() == 200) {
            through++;
        }
        assertThat(through).isEqualTo(15);
        JsonNode rate = client.stats().at("/rate/standard");
        assertThat(rate.at("/foreign/admitted").asInt()).isEqualTo(31);
        assertThat(rate.path("admitted").asInt()).isEqualTo(15);
        assertThat(rate.path("rejected").asInt()).isEqualTo(1);
        assertThat(client.stats().at("/usage/requests").asInt()).isEqualTo(15);
    }

    @Test
    void aClosedTierAnswersEveryCall429UntilTheResetThatItTells() {
        JsonNode closed = json(client.post("/_sandbox/close", "{\"tier\":\"standard\",\"seconds\":60}"));
        long reset = TIME.now().plusSeconds(60).getEpochSecond();
        assertThat(closed.path("resetEpochSeconds").asLong()).isEqualTo(reset);
        HttpResponse<String> answer = enrich();
        refused(answer);
        assertThat(answer.headers().firstValue("X-RateLimit-Remaining")).contains("0");
        assertThat(answer.headers().firstValue("X-RateLimit-Reset")).contains(Long.toString(reset));
        assertThat(client.get("/webhooks").statusCode()).as("the other tier").isEqualTo(200);
        TIME.forward(Duration.ofSeconds(59));
        refused(enrich());
        TIME.forward(Duration.ofSeconds(1));
        assertThat(enrich().statusCode()).isEqualTo(200);
        assertThat(client.stats().at("/rate/standard/rejectedBySecond").properties()).hasSize(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"tier\":\"all\",\"seconds\":5}", "{\"seconds\":-1}", "{\"minutes\":1}", "", "[]"})
    void aTierThatIsNotKnownIsNotClosed(String body) {
        HttpResponse<String> answer = client.post("/_sandbox/close", body);
        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.body()).contains("\"error\"").doesNotContain("defect");
    }

    @Test
    void statisticsTellHowCloseTheCallsCameAndHowMuchOfTheRateWasUsed() {
        client.settings("{\"limits\":{\"standard\":{\"perSecond\":5}}}");
        long first = TIME.now().getEpochSecond();
        for (int i = 0; i < 11; i++) {
            assertThat(enrich().statusCode()).isEqualTo(200);
            TIME.forward(Duration.ofMillis(i == 4 ? 205 : 201));
        }
        JsonNode rate = client.stats().at("/rate/standard");
        assertThat(rate.at("/closestAdmitted/calls").asInt()).isEqualTo(6);
        assertThat(rate.at("/closestAdmitted/withinMillis").asDouble()).isEqualTo(1_005);
        assertThat(rate.path("admittedWithinSeconds").asDouble()).isEqualTo(2.014);
        assertThat(rate.path("admittedPerSecond").asDouble()).isEqualTo(10 / 2.014);
        assertThat(rate.at("/admittedBySecond/" + first).asInt()).isEqualTo(5);
        TIME.forward(Duration.ofSeconds(3));
        for (int i = 0; i < 6; i++) {
            enrich();
        }
        rate = client.stats().at("/rate/standard");
        assertThat(rate.at("/closestArrivals/withinMillis").asDouble()).as("the rejected one counts here").isZero();
        assertThat(rate.at("/closestAdmitted/withinMillis").asDouble()).isEqualTo(1_005);
        assertThat(rate.at("/rejectedBySecond/" + TIME.now().getEpochSecond()).asInt()).isEqualTo(1);
    }

    @Test
    void callsOfAuthenticateAreCountedOfTheirOwnAndTooCloseOnesAreSeen() {
        TIME.forward(Duration.ofMillis(1_500));
        assertThat(login().statusCode()).isEqualTo(200);
        TIME.forward(Duration.ofMillis(300));
        assertThat(login().statusCode()).isEqualTo(429);
        JsonNode rate = client.stats().at("/rate/auth");
        assertThat(rate.path("admitted").asInt()).isEqualTo(2);
        assertThat(rate.path("rejected").asInt()).isEqualTo(1);
        assertThat(rate.at("/closestAdmitted/withinMillis").asDouble()).isEqualTo(1_500);
        assertThat(rate.at("/closestArrivals/withinMillis").asDouble()).isEqualTo(300);
    }

    @Test
    void whatSomebodyElseUsedOfTheContractShowsInTheUsageAndNotInWhatWasChargedHere() {
        client.settings("{\"usage\":{\"uniqueIdLimit\":40}}");
        assertThat(client.post("/_sandbox/foreign-use", "{\"uniqueIds\":37,\"requests\":5,\"records\":9}").statusCode())
                .isEqualTo(200);
        HttpResponse<String> answer = enrich();
        assertThat(answer.headers().firstValue("X-Usage-Unique-Id-Limit-Remaining")).contains("2");
        JsonNode stats = client.stats();
        assertThat(stats.at("/usage/uniqueIds").asInt()).isEqualTo(38);
        assertThat(stats.at("/usage/requests").asInt()).isEqualTo(6);
        assertThat(stats.at("/usage/records").asInt()).isEqualTo(10);
        assertThat(stats.at("/credits/charged").asInt()).isEqualTo(1);
        JsonNode usage = json(client.get("/lookup/usage")).path("usage");
        assertThat(usage.path(2).path("currentUsage").asInt()).isEqualTo(38);
    }

    private static HttpResponse<String> login() {
        client.token("");
        return client.post("/authenticate",
                "{\"username\":\"" + Tokens.USERNAME + "\",\"password\":\"" + Tokens.PASSWORD + "\"}");
    }

    private static HttpResponse<String> enrich() {
        long known = StandIn.person(person -> !person.optedOut()).id();
        return client.post("/enrich/contact",
                "{\"matchPersonInput\":[{\"personId\":" + known + "}],\"outputFields\":[\"id\"]}");
    }

    private static void refused(HttpResponse<String> answer) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(429);
        assertThat(json(answer).path("error").asText()).isEqualTo(ApiError.TOO_FAST);
    }
}
