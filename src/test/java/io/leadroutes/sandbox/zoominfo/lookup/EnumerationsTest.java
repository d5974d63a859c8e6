package io.leadroutes.sandbox.zoominfo.lookup;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.leadroutes.sandbox.zoominfo.StandIn;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EnumerationsTest {

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

    @ParameterizedTest
    @ValueSource(strings = {"companyranking", "continent", "country", "state", "department", "employeecount", "siccode",
        "naicscode", "industry", "jobtitlehierarchy", "jobfunction", "metroarea", "revenuerange", "scooptopic", "scooptype",
        "scoopdepartment", "companytype", "boardMember", "managementLevel", "subunittypes", "tech/category", "tech/vendor",
        "tech/product", "tech-skills", "hashtag", "employee-category-band", "revenue-category-band", "years-of-experience",
        "hierarchy-code", "buyinggroups", "boardmember", "managementlevel"})
    void isAListOfIdsAndNamesEachIdOnce(String name) {
        JsonNode list = standIn.get("/lookup/" + name);
        assertThat(list.isArray()).isTrue();
        assertThat(list.size()).isGreaterThan(2);
        list.forEach(item -> {
            assertThat(item.properties()).extracting(Map.Entry::getKey).containsExactly("Id", "Name");
            assertThat(item.path("Id").asText()).isNotEmpty();
            assertThat(item.path("Name").asText()).isNotEmpty();
        });
        assertThat(list.findValuesAsText("Id")).doesNotHaveDuplicates();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "companyranking | private500 | America's Largest", "managementlevel | C Level Exec | C Level Exec",
        "department | 5 | IT", "department | 0 | C-Suite", "employeecount | 1to4 | 1 - 5",
        "revenuerange | 100mmto250m | $100 mil. - $250 mil.", "state | usa.georgia | Georgia",
        "metroarea | usa.california.sanfrancisco | San Francisco", "industry | education.university | Colleges & Universities",
        "scooptopic | 26 | M&A", "scooptype | 8 | Facilities Relocation/Expansion", "subunittypes | UNSPECIFIED | Unspecified"})
    void holdsTheValuesThatAreKnown(String name, String id, String label) {
        List<String> items = standIn.get("/lookup/" + name).findParents("Id").stream()
                .map(item -> item.path("Id").asText() + "=" + item.path("Name").asText()).toList();
        assertThat(items).contains(id + "=" + label);
    }

    @Test
    void companyRankingIsComplete() {
        assertThat(standIn.get("/lookup/companyranking").findValuesAsText("Id")).containsExactly("fortune100", "fortune500",
                "fortune1000", "global500", "private500", "russell3000");
    }

    @Test
    void newsCategoriesArePlainTexts() {
        assertThat(standIn.get("/lookup/news/categories").toString()).isEqualTo("[\"FINANCIAL_RESULTS\",\"FUNDING\","
                + "\"GENERAL_NEWS\",\"GENERAL_PRESS_RELEASE\",\"MERGER_OR_ACQUISTION\",\"PERSON\",\"PRODUCT\"]");
    }

    @Test
    void intentTopicsAreObjectsOfFiveTexts() {
        JsonNode topics = standIn.get("/lookup/intent/topics");
        assertThat(topics.size()).isGreaterThan(20);
        topics.forEach(topic -> assertThat(topic.properties()).extracting(Map.Entry::getKey)
                .containsExactly("Name", "Category", "Department", "JobFunction", "Description"));
    }

    @Test
    void technologiesAreNarrowedByVendorParentCategoryAndCategory() {
        assertThat(standIn.get("/lookup/tech/product?vendor=microsoft%20corporation").findValuesAsText("Name"))
                .containsExactly("Dynamics 365 Sales", "Azure", "Dynamics 365 Business Central", "Teams");
        assertThat(standIn.get("/lookup/tech/product?vendor=Microsoft&parentCategory=sales").findValuesAsText("Id"))
                .containsExactly("333.202.3");
        assertThat(standIn.get("/lookup/tech/vendor?category=Sales%20Engagement").findValuesAsText("Name"))
                .containsExactly("Outreach", "Salesloft");
        assertThat(standIn.get("/lookup/tech/category?parentCategory=Security").findValuesAsText("Name"))
                .containsExactly("Identity Management", "Endpoint Security", "Network Security");
        assertThat(standIn.get("/lookup/hashtag?vendor=Okta").findValuesAsText("Name")).containsExactly("Uses Okta");
        assertThat(standIn.get("/lookup/tech/product?vendor=Nobody")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"country, country", "state, state", "continent, continent", "metroarea, metroRegion", "industry, industryCodes",
        "siccode, sicCodes", "naicscode, naicsCodes", "employeecount, employeeCount", "revenuerange, revenue",
        "companytype, companyType", "tech/product, techAttributeTagList", "tech/category, techAttributeTagList",
        "hashtag, hashTagString"})
    void everyValueFindsCompanies(String name, String criterion) {
        for (String id : standIn.get("/lookup/" + name).findValuesAsText("Id")) {
            JsonNode found = standIn.post("/search/company", "{\"" + criterion + "\":\"" + id + "\",\"rpp\":1}");
            assertThat(found.path("maxResults").asInt()).as(id).isBetween(1, 9_999);
        }
    }

    @ParameterizedTest
    @CsvSource({"managementLevel, managementLevel", "department, department", "jobfunction, jobFunction"})
    void valuesOfPeopleFindContacts(String name, String criterion) {
        int found = 0;
        List<String> ids = standIn.get("/lookup/" + name).findValuesAsText("Id");
        for (String id : ids) {
            int matches = standIn.post("/search/contact", "{\"" + criterion + "\":\"" + id + "\",\"rpp\":1}").path("maxResults")
                    .asInt();
            assertThat(matches).as(id).isLessThan(90_000);
            found += matches > 0 ? 1 : 0;
        }
        // Nobody is in the department "Other"; whether somebody sits on a board is not a level of its own.
        assertThat(found).isGreaterThanOrEqualTo(ids.size() - 1);
    }

    @Test
    void lookupsCostNothing() {
        standIn.get("/lookup/country");
        assertThat(standIn.used("/usage/requests")).isZero();
    }
}
