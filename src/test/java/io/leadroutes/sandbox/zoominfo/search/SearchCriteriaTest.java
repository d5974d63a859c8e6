package io.leadroutes.sandbox.zoominfo.search;

import static io.leadroutes.sandbox.SandboxClient.json;
import static io.leadroutes.sandbox.zoominfo.StandIn.WORLD;
import static io.leadroutes.sandbox.zoominfo.StandIn.expectError;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.leadroutes.sandbox.world.Company;
import io.leadroutes.sandbox.world.Hashtags;
import io.leadroutes.sandbox.world.Person;
import io.leadroutes.sandbox.world.Place;
import io.leadroutes.sandbox.world.World;
import io.leadroutes.sandbox.zoominfo.StandIn;
import io.leadroutes.sandbox.zoominfo.account.ApiError;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Each criterion finds those whom it speaks of, all of them and nobody else. */
class SearchCriteriaTest {

    private static StandIn standIn;

    @BeforeAll
    static void start() {
        standIn = new StandIn();
    }

    @AfterAll
    static void stop() {
        standIn.close();
    }

    @BeforeEach
    void fresh() {
        standIn.reset();
        standIn.client.settings("{\"search\":{\"disallowedCriteria\":[]}}");
    }

    static Stream<Arguments> ofCompanies() {
        LocalDate funded = World.TODAY.minusDays(900);
        Place boston = StandIn.company(c -> c.place().city().equals("Boston")).place();
        return Stream.of(
                company("\"certified\":1", Company::certified),
                company("\"certified\":0", c -> !c.certified()),
                company("\"excludeDefunctCompanies\":true", c -> !c.defunct()),
                company("\"businessModel\":[\"B2G\",\"B2C\"]", c -> !c.industry().businessModel().equals("B2B")),
                company("\"companyRanking\":\"fortune500,global500\"",
                        c -> c.rankings().contains("fortune500") || c.rankings().contains("global500")),
                company("\"companyType\":\"non_profit,public\"", c -> Set.of("NON_PROFIT", "PUBLIC").contains(c.type())),
                company("\"continent\":\"europe\"", c -> c.place().continent().equals("Europe")),
                company("\"country\":\"germany\"", c -> c.place().countryCode().equals("DE")),
                company("\"country\":\"germany\",\"state\":\"usa.georgia\"", c -> c.place().countryCode().equals("DE")
                        || c.place().state().equals("Georgia")),
                company("\"excludedRegions\":\"usa.california,germany,france.paris\"", c ->
                        !c.place().state().equals("California") && !c.place().countryCode().equals("DE")
                                && !c.place().city().equals("Paris")),
                company("\"metroRegion\":\"usa.massachusetts.boston\"", c -> c.place().metroArea().endsWith(".boston")),
                company("\"zipCode\":\"021\"", c -> c.zipCode().startsWith("021")),
                company("\"zipCode\":\"02110\",\"zipCodeRadiusMiles\":\"25\"", c -> boston.milesTo(c.place()) <= 25),
                company("\"zipCode\":\"02110\",\"zipCodeRadiusMiles\":\"250\"", c -> boston.milesTo(c.place()) <= 250),
                company("\"zoominfoContactsMin\":\"100\",\"zoominfoContactsMax\":\"200\"",
                        c -> c.contactsInZoomInfo() >= 100 && c.contactsInZoomInfo() <= 200),
                company("\"fundingStartDate\":\"2024-06-01\",\"fundingEndDate\":\"2025-06-01\"", c -> c.fundings().stream()
                        .anyMatch(f -> !f.date().isBefore(LocalDate.of(2024, 6, 1)) && !f.date().isAfter(LocalDate.of(2025, 6, 1)))),
                company("\"fundingStartDate\":\"" + funded + "\",\"fundingAmountMin\":20000", c -> c.fundings().stream()
                        .anyMatch(f -> !f.date().isBefore(funded))
                        && c.fundings().stream().mapToLong(Company.Funding::amountThousands).sum() >= 20_000),
                company("\"marketingDepartmentBudgetMin\":1000,\"marketingDepartmentBudgetMax\":5000",
                        c -> c.marketingBudgetThousands() >= 1_000 && c.marketingBudgetThousands() <= 5_000),
                company("\"itDepartmentBudgetMin\":9000", c -> c.itBudgetThousands() >= 9_000),
                company("\"financeDepartmentBudgetMax\":50", c -> c.financeBudgetThousands() <= 50),
                company("\"hrDepartmentBudgetMin\":4000", c -> c.hrBudgetThousands() >= 4_000),
                company("\"companyStructureIncludedSubUnitTypes\":\"subsidiary\"", c -> c.parent().isPresent()),
                company("\"subUnitTypes\":\"UNSPECIFIED\"", c -> c.parent().isEmpty()),
                company("\"hashTagString\":\"employees.shrinking\"", c -> Hashtags.of(c).stream()
                        .anyMatch(tag -> tag.tag().equals("employees.shrinking"))),
                company("\"engagementType\":[\"phone\"],\"engagementStartDate\":\"2026-09-01\",\"engagementEndDate\":\"2026-10-31\"",
                        c -> c.engagements().stream().anyMatch(e -> e.type().equals("phone")
                                && !e.date().isBefore(LocalDate.of(2026, 9, 1)) && !e.date().isAfter(LocalDate.of(2026, 10, 31)))),
                company("\"companyName\":\"Systems OR Labs NOT GmbH\"", c -> (has(c.name(), "Systems") || has(c.name(), "Labs"))
                        && !has(c.name(), "GmbH")),
                company("\"industryKeywords\":\"Software AND Security OR Banking\"", c ->
                        c.industry().subName().equals("Security Software") || has(c.industry().subName(), "Banking")),
                company("\"techAttributeTagList\":\"333.202.*\"", c -> c.technologies().stream()
                        .anyMatch(t -> t.attribute().startsWith("333.202."))),
                company("\"companyDescription\":\"with headquarters in Denver\"", c -> c.place().city().equals("Denver")),
                company("\"address\":\"Denver\"", c -> has(c.street(), "Denver") || c.place().city().equals("Denver")),
                company("\"revenue\":\"1gto5g\"", c -> c.revenueThousands() >= 1_000_000 && c.revenueThousands() < 5_000_000));
    }

    @ParameterizedTest
    @MethodSource("ofCompanies")
    void companiesAreFoundBy(String criteria, Predicate<Company> wanted) {
        long expected = WORLD.companies().stream().filter(wanted).count();
        assertThat(found("/search/company", criteria)).isEqualTo(expected).isBetween(1L, 9_999L);
    }

    static Stream<Arguments> ofPeople() {
        Person moved = StandIn.person(p -> !p.formerEmail().isEmpty() && !p.optedOut());
        Person linked = StandIn.person(p -> !p.linkedIn().isEmpty() && !p.optedOut());
        return Stream.of(
                person("\"school\":\"Institute of Technology\"", p -> p.school().endsWith("Institute of Technology")),
                person("\"degree\":\"master\"", p -> p.degree().equals("Master")),
                person("\"techSkills\":[\"Python\",\"Go\"]", p -> p.techSkills().contains("Python") || p.techSkills().contains("Go")),
                person("\"yearsOfExperience\":\"4-5,20-29\"", p -> p.yearsOfExperience() >= 4 && p.yearsOfExperience() <= 5
                        || p.yearsOfExperience() >= 20 && p.yearsOfExperience() <= 29),
                person("\"boardMember\":\"only\"", Person::boardMember),
                person("\"boardMember\":\"exclude\"", p -> !p.boardMember()),
                person("\"managementLevel\":\"Board Member\"", Person::boardMember),
                person("\"managementLevel\":\"directors\"", p -> p.managementLevel().equals("Director")),
                person("\"managementLevel\":\"C Level Exec,VP Level Exec\"", p -> Set.of("C-Level", "VP-Level")
                        .contains(p.managementLevel())),
                person("\"executivesOnly\":true", p -> Set.of("C-Level", "VP-Level").contains(p.managementLevel())),
                person("\"buyingGroup\":[\"Cyber Security\"]", p -> p.function().name().equals("Information Security")
                        && !p.managementLevel().equals("Non-Manager")),
                person("\"department\":\"5,Legal\"", p -> Set.of("Information Technology", "Legal")
                        .contains(p.function().department())),
                person("\"jobFunction\":\"Procurement\"", p -> p.function().name().equals("Procurement")),
                person("\"jobTitle\":\"Director OR VP AND Marketing\"", p -> has(p.jobTitle(), "Director")
                        || has(p.jobTitle(), "VP") && has(p.jobTitle(), "Marketing")),
                person("\"jobTitle\":\"Director\",\"excludeJobTitle\":\"Senior OR Sales\"", p -> has(p.jobTitle(), "Director")
                        && !has(p.jobTitle(), "Senior") && !has(p.jobTitle(), "Sales")),
                person("\"locationCompanyId\":[\"2000003\"]", p -> p.company().id() == 2_000_003),
                person("\"supplementalEmail\":[\"" + moved.formerEmail() + "\"]", p -> p.formerEmail().equals(moved.formerEmail())),
                person("\"webReferences\":[\"" + linked.linkedIn() + "\"]", p -> p.linkedIn().equals(linked.linkedIn())),
                person("\"requiredFields\":\"directPhone,email\"", p -> !p.directPhone().isEmpty() && !p.email().isEmpty()),
                person("\"hasBeenNotified\":\"only\"", p -> p.noticeProvided().isPresent()),
                person("\"contactAccuracyScoreMin\":\"97\"", p -> p.accuracyScore() >= 97),
                person("\"fullName\":\"" + linked.fullName().toUpperCase() + "\"", p -> p.fullName().equals(linked.fullName())),
                person("\"zipCode\":\"100\",\"zipCodeRadiusMiles\":\"10\",\"locationSearchType\":\"HQ\"", p ->
                        Set.of("New York", "Newark").contains(p.company().place().city())),
                person("\"country\":\"France\",\"locationSearchType\":\"Person\"", p -> p.place().countryCode().equals("FR")),
                person("\"companyPastOrPresent\":\"past\",\"country\":\"usa\",\"industryCodes\":\"software\"", p ->
                        (p.place().countryCode().equals("US") || p.company().place().countryCode().equals("US"))
                                && p.formerCompany().filter(c -> c.industry().id().equals("software")).isPresent()),
                person("\"hashTagString\":\"type.public\",\"managementLevel\":\"C-Level\"", p -> !p.company().ticker().isEmpty()
                        && p.managementLevel().equals("C-Level")));
    }

    @ParameterizedTest
    @MethodSource("ofPeople")
    void peopleAreFoundBy(String criteria, Predicate<Person> wanted) {
        long expected = WORLD.people().stream().filter(p -> !p.optedOut()).filter(wanted).count();
        assertThat(found("/search/contact", criteria)).isEqualTo(expected).isBetween(1L, 99_999L);
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"managementLevel\":\"Emperor\"", "\"department\":\"Magic\"", "\"industryCodes\":\"alchemy\"",
        "\"country\":\"atlantis\"", "\"employeeCount\":\"12to13\"", "\"jobFunction\":\"Dreaming\"", "\"companyType\":\"secret\"",
        "\"companyRanking\":\"fortune5\"", "\"metroRegion\":\"usa.nowhere\"", "\"techSkills\":[\"Alchemy\"]",
        "\"hashTagString\":\"none.such\"", "\"buyingGroup\":[\"Magic\"]"})
    void aValueOfNoLookupFindsNothingOrIsRefusedAsTheAccountIsSet(String criterion) {
        assertThat(found("/search/contact", criterion)).isZero();
        standIn.client.settings("{\"search\":{\"unknownValues\":\"400\"}}");
        expectError(standIn.client.post("/search/contact", "{" + criterion + "}"), 400, ApiError.INVALID_FIELDS);
    }

    @ParameterizedTest
    @ValueSource(strings = {"industry", "country", "state", "continent", "metroarea", "department", "jobfunction",
        "managementLevel", "companytype", "companyranking", "employeecount", "revenuerange", "subunittypes", "hashtag",
        "tech-skills", "years-of-experience"})
    void everyValueOfALookupIsAcceptedWhereUnknownOnesAreRefused(String lookup) {
        String criterion = switch (lookup) {
            case "industry" -> "industryCodes";
            case "metroarea" -> "metroRegion";
            case "jobfunction" -> "jobFunction";
            case "companytype" -> "companyType";
            case "companyranking" -> "companyRanking";
            case "employeecount" -> "employeeCount";
            case "revenuerange" -> "revenue";
            case "subunittypes" -> "subUnitTypes";
            case "hashtag" -> "hashTagString";
            case "tech-skills" -> "techSkills";
            case "years-of-experience" -> "yearsOfExperience";
            default -> lookup;
        };
        standIn.client.settings("{\"search\":{\"unknownValues\":\"400\"}}");
        for (JsonNode value : standIn.get("/lookup/" + lookup)) {
            String quoted = "\"" + value.path("Id").asText() + "\"";
            String body = "{\"" + criterion + "\":" + (lookup.equals("tech-skills") ? "[" + quoted + "]" : quoted) + "}";
            assertThat(standIn.client.post("/search/contact", body).statusCode()).as(body).isEqualTo(200);
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "{\"zipCodeRadiusMiles\":\"17\",\"zipCode\":\"10001\"}", "{\"zipCodeRadiusMiles\":25,\"zipCode\":\"10001\"}",
        "{\"locationSearchType\":\"Nowhere\",\"country\":\"usa\"}", "{\"companyPastOrPresent\":\"future\"}",
        "{\"buyingGroup\":[\"1\",\"2\"]}", "{\"buyingGroup\":\"1\"}", "{\"requiredFields\":\"shoeSize\"}",
        "{\"certified\":1}", "{\"primaryIndustriesOnly\":\"true\"}", "{\"fundingStartDate\":\"last year\"}",
        "{\"lastUpdatedInMonths\":\"3\"}", "{\"phone\":\"555\"}", "{\"contactAccuracyScoreMin\":90}",
        "{\"contactAccuracyScoreMin\":\"many\"}", "{\"engagementType\":[\"fax\"]}", "{\"hasBeenNotified\":\"maybe\"}"})
    void criteriaOfTheWrongTypeOrWordAreRefused(String body) {
        expectError(standIn.client.post("/search/contact", body), 400, ApiError.INVALID_FIELDS);
    }

    @ParameterizedTest
    @ValueSource(strings = {"zipCode", "companyId"})
    void longTextsAreRefused(String criterion) {
        assertThat(standIn.client.post("/search/contact", "{\"" + criterion + "\":\"" + "1".repeat(500) + "\"}").statusCode())
                .isEqualTo(200);
        expectError(standIn.client.post("/search/contact", "{\"" + criterion + "\":\"" + "1".repeat(501) + "\"}"), 400,
                ApiError.INVALID_FIELDS);
    }

    @Test
    void criteriaOutsideTheSubscriptionAreRefused() {
        standIn.reset();
        expectError(standIn.client.post("/search/contact", "{\"techSkills\":[\"Python\"]}"), 403, ApiError.FIELDS_NOT_ALLOWED);
        expectError(standIn.client.post("/search/company", "{\"engagementType\":[\"email\"]}"), 403,
                ApiError.FIELDS_NOT_ALLOWED);
    }

    @Test
    void theLookupTellsWhichCriteriaTheSubscriptionHolds() {
        standIn.client.settings("{\"search\":{\"disallowedCriteria\":[\"school\"]}}");
        for (JsonNode field : standIn.get("/lookup/inputfields/contact/search")) {
            assertThat(field.path("accessGranted").asText()).as(field.path("fieldName").asText())
                    .isEqualTo(Boolean.toString(!field.path("fieldName").asText().equals("school")));
        }
    }

    @Test
    void pagesHoldEachRecordOnceUnlessTheAccountIsSetOtherwise() {
        String body = "{\"metroRegion\":\"usa.colorado.boulder\",\"rpp\":50";
        List<String> once = walk(body);
        assertThat(once).hasSizeGreaterThan(150).doesNotHaveDuplicates();
        standIn.client.settings("{\"search\":{\"duplicatesBetweenPages\":true}}");
        List<String> again = walk(body);
        assertThat(again).hasSizeGreaterThan(once.size());
        assertThat(new HashSet<>(again)).isEqualTo(new HashSet<>(once));
    }

    @ParameterizedTest
    @ValueSource(strings = {"lastName", "companyName"})
    void peopleAreSortedByName(String sortBy) {
        String body = "{\"metroRegion\":\"usa.colorado.denver\",\"rpp\":100,\"sortBy\":\"" + sortBy + "\",\"sortOrder\":";
        String pointer = sortBy.equals("lastName") ? "/lastName" : "/company/name";
        assertThat(texts(standIn.post("/search/contact", body + "\"ascending\"}"), pointer)).isSorted();
        assertThat(texts(standIn.post("/search/contact", body + "\"desc\"}"), pointer))
                .isSortedAccordingTo(Comparator.reverseOrder());
    }

    // ---- helpers

    /** All ids of all pages until the one past the end. */
    private static List<String> walk(String body) {
        List<String> ids = new ArrayList<>();
        for (int page = 1;; page++) {
            var answer = standIn.client.post("/search/contact", body + ",\"page\":" + page + "}");
            if (answer.statusCode() != 200) {
                expectError(answer, 400, ApiError.PAGE_TOO_GREAT);
                return ids;
            }
            ids.addAll(texts(json(answer), "/id"));
        }
    }

    private static List<String> texts(JsonNode answer, String pointer) {
        List<String> texts = new ArrayList<>();
        answer.path("data").forEach(item -> texts.add(item.at(pointer).asText()));
        return texts;
    }

    private static long found(String path, String criteria) {
        return standIn.post(path, "{" + criteria + "}").path("maxResults").asLong();
    }

    /** As whole words, in any case; the texts compared hold no accents that matter. */
    private static boolean has(String text, String words) {
        return (" " + text.toLowerCase().replaceAll("[^\\p{L}\\p{N}]+", " ") + " ").contains(" " + words.toLowerCase() + " ");
    }

    private static Arguments company(String criteria, Predicate<Company> wanted) {
        return Arguments.of(criteria, wanted);
    }

    private static Arguments person(String criteria, Predicate<Person> wanted) {
        return Arguments.of(criteria, wanted);
    }
}
