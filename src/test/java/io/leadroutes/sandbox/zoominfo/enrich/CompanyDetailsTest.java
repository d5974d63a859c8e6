package io.leadroutes.sandbox.zoominfo.enrich;

import static io.leadroutes.sandbox.zoominfo.StandIn.WORLD;
import static io.leadroutes.sandbox.zoominfo.StandIn.company;
import static io.leadroutes.sandbox.zoominfo.StandIn.expectError;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.leadroutes.sandbox.world.Company;
import io.leadroutes.sandbox.world.Person;
import io.leadroutes.sandbox.zoominfo.StandIn;
import io.leadroutes.sandbox.zoominfo.account.ApiError;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CompanyDetailsTest {

    private static final Company PARENT = company(c -> WORLD.childrenOf(c).size() > 2 && c.siteCount() > 2
            && c.parent().isEmpty());
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
    }

    @Test
    void orgChartListsADepartmentFromTheTopWithoutThoseWhoOptedOut() {
        Company company = company(c -> WORLD.peopleOf(c).stream().anyMatch(p -> p.optedOut() && isSales(p))
                && WORLD.peopleOf(c).stream().filter(CompanyDetailsTest::isSales).count() > 8);
        JsonNode chart = standIn.post("/enrich/orgchart", "{\"companyId\":\"" + company.id() + "\",\"department\":\"sales\"}");
        long expected = WORLD.peopleOf(company).stream().filter(p -> isSales(p) && !p.optedOut()).count();
        assertThat(chart.path("maxResults").asLong()).isEqualTo(expected);
        assertThat(chart.path("data")).hasSize((int) expected);
        List<Integer> tiers = new ArrayList<>();
        chart.path("data").forEach(item -> {
            Person person = WORLD.personById(item.path("id").asLong()).orElseThrow();
            assertThat(item.path("department").asText()).isEqualTo("Sales");
            assertThat(item.path("jobFunction").isTextual()).isTrue();
            assertThat(item.path("orgChartTier").asInt()).isEqualTo(switch (person.managementLevel()) {
                case "VP-Level" -> 2;
                case "Director" -> 3;
                case "Manager" -> 4;
                default -> 5;
            });
            assertThat(item.at("/company/id").asLong()).isEqualTo(company.id());
            assertThat(item.has("email")).isFalse();
            tiers.add(item.path("orgChartTier").asInt() * 10 + item.path("orgChartSubTier").asInt());
        });
        assertThat(tiers).isSorted();
    }

    @Test
    void orgChartTakesSeveralDepartmentsByIdOrName() {
        Company company = company(c -> WORLD.peopleOf(c).size() > 60);
        JsonNode chart = standIn.post("/enrich/orgchart",
                "{\"companyId\":" + company.id() + ",\"department\":\"0, IT,Human Resources\"}");
        Set<String> departments = new HashSet<>(chart.path("data").findValuesAsText("department"));
        assertThat(departments).containsExactlyInAnyOrder("C-Suite", "Information Technology", "Human Resources");
        assertThat(chart.at("/data/0/orgChartTier").asInt()).isEqualTo(1);
    }

    @Test
    void orgChartNeedsCompanyAndKnownDepartment() {
        expectError(standIn.client.post("/enrich/orgchart", "{\"companyId\":\"1\"}"), 400, ApiError.INSUFFICIENT);
        expectError(standIn.client.post("/enrich/orgchart", "{\"department\":\"c-suite\"}"), 400, ApiError.INSUFFICIENT);
        expectError(standIn.client.post("/enrich/orgchart", "{\"companyId\":\"1\",\"department\":\"basement\"}"), 400,
                ApiError.INVALID_FIELDS);
    }

    @Test
    void hierarchyShowsTheWholeFamilyAndTheWayUp() {
        Company child = WORLD.childrenOf(PARENT).get(0);
        JsonNode answer = standIn.post("/enrich/corporatehierarchy", "{\"matchCompanyInput\":[{\"companyId\":" + child.id()
                + "},{\"companyName\":\"No Such Company At All\"}],\"outputFields\":[\"parentage\",\"familyTree\",\"companyId\"]}");
        assertThat(answer.at("/data/outputFields/0").toString()).isEqualTo("[\"parentage\",\"familytree\",\"companyid\"]");
        JsonNode family = answer.at("/data/result/0/data/0");
        assertThat(family.path("companyId").asLong()).isEqualTo(child.id());
        assertThat(family.at("/parentage/0/companyId").asLong()).isEqualTo(PARENT.id());
        assertThat(family.at("/familyTree/0/companyId").asLong()).isEqualTo(PARENT.id());
        assertThat(family.at("/familyTree/0").has("subUnitTypeInfo")).isFalse();
        List<Long> nodes = new ArrayList<>();
        int locations = 0;
        for (JsonNode node : family.at("/familyTree/0/familyNodes")) {
            nodes.add(node.path("companyId").asLong());
            if (node.at("/subUnitTypeInfo/typeDescription").asText().equals("Location")) {
                assertThat(node.path("name").asText()).isEmpty();
                locations++;
            }
        }
        assertThat(nodes).containsAll(WORLD.childrenOf(PARENT).stream().map(Company::id).toList());
        assertThat(locations).isEqualTo(PARENT.siteCount() - 1);
        assertThat(answer.at("/data/result/1/matchStatus").asText()).isEqualTo("NO_MATCH");
    }

    @Test
    void hierarchyHasNoOtherOutputFields() {
        expectError(standIn.client.post("/enrich/corporatehierarchy", "{\"matchCompanyInput\":[{\"companyId\":1}]}"), 400,
                ApiError.NO_OUTPUT_FIELDS);
        assertThat(standIn.client.post("/enrich/corporatehierarchy",
                "{\"matchCompanyInput\":[{\"companyId\":1}],\"outputFields\":[\"name\"]}").body())
                .contains("\"invalidOutputFields\":[\"name\"]");
    }

    @Test
    void locationsAreTheSitesAndTheSubsidiariesUnderBothNamesOfTheInput() {
        JsonNode locations = standIn.post("/enrich/location", "{\"companyId\":\"" + PARENT.id() + "\"}");
        int expected = PARENT.siteCount() + WORLD.childrenOf(PARENT).size();
        assertThat(locations.path("maxResults").asInt()).isEqualTo(expected);
        assertThat(locations.path("data")).hasSize(expected);
        assertThat(locations.at("/data/0/company/id").asLong()).isEqualTo(PARENT.id());
        assertThat(locations.at("/data/0/company/subUnitType").asText()).isEqualTo("Location");
        assertThat(locations.at("/data/" + (expected - 1) + "/company/subUnitType").asText()).isEqualTo("Subsidiary");
        int employees = 0;
        Set<Long> ids = new HashSet<>();
        for (JsonNode location : locations.path("data")) {
            ids.add(location.at("/company/id").asLong());
            assertThat(location.at("/company/addressStatus").asText()).isIn("CURRENT", "VALID", "PAST", "INVALID", "DEFUNCT");
            employees += location.at("/company/subUnitType").asText().equals("Location")
                    ? location.at("/company/locationEmployeeCount").asInt() : 0;
        }
        assertThat(ids).hasSize(expected);
        assertThat(employees).isEqualTo(PARENT.employees());
        assertThat(standIn.post("/enrich/location", "{\"parentId\":" + PARENT.id() + "}")).isEqualTo(locations);
    }

    @Test
    void technologiesAreThoseOfTheCompanyWithDatesAsZoomInfoWritesThem() {
        Company company = company(c -> c.technologies().size() > 3);
        JsonNode technologies = standIn.post("/enrich/tech", "{\"companyId\":\"" + company.id() + "\"}");
        assertThat(technologies.path("data").findValuesAsText("attribute"))
                .isEqualTo(company.technologies().stream().map(t -> t.attribute()).toList());
        assertThat(technologies.at("/data/0/createdTime").asText()).matches("\\d{1,2}/\\d{1,2}/\\d{2} \\d{1,2}:\\d{2}");
        assertThat(technologies.at("/data/0/tag").asText()).matches("\\d+");
    }

    @Test
    void hashtagsTellWhatIsKnownOfTheCompany() {
        Company company = company(c -> !c.technologies().isEmpty() && c.parent().isPresent());
        JsonNode hashtags = standIn.post("/enrich/hashtag", "{\"companyId\":\"" + company.id() + "\"}");
        assertThat(hashtags.path("data").findValuesAsText("tag")).doesNotHaveDuplicates().contains("type.subsidiary",
                "industry." + company.industry().subId(), "uses." + company.technologies().get(0).attribute());
        assertThat(hashtags.at("/data/0").has("scoreMultipler")).isTrue();
        assertThat(hashtags.at("/data/0/categorizedFlag").isBoolean()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/enrich/location", "/enrich/tech", "/enrich/hashtag"})
    void oneCallIsOneRequestOneRecordAndTheCompanysCredit(String path) {
        standIn.post(path, "{\"companyId\":\"" + PARENT.id() + "\"}");
        standIn.post(path, "{\"companyId\":\"" + PARENT.id() + "\"}");
        assertThat(standIn.used("/usage/requests")).isEqualTo(2);
        assertThat(standIn.used("/usage/records")).isEqualTo(2);
        assertThat(standIn.used("/credits/charged")).isEqualTo(1);
        standIn.client.settings("{\"usage\":{\"recordLimit\":2}}");
        expectError(standIn.client.post(path, "{\"companyId\":\"" + PARENT.id() + "\"}"), 403, ApiError.RECORDS_USED_UP);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/enrich/location", "/enrich/tech", "/enrich/hashtag"})
    void anUnknownCompanyIsAnEmptyPageThatCostsNothing(String path) {
        JsonNode page = standIn.post(path, "{\"companyId\":\"1\"}");
        assertThat(page.toString()).isEqualTo("{\"maxResults\":0,\"totalResults\":0,\"currentPage\":1,\"data\":[]}");
        assertThat(standIn.used("/usage/records")).isZero();
        expectError(standIn.client.post(path, "{}"), 400, ApiError.INSUFFICIENT);
        expectError(standIn.client.post(path, "{\"companyId\":\"1\",\"rpp\":5}"), 400, ApiError.INVALID_FIELDS);
    }

    private static boolean isSales(Person person) {
        return person.function().department().equals("Sales");
    }
}
