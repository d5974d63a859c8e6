package io.leadroutes.sandbox.zoominfo.enrich;

import static io.leadroutes.sandbox.SandboxClient.json;
import static io.leadroutes.sandbox.zoominfo.StandIn.WORLD;
import static io.leadroutes.sandbox.zoominfo.StandIn.company;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import io.leadroutes.sandbox.SandboxClient;
import io.leadroutes.sandbox.world.Company;
import io.leadroutes.sandbox.world.Names;
import io.leadroutes.sandbox.world.Site;
import io.leadroutes.sandbox.zoominfo.StandIn;
import io.leadroutes.sandbox.zoominfo.account.ApiError;
import io.leadroutes.sandbox.zoominfo.profile.MasterFields;
import java.net.http.HttpResponse;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class CompanyMasterTest {

    private static final String REASON = "[\"zi_c_location_id\",\"zi_match_reason\"]";
    /** With an address, a phone, a domain, a parent, several sites, and the only one of its name. */
    private static final Company COMPANY = company(c -> !c.street().isEmpty() && !c.phone().isEmpty() && !c.domain().isEmpty()
            && c.siteCount() > 2 && c.parent().isPresent() && WORLD.companiesNamed(c.name()).size() == 1
            && c.revenueThousands() > 0);
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
    void everyNameOfTheReferenceCanBeAskedForAndNothingIsNullOrEmpty() {
        Map<String, String> types = new MasterFields(WORLD).types();
        assertThat(types).hasSize(200);
        ArrayNode names = SandboxClient.JSON.valueToTree(types.keySet());
        JsonNode answer = enrich(names.toString(), "{\"zi_c_location_id\":" + COMPANY.id() + "}");
        assertThat(answer.at("/data/outputFields")).isEqualTo(names);
        JsonNode data = answer.at("/data/result/0/data");
        assertThat(data.size()).isBetween(120, 190);
        data.properties().forEach(field -> {
            JsonNode value = field.getValue();
            assertThat(value.isNull() || value.asText("-").isEmpty() || value.isArray() && value.isEmpty()).as(field.getKey())
                    .isFalse();
            boolean fits = switch (types.get(field.getKey())) {
                case "Long" -> value.isIntegralNumber();
                case "Float" -> value.isNumber();
                case "ArrayList" -> value.isArray();
                case "Object" -> value.isObject();
                default -> value.isTextual();
            };
            assertThat(fits).as(field + " is " + types.get(field.getKey())).isTrue();
        });
        assertThat(data.has("zi_c_street_2")).isFalse();
        assertThat(data.path("zi_c_is_hq").asText()).isEqualTo("1");
        assertThat(data.path("zi_c_is_subsidiary").asText()).isEqualTo("1");
        assertThat(data.path("zi_c_immediate_parent_company_id").asLong()).isEqualTo(COMPANY.parent().orElseThrow().id());
        assertThat(data.path("zi_c_global_parent_name").asText()).isEqualTo(COMPANY.ultimateParent().name());
        assertThat(data.path("zi_c_revenue").asLong()).isEqualTo(COMPANY.revenueThousands());
    }

    @Test
    void aCompanyIsFoundByEveryInput() {
        JsonNode ids = enrich("[\"zi_es_ecid\",\"zi_es_location_id\"]", "{\"zi_c_location_id\":\"" + COMPANY.id() + "\"}")
                .at("/data/result/0/data");
        JsonNode answer = enrich(REASON,
                "{\"zi_es_ecid\":" + ids.path("zi_es_ecid") + "}",
                "{\"zi_es_location_id\":" + ids.path("zi_es_location_id") + "}",
                "{\"zi_c_company_id\":\"" + COMPANY.id() + "\"}",
                "{\"zi_c_url\":\"https://www." + COMPANY.domain().toUpperCase() + "/about\"}",
                "{\"zi_c_name\":\"" + Names.company(COMPANY.name()) + "\"}",
                "{\"phone\":{\"zi_c_phone\":\"" + COMPANY.phone() + "\",\"zi_c_country\":\"United States\"}}",
                "{\"email\":\"somebody@" + COMPANY.domain() + "\"}",
                "{\"address\":{\"zi_c_street\":\"" + COMPANY.street() + "\",\"zi_c_city\":\"" + COMPANY.place().city() + "\"}}");
        assertThat(answer.at("/data/result")).hasSize(8);
        answer.at("/data/result").forEach(result -> {
            assertThat(result.path("statusCode").asInt()).as(result.toString()).isEqualTo(200);
            assertThat(result.at("/data/zi_c_location_id").asLong()).as(result.toString()).isEqualTo(COMPANY.id());
        });
    }

    @Test
    void anAddressChoosesTheSiteOfTheCompany() {
        Site site = WORLD.sitesOf(COMPANY).get(1);
        JsonNode data = enrich("[\"zi_c_location_id\",\"zi_c_is_hq\",\"zi_c_company_id\",\"zi_c_street\",\"zi_match_reason\"]",
                "{\"zi_c_name\":\"" + COMPANY.name() + "\",\"address\":{\"zi_c_street\":\"" + site.street() + "\",\"zi_c_zip\":\""
                        + site.zipCode() + "\",\"zi_c_city\":\"" + site.place().city() + "\"}}").at("/data/result/0/data");
        assertThat(data.path("zi_c_location_id").asLong()).isEqualTo(site.id()).isNotEqualTo(COMPANY.id());
        assertThat(data.path("zi_c_is_hq").asText()).isEqualTo("0");
        assertThat(data.path("zi_c_company_id").asLong()).isEqualTo(COMPANY.id());
        JsonNode reason = data.path("zi_match_reason");
        assertThat(reason.path("zi_match_reason_building_number").asText()).isEqualTo("E");
        assertThat(reason.path("zi_match_reason_road_name").asText()).isEqualTo("E");
        assertThat(reason.path("zi_match_reason_road_type").asText()).isEqualTo("E");
        assertThat(reason.path("zi_match_reason_website").asText()).isEqualTo("M");
    }

    @Test
    void theReasonTellsEqualAlikeDifferentAndMissingAndTheScoreCountsTheFirstTwo() {
        String name = Names.company(COMPANY.name());
        JsonNode reason = enrich(REASON, "{\"zi_c_url\":\"" + COMPANY.domain() + "\",\"zi_c_name\":\""
                + name + " International\",\"address\":{\"zi_c_city\":\"Nowhere\"}}").at("/data/result/0/data/zi_match_reason");
        assertThat(reason.path("zi_match_name").asText()).isEqualTo(COMPANY.name());
        assertThat(reason.path("zi_match_reason_website").asText()).isEqualTo("E");
        assertThat(reason.path("zi_match_reason_name").asText()).isEqualTo("F");
        assertThat(reason.path("zi_match_reason_city").asText()).isEqualTo("D");
        assertThat(reason.path("zi_match_reason_state").asText()).isEqualTo("M");
        assertThat(reason.path("zi_match_score").asText()).isEqualTo("2");
    }

    @Test
    void matchReasonsAreAlternativesThatAMatchMustMeet() {
        String input = "\"zi_c_url\":\"" + COMPANY.domain() + "\",\"zi_c_name\":\"" + Names.company(COMPANY.name()) + " Intl\"";
        JsonNode answer = enrich(REASON, "{" + input + ",\"match_reasons\":[{\"zi_c_url\":\"E\",\"zi_c_name\":\"F\"}]}",
                "{" + input + ",\"match_reasons\":[{\"zi_c_name\":\"E\"}]}",
                "{" + input + ",\"match_reasons\":[{\"zi_c_name\":\"E\"},{\"zi_c_url\":\"F\",\"match_score\":2}]}",
                "{" + input + ",\"match_reasons\":[{\"zi_c_url\":\"E\",\"match_score\":3}]}",
                "{" + input + ",\"match_reasons\":[{\"zi_c_zip\":\"M\"}]}");
        assertThat(answer.at("/data/result").findValuesAsText("matchStatus"))
                .containsExactly("FULL_MATCH", "NO_MATCH", "FULL_MATCH", "NO_MATCH", "FULL_MATCH");
        assertThat(answer.at("/data/result/1/data")).isEmpty();
    }

    @Test
    void inputsAreEchoedInLowerCaseHoweverDeep() {
        JsonNode input = enrich(REASON, "{\"zi_c_name\":\"ACME\",\"zi_c_location_id\":7,\"address\":{\"zi_c_City\":\"Mc Lean\"},"
                + "\"match_reasons\":[{\"zi_c_name\":\"E\"}]}").at("/data/result/0/input");
        assertThat(input.toString()).isEqualTo("{\"zi_c_name\":\"acme\",\"zi_c_location_id\":7,"
                + "\"address\":{\"zi_c_city\":\"mc lean\"},\"match_reasons\":[{\"zi_c_name\":\"e\"}]}");
    }

    @Test
    void anUnknownOutputFieldFailsTheRequestInItsOwnShape() {
        HttpResponse<String> answer = standIn.client.post("/enrich/company-master",
                "{\"matchCompanyInput\":[{\"zi_c_name\":\"x\"}],\"outputFields\":[\"zi_c_id\",\"zi_c_name\"]}");
        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.body()).isEqualTo("{\"responseCode\":400,\"message\":\"There are invalid fields in your request.\","
                + "\"invalidOutputFields\":[\"zi_c_id\"]}");
        HttpResponse<String> none = standIn.client.post("/enrich/company-master", "{\"matchCompanyInput\":[{}]}");
        assertThat(json(none).path("message").asText()).isEqualTo(ApiError.NO_OUTPUT_FIELDS);
    }

    @Test
    void theAnswerIs400OnlyIfNoInputSucceeded() {
        HttpResponse<String> answer = send("{\"zi_c_id\":2079041960}", "{\"zi_c_name\":5}");
        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(json(answer).path("success").asBoolean(true)).isFalse();
        JsonNode first = json(answer).at("/data/result/0");
        assertThat(first.path("statusCode").asInt()).isEqualTo(400);
        assertThat(first.at("/input/zi_c_id").asLong()).isEqualTo(2079041960L);
        assertThat(first.at("/data/errorMessage").asText())
                .startsWith("There is not sufficient info for your company match request");
        assertThat(json(answer).at("/data/result/1/data/errorMessage").asText()).isEqualTo(ApiError.INVALID_FIELDS);

        HttpResponse<String> mixed = send("{\"zi_c_id\":2079041960}", "{\"zi_c_location_id\":" + COMPANY.id() + "}");
        assertThat(mixed.statusCode()).isEqualTo(200);
        assertThat(json(mixed).path("success").asBoolean()).isTrue();
        assertThat(json(mixed).at("/data/result/0/statusCode").asInt()).isEqualTo(400);
        assertThat(json(mixed).at("/data/result/1/statusCode").asInt()).isEqualTo(200);
    }

    @Test
    void aMatchCostsARecordAndTheCompanysCreditOnce() {
        enrich(REASON, "{\"zi_c_location_id\":" + COMPANY.id() + "}",
                "{\"zi_c_location_id\":" + WORLD.sitesOf(COMPANY).get(1).id() + "}", "{\"zi_c_name\":\"Nobody Knows It\"}");
        assertThat(standIn.used("/usage/requests")).isEqualTo(1);
        assertThat(standIn.used("/usage/records")).isEqualTo(2);
        assertThat(standIn.used("/credits/charged")).isEqualTo(1);
        standIn.client.settings("{\"usage\":{\"uniqueIdLimit\":1}}");
        Company other = company(c -> c != COMPANY);
        HttpResponse<String> part = send("{\"zi_c_location_id\":" + other.id() + "}",
                "{\"zi_c_location_id\":" + COMPANY.id() + "}");
        assertThat(json(part).at("/data/result").findValuesAsText("matchStatus"))
                .containsExactly("LIMIT_EXCEEDED", "FULL_MATCH");
        StandIn.expectError(send("{\"zi_c_location_id\":" + other.id() + "}"), 400, ApiError.CREDITS_USED_UP);
    }

    @Test
    void twentySixInputsAreTooMany() {
        String[] many = new String[26];
        java.util.Arrays.fill(many, "{\"zi_c_name\":\"x\"}");
        assertThat(send(many).statusCode()).isEqualTo(400);
        assertThat(json(send(many)).path("responseCode").asInt()).isEqualTo(400);
    }

    private static JsonNode enrich(String outputFields, String... inputs) {
        return standIn.post("/enrich/company-master", "{\"matchCompanyInput\":[" + String.join(",", inputs)
                + "],\"outputFields\":" + outputFields + "}");
    }

    private static HttpResponse<String> send(String... inputs) {
        return standIn.client.post("/enrich/company-master", "{\"matchCompanyInput\":[" + String.join(",", inputs)
                + "],\"outputFields\":" + REASON + "}");
    }
}
