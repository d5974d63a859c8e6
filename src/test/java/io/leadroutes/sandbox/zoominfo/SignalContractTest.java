package io.leadroutes.sandbox.zoominfo;

import static io.leadroutes.sandbox.SandboxClient.json;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.leadroutes.sandbox.SandboxClient;
import io.leadroutes.sandbox.control.SandboxTime;
import io.leadroutes.sandbox.world.Company;
import io.leadroutes.sandbox.world.IntentSignal;
import io.leadroutes.sandbox.world.IntentTopic;
import io.leadroutes.sandbox.world.NewsItem;
import io.leadroutes.sandbox.world.Scoop;
import io.leadroutes.sandbox.world.Signals;
import io.leadroutes.sandbox.world.World;
import io.leadroutes.sandbox.zoominfo.account.ApiError;
import io.leadroutes.sandbox.zoominfo.account.Tokens;
import java.net.http.HttpResponse;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Scoops, news and intent as the collected facts tell them (§5.5 to §5.7, §6.5). */
class SignalContractTest {

    private static final World WORLD = StandIn.WORLD;
    private static final Signals SIGNALS = new Signals(WORLD);
    private static final String TOPIC = "Cloud Migration";
    private static ZoomInfoServer server;
    private static SandboxClient client;

    @BeforeAll
    static void start() {
        server = ZoomInfoServer.start("127.0.0.1", 0, WORLD, 42, SandboxTime.system());
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
        client.settings("{\"limits\":{\"enforced\":false}}");
        client.token(json(client.post("/authenticate", "{\"username\":\"" + Tokens.USERNAME + "\",\"password\":\""
                + Tokens.PASSWORD + "\"}")).path("jwt").asText());
    }

    // ---- scoops

    @Test
    void scoopSearchFindsThoseOfTheLastThirtyDaysWhereNoDatesAreGiven() {
        long expected = scoops(s -> s.type().id() == 6 && !s.published().isBefore(World.TODAY.minusDays(30)));
        assertThat(found("/search/scoop", "{\"scoopType\":\"6\"}").path("maxResults").asLong()).isEqualTo(expected)
                .isPositive();
        assertThat(found("/search/scoop", "{\"scoopType\":\"6\",\"publishedStartDate\":\"2026-05-01T00:00:00.000Z\","
                + "\"publishedEndDate\":\"2026-11-01T00:00:00.000Z\"}").path("maxResults").asLong())
                .isEqualTo(scoops(s -> s.type().id() == 6)).isGreaterThan(expected);
    }

    @Test
    void scoopLooksLikeTheSampleOfTheDocumentation() {
        JsonNode item = found("/search/scoop", "{\"scoopTopic\":\"14\"}").at("/data/0");
        assertThat(names(item)).containsExactly("id", "publishedDate", "originalPublishedDate", "linkText", "link",
                "description", "topics", "updateText", "types", "contacts", "company");
        assertThat(item.path("id").isIntegralNumber()).isTrue();
        assertThat(item.path("publishedDate").asText()).matches("\\d{1,2}/\\d{1,2}/2026 12:00 AM");
        assertThat(item.at("/topics/0/id").asInt()).isEqualTo(14);
        assertThat(item.at("/types/0/type").isTextual()).isTrue();
        assertThat(item.at("/contacts/0/jobTitle").asText()).isNotEmpty();
        assertThat(names(item.path("company"))).containsExactly("id", "name");
    }

    @Test
    void scoopSearchNarrowsByCompanyPersonDepartmentUpdateAndWords() {
        String dates = "\"publishedStartDate\":\"2026-01-01\",";
        Scoop updated = first(SIGNALS::scoops, s -> s.updated() && !s.department().isEmpty());
        assertThat(ids(found("/search/scoop", "{" + dates + "\"companyId\":\"" + updated.company().id()
                + "\",\"updatedSinceCreation\":true,\"department\":\"" + updated.department() + "\"}")))
                .contains(Long.toString(updated.id()));
        assertThat(ids(found("/search/scoop", "{" + dates + "\"companyId\":\"" + updated.company().id()
                + "\",\"updatedSinceCreation\":false}"))).doesNotContain(Long.toString(updated.id()));
        String level = updated.contacts().get(0).managementLevel();
        assertThat(ids(found("/search/scoop", "{" + dates + "\"companyId\":\"" + updated.company().id()
                + "\",\"managementLevel\":\"" + level + "\"}"))).contains(Long.toString(updated.id()));
        assertThat(ids(found("/search/scoop", "{\"scoopId\":\"" + updated.id() + "\"}")))
                .containsExactly(Long.toString(updated.id()));
        JsonNode awards = found("/search/scoop", "{\"description\":\"won an award\",\"rpp\":100}");
        awards.path("data").forEach(item -> assertThat(item.at("/types/0/type").asText()).isEqualTo("Award"));
        assertThat(awards.path("data")).isNotEmpty();
    }

    @Test
    void scoopsComeInTheOrderAskedForAndNewestFirstOtherwise() {
        List<String> newest = texts(found("/search/scoop", "{\"scoopType\":\"5,6,8\",\"rpp\":100}"), "publishedDate");
        assertThat(newest.stream().map(SignalContractTest::day).toList()).isSortedAccordingTo(Comparator.reverseOrder());
        assertThat(texts(found("/search/scoop", "{\"scoopType\":\"5,6,8\",\"rpp\":100,\"sortBy\":\"description\",\"sortOrder\":"
                + "\"asc\"}"), "description")).isSorted();
    }

    @Test
    void enrichedScoopsAreThoseOfTheCompanyHoweverItIsNamed() {
        Company company = first(SIGNALS::scoops, s -> !s.company().domain().isEmpty()
                && !s.published().isBefore(World.TODAY.minusDays(30))
                && WORLD.companiesNamed(s.company().name()).size() == 1).company();
        List<String> expected = SIGNALS.scoops(company).stream()
                .filter(s -> !s.published().isBefore(World.TODAY.minusDays(30))).map(s -> Long.toString(s.id())).toList();
        for (String input : List.of("\"companyId\":\"" + company.id() + "\"", "\"companyId\":" + company.id(),
                "\"companyName\":\"" + company.name() + "\"", "\"companyWebsite\":\"https://" + company.website() + "/\"")) {
            assertThat(ids(found("/enrich/scoop", "{" + input + "}"))).as(input).containsExactlyInAnyOrderElementsOf(expected);
        }
    }

    // ---- news

    @Test
    void newsLooksLikeTheSampleOfTheDocumentation() {
        JsonNode answer = found("/search/news", "{\"categories\":[\"FUNDING\"]}");
        assertThat(names(answer)).containsExactly("maxResults", "currentPage", "data");
        JsonNode item = answer.at("/data/0");
        assertThat(names(item)).containsExactly("domain", "title", "url", "imageUrl", "pageDate", "categories", "company");
        assertThat(item.path("pageDate").asText()).matches("202\\d-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z");
        assertThat(item.path("categories").toString()).contains("\"FUNDING\"");
        assertThat(item.path("company").isArray()).isTrue();
        assertThat(item.at("/company/0/name").isTextual()).isTrue();
        assertThat(answer.path("data")).hasSize(25);
    }

    @Test
    void newsSearchNarrowsByDatesAndAddress() {
        NewsItem item = first(SIGNALS::news, n -> true);
        assertThat(texts(found("/search/news", "{\"url\":[\"" + item.url() + "\"]}"), "url")).containsExactly(item.url());
        JsonNode october = found("/search/news", "{\"pageDateMin\":\"2026-10-01\",\"pageDateMax\":\"2026-10-07\",\"rpp\":100}");
        assertThat(texts(october, "pageDate")).isNotEmpty().allMatch(date -> date.compareTo("2026-10-08") < 0
                && date.compareTo("2026-10-01") >= 0).isSortedAccordingTo(Comparator.reverseOrder());
    }

    @Test
    void enrichedNewsAreTenAPageWithADescription() {
        Company company = WORLD.companies().stream().filter(c -> SIGNALS.newsNaming(c).size() > 10).findFirst().orElseThrow();
        JsonNode answer = found("/enrich/news", "{\"companyId\":" + company.id() + "}");
        assertThat(answer.path("data")).hasSize(10);
        assertThat(answer.path("maxResults").asInt()).isEqualTo(SIGNALS.newsNaming(company).size());
        assertThat(answer.at("/data/0/description").asText()).isNotEmpty();
        assertThat(found("/enrich/news", "{\"companyId\":" + company.id() + ",\"limit\":100}").path("data"))
                .hasSize(SIGNALS.newsNaming(company).size());
        assertThat(found("/enrich/news", "{\"companyId\":" + company.id() + ",\"limit\":10,\"page\":2}").path("data"))
                .hasSize(Math.min(10, SIGNALS.newsNaming(company).size() - 10));
    }

    @Test
    void theMostNewsAPageIsASetting() {
        expect(client.post("/enrich/news", "{\"companyId\":2000003,\"limit\":101}"), 400, ApiError.RPP_TOO_GREAT);
        client.settings("{\"news\":{\"mostPerPage\":5000}}");
        assertThat(client.post("/enrich/news", "{\"companyId\":2000003,\"limit\":5000}").statusCode()).isEqualTo(200);
        expect(client.post("/enrich/news", "{\"companyId\":2000003,\"limit\":5001}"), 400,
                "Results per page (rpp) is over max allowed value (5000)");
    }

    // ---- intent

    @Test
    void intentLooksLikeTheSampleOfTheDocumentation() {
        JsonNode item = found("/search/intent", "{\"topics\":[\"" + TOPIC + "\"]}").at("/data/0");
        assertThat(names(item)).containsExactly("id", "category", "topic", "signalScore", "audienceStrength", "newSignal",
                "signalDate", "trend", "recommendedContacts", "company");
        assertThat(item.path("id").asText()).matches("[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}");
        assertThat(item.path("category").asText()).isEqualTo("Cloud");
        assertThat(item.path("signalScore").isIntegralNumber()).isTrue();
        assertThat(item.path("newSignal").isBoolean()).isTrue();
        assertThat(item.path("signalDate").asText()).isEqualTo("11/1/2026 12:00 AM");
        assertThat(item.path("trend").isIntegralNumber()).isTrue();
        assertThat(names(item.path("company"))).containsExactly("id", "name", "website", "hasOtherTopicConsumption");
        assertThat(item.at("/recommendedContacts/0/jobFunction/0/department").isTextual()).isTrue();
    }

    @Test
    void intentNarrowsByScoreStrengthDatesAndCompany() {
        JsonNode answer = found("/search/intent", "{\"topics\":[\"" + TOPIC + "\",\"DevOps\"],\"signalScoreMin\":80,"
                + "\"signalScoreMax\":90,\"audienceStrengthMin\":\"C\",\"audienceStrengthMax\":\"B\","
                + "\"signalStartDate\":\"2026-10-01\",\"signalEndDate\":\"2026-10-31\",\"employeeRangeMin\":\"100\","
                + "\"country\":\"united states\",\"rpp\":100}");
        Set<String> expected = all(SIGNALS::intent).filter(i -> Set.of(TOPIC, "DevOps").contains(i.topic().name())
                && i.score() >= 80 && i.score() <= 90 && (i.audienceStrength() == 'B' || i.audienceStrength() == 'C')
                && i.date().getMonthValue() == 10 && i.company().employees() >= 100
                && i.company().place().countryCode().equals("US")).map(i -> i.id().toString()).collect(Collectors.toSet());
        assertThat(answer.path("maxResults").asInt()).isEqualTo(expected.size());
        assertThat(expected).containsAll(ids(answer)).isNotEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"cloud migration", "Cloud", "Employee Benefits", "Basket Weaving"})
    void topicsThatAreNotSubscribedToTheLetterFindNothing(String topic) {
        assertThat(found("/search/intent", "{\"topics\":[\"" + topic + "\"]}").path("maxResults").asInt()).isZero();
        client.settings("{\"search\":{\"unknownValues\":\"400\"}}");
        expect(client.post("/search/intent", "{\"topics\":[\"" + topic + "\"]}"), 400, ApiError.INVALID_FIELDS);
    }

    @Test
    void theTopicsSubscribedToAreASetting() {
        String search = "{\"topics\":[\"Employee Benefits\"]}";
        assertThat(found("/search/intent", search).path("maxResults").asInt()).isZero();
        client.settings("{\"intent\":{\"topics\":[\"Employee Benefits\"]}}");
        assertThat(found("/search/intent", search).path("maxResults").asInt()).isPositive();
        assertThat(found("/search/intent", "{\"topics\":[\"" + TOPIC + "\"]}").path("maxResults").asInt()).isZero();
    }

    @Test
    void enrichedIntentTakesTopicsAsAnArrayOrPartedByPipes() {
        IntentSignal signal = first(SIGNALS::intent, i -> i.topic().name().equals(TOPIC));
        String company = "{\"companyId\":\"" + signal.company().id() + "\",\"topics\":";
        JsonNode byArray = found("/enrich/intent", company + "[\"" + TOPIC + "\",\"DevOps\"]}");
        assertThat(ids(byArray)).contains(signal.id().toString());
        assertThat(found("/enrich/intent", company + "\"" + TOPIC + "|DevOps\"}")).isEqualTo(byArray);
    }

    @Test
    void enrichedIntentWithTopicsJoinedByAndWantsThemAll() {
        IntentSignal signal = first(SIGNALS::intent, i -> i.topic().name().equals(TOPIC)
                && SIGNALS.intent(i.company()).stream().anyMatch(o -> o.topic().name().equals("DevOps"))
                && SIGNALS.intent(i.company()).stream().noneMatch(o -> o.topic().name().equals("Payroll")));
        String company = "{\"companyId\":\"" + signal.company().id() + "\",\"topics\":";
        assertThat(ids(found("/enrich/intent", company + "\"" + TOPIC + " AND DevOps\"}"))).contains(signal.id().toString());
        assertThat(ids(found("/enrich/intent", company + "\"" + TOPIC + " AND Payroll\"}"))).isEmpty();
    }

    @Test
    void enrichedIntentTellsLocationsAndLeavesContactsOutWhereTheyAreNotWanted() {
        IntentSignal signal = first(SIGNALS::intent, i -> i.topic().name().equals(TOPIC)
                && !i.recommendedContacts().isEmpty());
        String request = "{\"companyId\":\"" + signal.company().id() + "\",\"topics\":[\"" + TOPIC + "\"]";
        JsonNode with = found("/enrich/intent", request + "}").at("/data/0");
        assertThat(with.path("recommendedContacts")).isNotEmpty();
        assertThat(with.path("topSignalLocations").size()).isBetween(1, 3);
        JsonNode without = found("/enrich/intent", request + ",\"findRecommendedContacts\":false}").at("/data/0");
        assertThat(without.path("recommendedContacts")).isEmpty();
    }

    @Test
    void enrichedIntentSpansNinetyDaysFiftyTopicsOrTwelveTogetherAtMost() {
        String request = "{\"companyId\":\"2000003\",\"topics\":[\"" + TOPIC + "\"],\"signalEndDate\":\"2026-10-31\","
                + "\"signalStartDate\":";
        assertThat(client.post("/enrich/intent", request + "\"2026-08-02\"}").statusCode()).isEqualTo(200);
        expect(client.post("/enrich/intent", request + "\"2026-08-01\"}"), 400, ApiError.INVALID_FIELDS);
        assertThat(client.post("/enrich/intent", topics(50, "|")).statusCode()).isEqualTo(200);
        expect(client.post("/enrich/intent", topics(51, "|")), 400, ApiError.INVALID_FIELDS);
        assertThat(client.post("/enrich/intent", topics(12, " AND ")).statusCode()).isEqualTo(200);
        expect(client.post("/enrich/intent", topics(13, " AND ")), 400, ApiError.INVALID_FIELDS);
    }

    @ParameterizedTest
    @ValueSource(strings = {"signalScore", "topic", "category", "companyName", "audienceStrength", "signalDate"})
    void intentIsSortedBothWays(String sortBy) {
        String request = "{\"topics\":[\"DevOps\",\"Zero Trust\",\"Payroll\"],\"rpp\":100,\"sortBy\":\"" + sortBy
                + "\",\"sortOrder\":";
        Function<JsonNode, Comparable<?>> key = item -> switch (sortBy) {
            case "signalScore" -> item.path("signalScore").asInt();
            case "companyName" -> item.at("/company/name").asText();
            case "signalDate" -> day(item.path("signalDate").asText());
            case "audienceStrength" -> -item.path("audienceStrength").asText().charAt(0);
            default -> item.path(sortBy).asText();
        };
        assertThat(keys(found("/search/intent", request + "\"asc\"}"), key)).isSortedAccordingTo(natural());
        assertThat(keys(found("/search/intent", request + "\"descending\"}"), key)).isSortedAccordingTo(natural().reversed());
    }

    // ---- records, pages, errors

    @Test
    void everySignalReturnedIsOneRecordAndNoCredit() {
        int records = 0;
        for (Map.Entry<String, String> call : calls().entrySet()) {
            records += found(call.getKey(), call.getValue()).path("data").size();
        }
        assertThat(records).isGreaterThan(60);
        assertThat(client.stats().at("/usage/records").asInt()).isEqualTo(records);
        assertThat(client.stats().at("/credits/charged").asInt()).isZero();
        assertThat(client.stats().at("/usage/requests").asInt()).isEqualTo(6);
    }

    @Test
    void withoutRecordsLeftSignalsAreRefusedUnlessTheLimitIsNotEnforced() {
        client.settings("{\"usage\":{\"recordLimit\":0}}");
        calls().forEach((path, body) -> expect(client.post(path, body), 403, ApiError.RECORDS_USED_UP));
        client.settings("{\"usage\":{\"enforced\":false}}");
        calls().forEach((path, body) -> assertThat(client.post(path, body).statusCode()).as(path).isEqualTo(200));
    }

    @Test
    void pagesOfSignalsFollowTheRulesOfTheSearch() {
        String body = "{\"scoopType\":\"6\",\"rpp\":7";
        int total = found("/search/scoop", body + "}").path("maxResults").asInt();
        int pages = (total + 6) / 7;
        List<String> seen = new ArrayList<>();
        for (int page = 1; page <= pages; page++) {
            JsonNode answer = found("/search/scoop", body + ",\"page\":" + page + "}");
            assertThat(answer.path("totalResults").asInt()).isEqualTo(answer.path("data").size());
            seen.addAll(ids(answer));
        }
        assertThat(seen).hasSize(total).doesNotHaveDuplicates();
        expect(client.post("/search/scoop", body + ",\"page\":" + (pages + 1) + "}"), 400, ApiError.PAGE_TOO_GREAT);
        client.settings("{\"search\":{\"totalResults\":\"overall\"}}");
        assertThat(found("/search/scoop", body + "}").path("totalResults").asInt()).isEqualTo(total);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "/search/scoop | {} | There is insufficient information for this request",
        "/search/scoop | {\"shoeSize\":\"44\"} | There are invalid fields in your request",
        "/search/scoop | {\"scoopType\":6} | There are invalid fields in your request",
        "/search/scoop | {\"phone\":[\"1\"]} | There are invalid fields in your request",
        "/search/scoop | {\"scoopType\":\"6\",\"publishedStartDate\":\"yesterday\"} | There are invalid fields in your request",
        "/search/scoop | {\"scoopType\":\"6\",\"sortBy\":\"signalScore\"} | The parameter passed for sortBy is invalid",
        "/search/scoop | {\"scoopType\":\"6\",\"rpp\":101} | Results per page (rpp) is over max allowed value (100)",
        "/search/scoop | {\"scoopType\":\"6\",\"page\":1001} | Total record pagination is over max allowed value (1000)",
        "/search/news | {\"rpp\":10} | There is insufficient information for this request",
        "/search/news | {\"categories\":\"FUNDING\"} | There are invalid fields in your request",
        "/search/news | {\"url\":[\"abcd\"]} | There are invalid fields in your request",
        "/search/news | {\"categories\":[\"FUNDING\"],\"sortBy\":\"pageDate\"} | There are invalid fields in your request",
        "/search/news | {\"categories\":[\"FUNDING\"],\"page\":1001} | Total record pagination is over max allowed value (1000)",
        "/search/intent | {\"signalScoreMin\":70} | There is insufficient information for this request",
        "/search/intent | {\"topics\":\"DevOps\"} | There are invalid fields in your request",
        "/search/intent | {\"topics\":[\"DevOps\"],\"signalScoreMin\":50} | There are invalid fields in your request",
        "/search/intent | {\"topics\":[\"DevOps\"],\"signalScoreMin\":\"70\"} | There are invalid fields in your request",
        "/search/intent | {\"topics\":[\"DevOps\"],\"audienceStrengthMin\":\"F\"} | There are invalid fields in your request",
        "/search/intent | {\"topics\":[\"DevOps\"],\"companyId\":\"1\"} | There are invalid fields in your request",
        "/search/intent | {\"topics\":[\"DevOps\"],\"sortBy\":\"issueDate\"} | The parameter passed for sortBy is invalid",
        "/enrich/scoop | {\"scoopType\":\"6\"} | There is insufficient information for this request",
        "/enrich/news | {\"categories\":[\"FUNDING\"]} | There is insufficient information for this request",
        "/enrich/news | {\"companyId\":2000003,\"rpp\":10} | There are invalid fields in your request",
        "/enrich/intent | {\"companyId\":\"2000003\"} | There is insufficient information for this request",
        "/enrich/intent | {\"topics\":[\"DevOps\"]} | There is insufficient information for this request"})
    void badRequestsGetTheDocumentedTexts(String path, String body, String message) {
        expect(client.post(path, body), 400, message);
    }

    @Test
    void anUnknownCompanyHasNoSignals() {
        for (String path : List.of("/enrich/scoop", "/enrich/news")) {
            JsonNode answer = found(path, "{\"companyId\":1}");
            assertThat(answer.path("maxResults").asInt()).isZero();
            assertThat(answer.path("data")).isEmpty();
        }
    }

    // ---- helpers

    private static Map<String, String> calls() {
        Company company = WORLD.companies().stream().filter(c -> SIGNALS.news(c).size() > 1
                && SIGNALS.intent(c).stream().anyMatch(i -> i.topic().name().equals(TOPIC))
                && SIGNALS.scoops(c).stream().anyMatch(s -> !s.published().isBefore(World.TODAY.minusDays(30))))
                .findFirst().orElseThrow();
        return Map.of("/search/scoop", "{\"scoopType\":\"6\"}", "/search/news", "{\"categories\":[\"PERSON\"]}",
                "/search/intent", "{\"topics\":[\"" + TOPIC + "\"]}", "/enrich/scoop", "{\"companyId\":\"" + company.id() + "\"}",
                "/enrich/news", "{\"companyId\":" + company.id() + "}",
                "/enrich/intent", "{\"companyId\":\"" + company.id() + "\",\"topics\":[\"" + TOPIC + "\"]}");
    }

    private static String topics(int count, String between) {
        String names = IntStream.range(0, count).mapToObj(i -> "Topic " + i).collect(Collectors.joining(between));
        return "{\"companyId\":\"2000003\",\"topics\":\"" + names + "\"}";
    }

    private static JsonNode found(String path, String body) {
        HttpResponse<String> answer = client.post(path, body);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return json(answer);
    }

    private static void expect(HttpResponse<String> answer, int status, String message) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        assertThat(json(answer).path("error").asText()).isEqualTo(message);
    }

    private static List<String> names(JsonNode node) {
        return node.properties().stream().map(Map.Entry::getKey).toList();
    }

    private static List<String> ids(JsonNode answer) {
        return texts(answer, "id");
    }

    private static List<String> texts(JsonNode answer, String field) {
        List<String> texts = new ArrayList<>();
        answer.path("data").forEach(item -> texts.add(item.path(field).asText()));
        return texts;
    }

    private static List<Comparable<?>> keys(JsonNode answer, Function<JsonNode, Comparable<?>> key) {
        List<Comparable<?>> keys = new ArrayList<>();
        answer.path("data").forEach(item -> keys.add(key.apply(item)));
        assertThat(new HashSet<>(keys)).hasSizeGreaterThan(0);
        return keys;
    }

    @SuppressWarnings({"unchecked", "rawtypes"})
    private static Comparator<Comparable<?>> natural() {
        return (a, b) -> ((Comparable) a).compareTo(b);
    }

    private static LocalDate day(String date) {
        String[] parts = date.split("[/ ]");
        return LocalDate.of(Integer.parseInt(parts[2]), Integer.parseInt(parts[0]), Integer.parseInt(parts[1]));
    }

    private static long scoops(Predicate<Scoop> wanted) {
        return all(SIGNALS::scoops).filter(wanted).count();
    }

    private static <T> T first(Function<Company, List<T>> of, Predicate<T> wanted) {
        return all(of).filter(wanted).findFirst().orElseThrow();
    }

    private static <T> Stream<T> all(Function<Company, List<T>> of) {
        return WORLD.companies().stream().flatMap(company -> of.apply(company).stream());
    }

    @Test
    void everyTopicSubscribedToAtTheStartExists() {
        JsonNode topics = json(client.get("/_sandbox/settings")).at("/intent/topics");
        assertThat(topics).isNotEmpty();
        topics.forEach(topic -> assertThat(IntentTopic.ALL).extracting(IntentTopic::name).contains(topic.asText()));
    }
}
