package io.leadroutes.zoominfo;

import static org.assertj.core.api.Assertions.assertThat;

import io.leadroutes.zoominfo.FakeZoomInfo.Answer;
import io.leadroutes.zoominfo.FakeZoomInfo.Call;
import io.leadroutes.zoominfo.pacing.PacingFixture;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.apache.camel.Exchange;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TierTest {

    private static final String ENRICH = "kamelet:zoominfo-enrich-contact-action?outputFields=id,email";
    private static final Map<String, Object> ADA = Map.of("emailAddress", "ada@example.com");

    private ZoomInfoRig rig;

    @BeforeEach
    void start() throws Exception {
        rig = new ZoomInfoRig(PacingFixture.memory(), "25");
    }

    @AfterEach
    void stop() throws Exception {
        rig.close();
    }

    @Test
    void anEnrichCallCarriesTokenFieldsAndOurRequestIdAndBringsTheEnvelopeAsAMap() {
        Exchange answer = rig.send(ENRICH, List.of(ADA), Map.of("X-Request-Id", "ours-1", "kept", "yes"));

        assertThat(answer.getException()).isNull();
        assertThat(answer.getMessage().getBody(Map.class)).containsEntry("success", true);
        Call call = rig.zoomInfo.calls("/enrich/contact").get(0);
        assertThat(call.method()).isEqualTo("POST");
        assertThat(call.headers().get("Authorization")).startsWith("Bearer token-");
        assertThat(call.headers()).containsEntry("X-Request-Id", "ours-1");
        assertThat(call.headers()).doesNotContainKey("kept").doesNotContainKey("X-LeadRoutes-Departure");
        assertThat(call.body()).isEqualTo(
                "{\"matchPersonInput\":[{\"emailAddress\":\"ada@example.com\"}],\"outputFields\":[\"id\",\"email\"]}");
        assertThat(answer.getMessage().getHeaders()).containsEntry("kept", "yes").containsEntry("X-Request-Id", "ours-1")
                .containsKey("ZoomInfoRequestId").doesNotContainKeys("Authorization", "CamelHttpPath");
        assertThat(answer.getVariable("zoominfoRequestId", String.class)).startsWith("zi-");
    }

    @Test
    void headersFromOutsideChangeNeitherAddressNorPathNorToken() {
        Exchange answer = rig.send(ENRICH, ADA, Map.of("CamelHttpUri", "http://localhost:1/evil",
                "CamelHttpPath", "/evil", "camelhttpquery", "a=b", "CamelRestHttpUri", "http://localhost:1/evil",
                "CamelHttpMethod", "DELETE", "Authorization", "Bearer stolen", "Cookie", "c=1", "Host", "evil"));

        assertThat(answer.getException()).isNull();
        assertThat(rig.zoomInfo.calls()).extracting(Call::uri)
                .containsExactly("/authenticate", "/lookup/outputfields/contact/enrich", "/enrich/contact");
        Call call = rig.zoomInfo.calls("/enrich/contact").get(0);
        assertThat(call.method()).isEqualTo("POST");
        assertThat(call.headers().get("Authorization")).startsWith("Bearer token-");
        assertThat(call.headers()).doesNotContainKey("Cookie");
        assertThat(call.headers().get("Host")).startsWith("localhost");
    }

    @Test
    void aTierRefusesAPathThatLeavesTheApi() {
        for (String path : List.of("", "/enrich/../admin", "//evil/x", "/enrich/contact?x=1", "http://evil")) {
            Exchange answer = rig.send("direct:zoominfo-standard", ADA, Map.of("CamelHttpMethod", "POST",
                    "CamelHttpPath", path));
            assertThat(answer.getException()).as(path).isInstanceOfSatisfying(ZoomInfoException.class,
                    e -> assertThat(e.getFailureClass()).isEqualTo(FailureClass.INVALID_REQUEST));
        }
        assertThat(rig.zoomInfo.calls()).isEmpty();
    }

    @Test
    void aRefusedTokenIsRenewedOnceAndTheCallReplayedInASlotOfItsOwn() {
        AtomicInteger refused = new AtomicInteger();
        rig.zoomInfo.behave(call -> call.path().equals("/enrich/contact") && refused.getAndIncrement() == 0
                ? new Answer(401, "Unauthorized", Map.of()) : FakeZoomInfo.usual(call));

        Exchange answer = rig.send(ENRICH, ADA);

        assertThat(answer.getException()).isNull();
        assertThat(rig.zoomInfo.calls("/authenticate")).hasSize(2);
        List<Call> calls = rig.zoomInfo.calls("/enrich/contact");
        assertThat(calls).hasSize(2);
        assertThat(calls.get(0).headers().get("Authorization")).isNotEqualTo(calls.get(1).headers().get("Authorization"));
        // One look-up and two enrich calls.
        assertThat(rig.meters.timer("leadroutes.zoominfo.slot.wait", "tier", "standard").count()).isEqualTo(3);
    }

    @Test
    void aTokenThatIsRefusedAgainEndsTheCall() {
        rig.zoomInfo.behave(call -> call.path().equals("/enrich/contact")
                ? Answer.json(401, "{\"error\":\"Authentication failed\"}") : FakeZoomInfo.usual(call));

        Exchange answer = rig.send(ENRICH, ADA);

        assertThat(answer.getException()).isInstanceOfSatisfying(ZoomInfoException.class, e -> {
            assertThat(e.getFailureClass()).isEqualTo(FailureClass.UNAUTHENTICATED);
            assertThat(e.getStatus()).isEqualTo(401);
            assertThat(e.getRequestId()).isPresent();
        });
        assertThat(rig.zoomInfo.calls("/enrich/contact")).hasSize(2);
    }

    @Test
    void a429PausesTheTierAndIsRepeatedWithoutTheCallerNoticing() {
        AtomicInteger rejected = new AtomicInteger();
        rig.zoomInfo.behave(call -> call.path().equals("/enrich/contact") && rejected.getAndIncrement() == 0
                ? new Answer(429, "{\"error\":\"You have exceeded your API query rate limit.\"}",
                        Map.of("Retry-After", "1")) : FakeZoomInfo.usual(call));

        Exchange answer = rig.send(ENRICH, ADA);

        assertThat(answer.getException()).isNull();
        List<Call> calls = rig.zoomInfo.calls("/enrich/contact");
        assertThat(calls).hasSize(2);
        assertThat(calls.get(1).nanos() - calls.get(0).nanos()).isGreaterThan(900_000_000L);
    }

    @Test
    void aHundredCallersCauseOneAuthentication() throws Exception {
        rig.zoomInfo.behave(FakeZoomInfo::usual);
        ExecutorService pool = Executors.newFixedThreadPool(100);
        try {
            List<Callable<String>> callers = IntStream.range(0, 100).<Callable<String>>mapToObj(i -> rig.tokens::current)
                    .toList();
            List<String> tokens = pool.invokeAll(callers).stream().map(future -> {
                try {
                    return future.get();
                } catch (Exception e) {
                    throw new IllegalStateException(e);
                }
            }).distinct().toList();
            assertThat(tokens).hasSize(1);
            assertThat(rig.zoomInfo.calls("/authenticate")).hasSize(1);
        } finally {
            pool.shutdownNow();
        }
    }

    @Test
    void answersThatCannotBeReadAreProtocolFailures() {
        List<Answer> unreadable = List.of(
                new Answer(200, "<html>busy</html>", Map.of()),
                new Answer(200, "", Map.of()),
                new Answer(200, "{\"success\":true,\"data\":{\"resu", Map.of()),
                new Answer(200, "{\"success\":true,\"data\":{\"result\":[]}}", Map.of()),
                new Answer(200, "{\"success\":true}", Map.of("cut", "yes")));
        for (Answer wrong : unreadable) {
            rig.zoomInfo.behave(call -> call.path().equals("/enrich/contact") ? wrong : FakeZoomInfo.usual(call));
            assertThat(rig.send(ENRICH, ADA).getException()).as(wrong.body()).isInstanceOfSatisfying(
                    ZoomInfoException.class, e -> assertThat(e.getFailureClass()).isEqualTo(FailureClass.PROTOCOL));
        }
    }

    @Test
    void aConnectionCutAfterSendingHasAnUnknownOutcomeAndARefusedOneIsTransient() {
        rig.zoomInfo.behave(call -> call.path().equals("/enrich/contact") ? new Answer(0, "", Map.of())
                : FakeZoomInfo.usual(call));
        assertThat(rig.send(ENRICH, ADA).getException()).isInstanceOfSatisfying(ZoomInfoException.class, e -> {
            assertThat(e.getFailureClass()).isEqualTo(FailureClass.UNKNOWN_OUTCOME);
            assertThat(e.getRequestId()).isEmpty();
            assertThat(e.getSentRequestId()).isNotBlank();
        });
        rig.zoomInfo.close();
        assertThat(rig.send(ENRICH, ADA).getException()).isInstanceOfSatisfying(ZoomInfoException.class,
                e -> assertThat(e.getFailureClass()).isEqualTo(FailureClass.TRANSIENT));
    }

    @Test
    void theCallerRepeatsByClassAndEachRepetitionTakesASlot() throws Exception {
        rig.loadYaml("""
                - route:
                    id: caller
                    routeConfigurationId: zoominfo-caller
                    from:
                      uri: direct:caller
                      steps:
                        - to:
                            uri: kamelet:zoominfo-enrich-contact-action
                            parameters:
                              outputFields: id
                """);
        Map<Integer, Integer> expectedCalls = Map.of(500, 3, 503, 6, 403, 1, 400, 1);
        for (Map.Entry<Integer, Integer> expected : expectedCalls.entrySet()) {
            int before = rig.zoomInfo.calls("/enrich/contact").size();
            rig.zoomInfo.behave(call -> call.path().equals("/enrich/contact")
                    ? Answer.json(expected.getKey(), "{\"error\":\"oops\"}") : FakeZoomInfo.usual(call));
            long slots = rig.meters.timer("leadroutes.zoominfo.slot.wait", "tier", "standard").count();

            Exchange answer = rig.send("direct:caller", ADA);

            assertThat(answer.getException()).isInstanceOf(ZoomInfoException.class);
            assertThat(rig.zoomInfo.calls("/enrich/contact").size() - before).as("calls after " + expected.getKey())
                    .isEqualTo(expected.getValue());
            assertThat(rig.meters.timer("leadroutes.zoominfo.slot.wait", "tier", "standard").count() - slots)
                    .isBetween((long) expected.getValue(), expected.getValue() + 1L);
        }
        List<Call> calls = rig.zoomInfo.calls("/enrich/contact");
        assertThat(calls).allSatisfy(call -> assertThat(call.body()).contains("ada@example.com"));
    }

    @Test
    void fieldsThatTheAccountMayNotHaveAreDroppedBeforeTheCall() {
        Exchange answer = rig.send("kamelet:zoominfo-enrich-contact-action?outputFields=id,techSkills,nonsense,email", ADA);

        assertThat(answer.getException()).isNull();
        assertThat(rig.zoomInfo.calls("/enrich/contact").get(0).body()).endsWith("\"outputFields\":[\"id\",\"email\"]}");
    }

    @Test
    void fieldsThatZoomInfoRefusesAreDroppedAndTheCallRepeatedOnlyOnce() {
        rig.zoomInfo.behave(call -> call.path().equals("/enrich/contact") && call.body().contains("linkedIn")
                ? Answer.json(400, "{\"success\":false,\"statusCode\":400,\"error\":\"OutputFields invalid or disallowed.\","
                        + "\"invalidOutputFields\":[\"linkedin\"]}") : FakeZoomInfo.usual(call));
        String uri = "kamelet:zoominfo-enrich-contact-action?outputFields=id,linkedIn";

        assertThat(rig.send(uri, ADA).getException()).isNull();
        assertThat(rig.send(uri, ADA).getException()).isNull();

        assertThat(rig.zoomInfo.calls("/enrich/contact")).hasSize(3);
    }

    @Test
    void moreThan25InputsAreRefusedWithoutACall() {
        List<Map<String, Object>> inputs = IntStream.range(0, 26)
                .<Map<String, Object>>mapToObj(i -> Map.of("emailAddress", "p" + i + "@example.com")).toList();

        assertThat(rig.send(ENRICH, inputs).getException()).isInstanceOfSatisfying(ZoomInfoException.class, e -> {
            assertThat(e.getFailureClass()).isEqualTo(FailureClass.INVALID_REQUEST);
            assertThat(e).hasMessageContaining("26 inputs").hasMessageContaining("25");
        });
        assertThat(rig.zoomInfo.calls()).isEmpty();
    }

    @Test
    void usageHeadersOfAnyCaseAreRemembered() {
        rig.zoomInfo.behave(call -> new Answer(200, FakeZoomInfo.usual(call).body(), Map.of("x-usage-unique-id-limit-remaining",
                "84994", "X-RateLimit-Limit", "1500", "X-Usage-Request-Limit-Limit", "-1")));

        rig.send(ENRICH, ADA);

        assertThat(rig.usage.latest("X-Usage-Unique-Id-Limit-Remaining")).get()
                .satisfies(value -> assertThat(value.value()).isEqualTo(84994));
        assertThat(rig.usage.latest("X-Usage-Request-Limit-Limit")).get()
                .satisfies(value -> assertThat(value.unlimited()).isTrue());
        assertThat(rig.usage.snapshot()).filteredOn(value -> value.tier().equals("standard")).hasSize(3);
    }

    @Test
    void searchCompanyEnrichLookupAndUsageWorkAsKamelets() {
        assertThat(rig.send("kamelet:zoominfo-search-contact-action", Map.of("managementLevel", "Director"))
                .getException()).isNull();
        assertThat(rig.send("kamelet:zoominfo-search-company-action?resultsPerPage=5&sortBy=name",
                "{\"companyName\":\"Example\"}").getException()).isNull();
        assertThat(rig.send("kamelet:zoominfo-enrich-company-action?outputFields=id", Map.of("companyName", "Example"))
                .getException()).isNull();
        assertThat(rig.send("kamelet:zoominfo-lookup-outputfields-action?object=company", null).getMessage()
                .getBody(List.class)).hasSize(4);
        assertThat(rig.send("kamelet:zoominfo-usage-action", null).getException()).isNull();

        assertThat(rig.zoomInfo.calls("/search/contact").get(0).body())
                .isEqualTo("{\"managementLevel\":\"Director\",\"page\":1,\"rpp\":25}");
        assertThat(rig.zoomInfo.calls("/search/company").get(0).body()).contains("\"rpp\":5").contains("\"sortBy\":\"name\"");
        assertThat(rig.zoomInfo.calls("/enrich/company").get(0).body()).contains("matchCompanyInput");
        assertThat(rig.zoomInfo.calls("/lookup/usage")).extracting(Call::method).containsExactly("GET");
    }
}
