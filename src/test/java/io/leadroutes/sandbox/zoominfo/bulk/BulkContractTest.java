package io.leadroutes.sandbox.zoominfo.bulk;

import static io.leadroutes.sandbox.SandboxClient.json;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.leadroutes.sandbox.ManualTime;
import io.leadroutes.sandbox.SandboxClient;
import io.leadroutes.sandbox.world.Person;
import io.leadroutes.sandbox.world.World;
import io.leadroutes.sandbox.zoominfo.StandIn;
import io.leadroutes.sandbox.zoominfo.ZoomInfoServer;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The bulk operations as a client sees them (collected facts §9). */
class BulkContractTest {

    private static final World WORLD = StandIn.WORLD;
    private static final ManualTime TIME = new ManualTime();
    private static ZoomInfoServer server;
    private static SandboxClient client;

    @BeforeAll
    static void start() {
        server = ZoomInfoServer.start("127.0.0.1", 0, WORLD, 42, TIME);
        client = new SandboxClient(server.port());
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @BeforeEach
    void fresh() {
        client.token("");
        client.post("/_sandbox/reset", "");
        TIME.forward(Duration.ofSeconds(2));
        client.token(json(client.post("/authenticate",
                "{\"username\":\"sandbox@leadroutes.example\",\"password\":\"sandbox-password\"}")).path("jwt").asText());
    }

    @Test
    void aJobIsQueuedThenInProgressWithPagesOutOfOrderThenCompleted() {
        String job = submit("/bulk/enrich/contact", enrich(people(3_500)));
        assertThat(job).matches("[0-9a-f]{40}");
        assertThat(status(job).path("status").asText()).isEqualTo("QUEUED");
        assertThat(status(job).path("successfulPages")).isEmpty();
        TIME.forward(Duration.ofMillis(450));
        JsonNode half = status(job);
        assertThat(half.path("status").asText()).isEqualTo("IN_PROGRESS");
        assertThat(half.path("jobType").asText()).isEqualTo("enrich");
        assertThat(half.path("entityType").asText()).isEqualTo("CONTACT");
        assertThat(half.path("totalRecords").asInt()).isEqualTo(3_500);
        assertThat(half.path("totalPages").asInt()).isEqualTo(4);
        assertThat(half.path("successfulPagesCount").asInt()).isEqualTo(2);
        assertThat(half.path("successfulPages")).hasSize(2);
        TIME.forward(Duration.ofSeconds(1));
        assertThat(status(job).path("status").asText()).isEqualTo("COMPLETED");
        assertThat(status(job).path("successfulPages").toString()).isEqualTo("[1,2,3,4]");
    }

    @Test
    void somePagesAreDoneBeforeLowerOnes() {
        String job = submit("/bulk/enrich/contact", enrich(people(9_500)));
        boolean outOfOrder = false;
        for (int done = 1; done < 10; done++) {
            TIME.forward(Duration.ofMillis(200));
            JsonNode pages = status(job).path("successfulPages");
            outOfOrder |= pages.get(pages.size() - 1).asInt() != pages.size();
        }
        assertThat(outOfOrder).isTrue();
    }

    @Test
    void aPageHasTheResultsInTheOrderOfItsInputsEachWithItsInput() {
        List<Person> people = people(2_300);
        String job = submit("/bulk/enrich/contact", enrich(people));
        TIME.forward(Duration.ofSeconds(1));
        JsonNode page = results(job, 3);
        assertThat(page.path("entityType").asText()).isEqualTo("contact");
        assertThat(page.path("currentPage").asInt()).isEqualTo(3);
        assertThat(page.path("currentResults").asInt()).isEqualTo(300);
        for (int i = 0; i < 300; i++) {
            JsonNode item = page.path("result").get(i);
            Person person = people.get(2_000 + i);
            assertThat(item.path("input").path("personid").asLong()).isEqualTo(person.id());
            if (person.optedOut()) {
                assertThat(item.path("matchStatus").asText()).isEqualTo("OPT_OUT");
                assertThat(item.path("data")).isEmpty();
            } else {
                assertThat(item.path("data").path("id").asLong()).isEqualTo(person.id());
                assertThat(item.path("data").path("company").path("name").asText()).isEqualTo(person.company().name());
            }
        }
    }

    @Test
    void enrichAndRedeemChargeEachPersonOnceAndPreviewNobody() {
        String query = "{\"companyId\":\"" + WORLD.companies().get(0).id() + "\"}";
        String preview = submit("/bulk/search/contact", "{\"query\":" + query + "}");
        TIME.forward(Duration.ofSeconds(2));
        int found = status(preview).path("totalRecords").asInt();
        assertThat(found).isPositive();
        assertThat(results(preview, 1).path("result").get(0).path("data").has("firstName")).isTrue();
        assertThat(credits()).isZero();
        assertThat(client.stats().path("usage").path("records").asInt()).isZero();
        String redeem = submit("/bulk/search/contact",
                "{\"jobType\":\"redeem\",\"query\":" + query + ",\"outputFields\":[\"id\",\"email\"]}");
        TIME.forward(Duration.ofSeconds(2));
        JsonNode item = results(redeem, 1).path("result").get(0);
        assertThat(item.path("input").path("personId").asLong()).isEqualTo(item.path("data").path("id").asLong());
        assertThat(credits()).isEqualTo(found);
        assertThat(client.stats().path("usage").path("records").asInt()).isEqualTo(found);
        submit("/bulk/search/contact", "{\"jobType\":\"redeem\",\"query\":" + query + ",\"outputFields\":[\"id\"]}");
        TIME.forward(Duration.ofSeconds(2));
        assertThat(credits()).as("under management").isEqualTo(found);
        assertThat(client.stats().path("usage").path("records").asInt()).isEqualTo(2 * found);
        assertThat(client.stats().path("usage").path("requests").asInt()).as("unlimited on this tier").isZero();
    }

    @Test
    void whereCreditsRunOutWithinAJobTheRestIsLimitExceeded() {
        client.settings("{\"usage\":{\"uniqueIdLimit\":10}}");
        String job = submit("/bulk/enrich/contact", enrich(people(40)));
        TIME.forward(Duration.ofSeconds(1));
        List<String> statuses = new ArrayList<>();
        results(job, 1).path("result").forEach(item -> statuses.add(item.path("matchStatus").asText()));
        assertThat(statuses.stream().filter("FULL_MATCH"::equals)).hasSize(10);
        assertThat(statuses.stream().filter("LIMIT_EXCEEDED"::equals)).hasSizeGreaterThan(20);
        assertThat(status(job).path("status").asText()).isEqualTo("COMPLETED");
    }

    @Test
    void fiveJobsMayBeActiveAndOneNewOneComesInASecond() {
        client.settings("{\"bulk\":{\"pageMillis\":100000}}");
        String body = enrich(people(1_200));
        submit("/bulk/enrich/contact", body);
        HttpResponse<String> tooSoon = client.post("/bulk/enrich/contact", body);
        assertThat(tooSoon.statusCode()).isEqualTo(429);
        for (int job = 2; job <= 5; job++) {
            TIME.forward(Duration.ofSeconds(1));
            submit("/bulk/enrich/contact", body);
        }
        TIME.forward(Duration.ofSeconds(1));
        client.settings("{\"bulk\":{\"tooManyJobsStatus\":400}}");
        HttpResponse<String> sixth = client.post("/bulk/enrich/contact", body);
        assertThat(sixth.statusCode()).isEqualTo(400);
        assertThat(sixth.body()).contains("maximum number of active bulk jobs (5)");
        TIME.forward(Duration.ofSeconds(300));
        submit("/bulk/enrich/contact", body);
        assertThat(client.stats().path("bulk").path("mostActive").asInt()).isEqualTo(5);
    }

    @Test
    void onlyPagesThatAreDoneCanBeFetched() {
        String job = submit("/bulk/enrich/contact", enrich(people(1_500)));
        assertThat(page(job, "1").statusCode()).isEqualTo(400);
        TIME.forward(Duration.ofSeconds(1));
        assertThat(page(job, "1").statusCode()).isEqualTo(200);
        assertThat(page(job, "3").body()).contains("Page number (page) requested is greater than the available results");
        assertThat(page(job, "\"x\"").body()).contains("Page number (page) is not a number");
        assertThat(client.get("/_sandbox/calls?path=/bulk/job/results").body()).contains("\"ids\":[\"" + job + "/1\"]");
    }

    @Test
    void anUnknownJobAndOneWhoseLifeIsOverAreNotFound() {
        assertThat(client.post("/bulk/job/status", "{\"jobId\":\"" + "0".repeat(40) + "\"}").statusCode()).isEqualTo(404);
        assertThat(client.post("/bulk/job/status", "{}").statusCode()).isEqualTo(400);
        String job = submit("/bulk/enrich/contact", enrich(people(10)));
        client.settings("{\"tokenLifetimeSeconds\":200000}");
        TIME.forward(Duration.ofMinutes(50));
        client.token("");
        client.token(json(client.post("/authenticate",
                "{\"username\":\"sandbox@leadroutes.example\",\"password\":\"sandbox-password\"}")).path("jwt").asText());
        TIME.forward(Duration.ofHours(23));
        assertThat(status(job).path("status").asText()).isEqualTo("COMPLETED");
        TIME.forward(Duration.ofMinutes(10));
        assertThat(client.post("/bulk/job/status", "{\"jobId\":\"" + job + "\"}").statusCode()).isEqualTo(404);
        assertThat(page(job, "1").statusCode()).isEqualTo(404);
    }

    @Test
    void aJobThatFailsKeepsThePagesThatWereDone() {
        String job = submit("/bulk/enrich/contact", enrich(people(3_500)));
        TIME.forward(Duration.ofMillis(450));
        client.settings("{\"bulk\":{\"failJobs\":true}}");
        TIME.forward(Duration.ofSeconds(5));
        JsonNode status = status(job);
        assertThat(status.path("status").asText()).isEqualTo("FAILED");
        assertThat(status.path("successfulPages")).hasSize(2);
        assertThat(page(job, status.path("successfulPages").get(0).asText()).statusCode()).isEqualTo(200);
    }

    @Test
    void theStatusCanBeWrittenInTheOtherCaseAndCarriesNoUsageHeaders() {
        client.settings("{\"bulk\":{\"statusCase\":\"mixed\"}}");
        String job = submit("/bulk/enrich/contact", enrich(people(1_500)));
        TIME.forward(Duration.ofMillis(250));
        HttpResponse<String> answer = client.post("/bulk/job/status", "{\"jobId\":\"" + job + "\"}");
        assertThat(json(answer).path("status").asText()).isEqualTo("In_Progress");
        assertThat(answer.headers().firstValue("X-RateLimit-Limit")).contains("2000");
        assertThat(answer.headers().map().keySet()).noneMatch(name -> name.toLowerCase().startsWith("x-usage-"));
        HttpResponse<String> submission = client.post("/bulk/search/company", "{\"query\":{\"country\":\"Germany\"}}");
        assertThat(submission.headers().firstValue("X-Usage-Request-Limit-Limit")).contains("-1");
    }

    @Test
    void requestsThatCannotBeServedAreRefused() {
        List.of("{\"query\":{\"lastName\":\"Smith\",\"sortBy\":\"lastName\"}}",
                "{\"query\":{\"lastName\":\"Smith\"},\"outputFields\":[\"id\"]}",
                "{\"query\":{}}", "{\"jobType\":\"export\",\"query\":{\"lastName\":\"Smith\"}}",
                "{\"jobType\":\"redeem\",\"query\":{\"lastName\":\"Smith\"}}")
                .forEach(body -> assertThat(client.post("/bulk/search/contact", body).statusCode()).as(body).isEqualTo(400));
        assertThat(client.post("/bulk/enrich/contact", enrich(people(10_001))).statusCode()).isEqualTo(400);
        assertThat(client.post("/bulk/enrich/contact",
                "{\"matchPersonInput\":[{\"personId\":1}],\"outputFields\":[\"companyDescriptionList\"]}").body())
                .contains("companydescriptionlist");
        client.settings("{\"bulk\":{\"mostRecords\":100}}");
        assertThat(client.post("/bulk/search/company", "{\"query\":{\"country\":\"Germany\"}}").statusCode()).isEqualTo(400);
    }

    @Test
    void companiesAreEnrichedInBulkToo() {
        ObjectNode body = SandboxClient.JSON.createObjectNode();
        ArrayNode inputs = body.putArray("matchCompanyInput");
        WORLD.companies().subList(0, 30).forEach(company -> inputs.addObject().put("companyId", company.id()));
        body.putArray("outputFields").add("id").add("name").add("revenue");
        client.settings("{\"bulk\":{\"pageSize\":500}}");
        String job = submit("/bulk/enrich/company", body.toString());
        TIME.forward(Duration.ofSeconds(1));
        JsonNode page = results(job, 1);
        assertThat(page.path("entityType").asText()).isEqualTo("company");
        assertThat(page.path("result").get(29).path("data").path("name").asText())
                .isEqualTo(WORLD.companies().get(29).name());
        assertThat(client.stats().path("credits").path("uniqueCompanies").asInt()).isEqualTo(30);
    }

    private static List<Person> people(int count) {
        return WORLD.people().subList(0, count);
    }

    private static String enrich(List<Person> people) {
        ObjectNode body = SandboxClient.JSON.createObjectNode();
        ArrayNode inputs = body.putArray("matchPersonInput");
        people.forEach(person -> inputs.addObject().put("personId", Long.toString(person.id())));
        body.putArray("outputFields").add("id").add("email").add("companyName");
        return body.toString();
    }

    private static String submit(String path, String body) {
        HttpResponse<String> answer = client.post(path, body);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return json(answer).path("jobId").asText();
    }

    private static JsonNode status(String job) {
        return json(client.post("/bulk/job/status", "{\"jobId\":\"" + job + "\"}"));
    }

    private static HttpResponse<String> page(String job, String page) {
        return client.post("/bulk/job/results", "{\"jobId\":\"" + job + "\",\"page\":" + page + "}");
    }

    private static JsonNode results(String job, int page) {
        HttpResponse<String> answer = page(job, Integer.toString(page));
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return json(answer);
    }

    private static int credits() {
        return client.stats().path("credits").path("charged").asInt();
    }
}
