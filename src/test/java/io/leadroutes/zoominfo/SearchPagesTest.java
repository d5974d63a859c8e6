package io.leadroutes.zoominfo;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.leadroutes.sandbox.ManualTime;
import io.leadroutes.sandbox.SandboxClient;
import io.leadroutes.sandbox.world.Company;
import io.leadroutes.sandbox.world.Person;
import io.leadroutes.sandbox.world.World;
import io.leadroutes.sandbox.zoominfo.StandIn;
import io.leadroutes.sandbox.zoominfo.ZoomInfoServer;
import io.leadroutes.sandbox.zoominfo.account.Tokens;
import io.leadroutes.zoominfo.FakeZoomInfo.Answer;
import io.leadroutes.zoominfo.FakeZoomInfo.Call;
import io.leadroutes.zoominfo.pacing.PacingFixture;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The walk over all pages of a search; the rig's pagination cap is four pages. */
class SearchPagesTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Map<String, Object> CRITERIA = Map.of("jobTitle", "CTO");
    private static final String ALL = "kamelet:zoominfo-search-contact-action?allPages=true&resultsPerPage=10";

    private final List<Object> processed = new CopyOnWriteArrayList<>();
    private ZoomInfoRig rig;

    @BeforeEach
    void start() throws Exception {
        rig = new ZoomInfoRig(PacingFixture.memory(), "0");
        rig.camel.getRegistry().bind("processed", (Processor) exchange -> processed.add(exchange.getMessage()
                .getBody(Map.class).get("id")));
        rig.loadYaml("""
                - route:
                    id: prospects
                    routeConfigurationId: zoominfo-caller
                    from:
                      uri: direct:prospects
                      steps:
                        - to:
                            uri: kamelet:zoominfo-search-contact-action
                            parameters:
                              allPages: true
                              resultsPerPage: 10
                        - split:
                            streaming: "true"
                            expression:
                              simple:
                                expression: "${body}"
                            steps:
                              - process:
                                  ref: processed
                """);
    }

    @AfterEach
    void stop() throws Exception {
        rig.close();
    }

    /** Pages of ten out of so many people, one further on each page than the last when {@code shifted}. */
    private static Function<Call, Answer> people(int all, int shift) {
        return call -> {
            if (!call.path().startsWith("/search/")) {
                return FakeZoomInfo.usual(call);
            }
            int page = request(call).get("page").asInt();
            int from = (page - 1) * (10 - shift);
            String items = IntStream.range(from, Math.min(all, from + 10)).mapToObj(i -> "{\"id\":" + i + "}")
                    .collect(Collectors.joining(","));
            return Answer.json(200, "{\"maxResults\":" + all + ",\"totalResults\":10,\"currentPage\":" + page + ",\"data\":["
                    + items + "]}");
        };
    }

    private static JsonNode request(Call call) {
        try {
            return JSON.readTree(call.body());
        } catch (IOException e) {
            throw new IllegalArgumentException(e);
        }
    }

    private static List<Object> ids(int from, int to) {
        return IntStream.range(from, to).<Object>mapToObj(i -> i).toList();
    }

    private Iterator<?> walk(String uri) {
        Exchange exchange = rig.send(uri, CRITERIA);
        assertThat(exchange.getException()).isNull();
        return exchange.getMessage().getBody(Iterator.class);
    }

    private static List<Object> rest(Iterator<?> walk) {
        List<Object> ids = new ArrayList<>();
        walk.forEachRemaining(item -> ids.add(((Map<?, ?>) item).get("id")));
        return ids;
    }

    @Test
    void aPageIsFetchedWhenItsFirstItemIsWanted() {
        rig.zoomInfo.behave(people(25, 0));

        Iterator<?> walk = walk(ALL);
        assertThat(rig.zoomInfo.calls("/search/contact")).isEmpty();
        for (int i = 0; i < 10; i++) {
            walk.next();
        }
        assertThat(rig.zoomInfo.calls("/search/contact")).hasSize(1);
        assertThat(rest(walk)).isEqualTo(ids(10, 25));

        assertThat(rig.zoomInfo.calls("/search/contact")).extracting(call -> request(call).get("page").asInt())
                .containsExactly(1, 2, 3);
        assertThat(rig.zoomInfo.calls("/search/contact")).allSatisfy(call -> {
            assertThat(request(call).get("rpp").asInt()).isEqualTo(10);
            assertThat(request(call).get("jobTitle").asText()).isEqualTo("CTO");
        });
    }

    @Test
    void anItemThatComesAgainOnALaterPageIsDropped() {
        rig.zoomInfo.behave(people(28, 1));

        assertThat(rest(walk(ALL))).isEqualTo(ids(0, 28));
    }

    @Test
    void aSplitStreamsOverAllPagesWithTheCallsRequestId() {
        rig.zoomInfo.behave(people(25, 0));

        assertThat(rig.send("direct:prospects", CRITERIA).getException()).isNull();

        assertThat(processed).isEqualTo(ids(0, 25));
    }

    @Test
    void theWalkEndsAtThePaginationCapWithOneWarningThatCountsWhatIsCutOff() {
        rig.zoomInfo.behave(people(57, 0));
        try (Warnings warnings = new Warnings(SearchPages.class)) {
            assertThat(rest(walk(ALL))).isEqualTo(ids(0, 40));

            assertThat(warnings.texts()).hasSize(1);
            assertThat(warnings.texts().get(0)).startsWith("17 of 57 matches of /search/contact are cut off");
        }
        assertThat(rig.zoomInfo.calls("/search/contact")).hasSize(4);
    }

    @Test
    void theWalkEndsAtMaxRecordsAndFetchesNoPageThatIsNotNeeded() {
        rig.zoomInfo.behave(people(57, 0));

        assertThat(rest(walk(ALL + "&maxRecords=20"))).isEqualTo(ids(0, 20));

        assertThat(rig.zoomInfo.calls("/search/contact")).hasSize(2);
    }

    @Test
    void aSearchWithoutMatchesIsAnEmptyStream() {
        rig.zoomInfo.behave(people(0, 0));

        assertThat(walk(ALL).hasNext()).isFalse();
    }

    @Test
    void matchesThatVanishDuringTheWalkEndIt() {
        rig.zoomInfo.behave(call -> call.path().startsWith("/search/") && request(call).get("page").asInt() == 3
                ? Answer.json(400, "{\"success\":false,\"statusCode\":400,\"error\":\"Page number (page) requested is greater"
                        + " than the available results\"}") : people(25, 0).apply(call));

        assertThat(rest(walk(ALL))).isEqualTo(ids(0, 20));
    }

    @Test
    void aWalkOverTheStandInsPagesBringsEverybodyOnceAlsoWhenPagesShift() {
        World world = StandIn.WORLD;
        Map<Company, List<Person>> staff = world.people().stream().filter(person -> !person.optedOut())
                .collect(Collectors.groupingBy(Person::company));
        Map.Entry<Company, List<Person>> wanted = staff.entrySet().stream()
                .filter(entry -> entry.getValue().size() > 20 && entry.getValue().size() < 35)
                .min(Comparator.comparingLong(entry -> entry.getKey().id())).orElseThrow();
        try (ZoomInfoServer server = ZoomInfoServer.start("127.0.0.1", 0, world, 42, new ManualTime())) {
            SandboxClient client = new SandboxClient(server.port());
            client.settings("{\"limits\":{\"enforced\":false},\"search\":{\"duplicatesBetweenPages\":true}}");
            client.token(SandboxClient.json(client.post("/authenticate", "{\"username\":\"" + Tokens.USERNAME
                    + "\",\"password\":\"" + Tokens.PASSWORD + "\"}")).path("jwt").asText());
            rig.zoomInfo.behave(call -> {
                if (!call.path().startsWith("/search/")) {
                    return FakeZoomInfo.usual(call);
                }
                HttpResponse<String> answer = client.post(call.path(), call.body());
                return Answer.json(answer.statusCode(), answer.body());
            });

            Exchange exchange = rig.send(ALL, Map.of("companyId", Long.toString(wanted.getKey().id())));
            List<Object> found = rest(exchange.getMessage().getBody(Iterator.class));

            assertThat(found).extracting(Object::toString).containsExactlyInAnyOrderElementsOf(wanted.getValue().stream()
                    .map(person -> Long.toString(person.id())).toList());
            assertThat(rig.zoomInfo.calls("/search/contact")).hasSizeGreaterThan(2);
        }
    }

    @Test
    void aPageThatFailsOnceIsRepeatedAndOneThatGoesOnFailingFailsTheSplit() {
        rig.zoomInfo.behave(call -> call.path().startsWith("/search/") && rig.zoomInfo.calls("/search/contact").size() == 2
                ? Answer.json(500, "{\"error\":\"Search failed\"}") : people(25, 0).apply(call));
        assertThat(rig.send("direct:prospects", CRITERIA).getException()).isNull();
        assertThat(processed).isEqualTo(ids(0, 25));
        assertThat(rig.zoomInfo.calls("/search/contact")).hasSize(4);

        processed.clear();
        rig.zoomInfo.behave(call -> call.path().startsWith("/search/") && request(call).get("page").asInt() == 2
                ? Answer.json(500, "{\"error\":\"Search failed\"}") : people(25, 0).apply(call));
        assertThat(rig.send("direct:prospects", CRITERIA).getException()).isInstanceOfSatisfying(ZoomInfoException.class,
                e -> {
                    assertThat(e).hasMessage("Search failed");
                    assertThat(e.getFailureClass()).isEqualTo(FailureClass.SERVER_ERROR);
                    assertThat(e.getRequestId()).isPresent();
                });
        assertThat(processed).isEqualTo(ids(0, 10));
        assertThat(rig.zoomInfo.calls("/search/contact")).hasSize(4 + 4);
    }
}
