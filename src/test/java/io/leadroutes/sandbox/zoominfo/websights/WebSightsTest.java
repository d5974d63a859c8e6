package io.leadroutes.sandbox.zoominfo.websights;

import static io.leadroutes.sandbox.zoominfo.StandIn.WORLD;
import static io.leadroutes.sandbox.zoominfo.StandIn.company;
import static io.leadroutes.sandbox.zoominfo.StandIn.expectError;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.leadroutes.sandbox.world.Company;
import io.leadroutes.sandbox.zoominfo.StandIn;
import io.leadroutes.sandbox.zoominfo.account.ApiError;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WebSightsTest {

    private static final Company SURE = company(c -> c.networkConfidence() >= 60 && c.revenueThousands() > 0);
    private static final Company UNSURE = company(c -> c.networkConfidence() > 0 && c.networkConfidence() < 30);
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
    void everyNetworkOfACompanyLeadsToItWithItsPlace() {
        for (String address : List.of(SURE.publicIp(0), SURE.publicIp(7), SURE.ipPrefix() + "9", SURE.ipv6(0),
                SURE.ipv6(4711).toUpperCase())) {
            JsonNode result = visit(address).at("/data/result/0");
            assertThat(result.path("input").toString()).isEqualTo("[\"" + address.toLowerCase() + "\"]");
            assertThat(result.path("matchStatus").asText()).isEqualTo("FULL_MATCH");
            assertThat(result.at("/data/company/id").asLong()).as(address).isEqualTo(SURE.id());
            assertThat(result.at("/data/company/revenue").asLong()).isEqualTo(SURE.revenueThousands());
            assertThat(result.at("/data/company/confidenceScore").asDouble()).isEqualTo(SURE.networkConfidence() / 100.0);
            assertThat(result.at("/data/company/industries").isArray()).isTrue();
            assertThat(result.at("/data/geoLocation/country_code").asText()).isEqualTo(SURE.place().countryCode());
            assertThat(result.at("/data/geoLocation/location_lat").asDouble()).isEqualTo(SURE.place().latitude());
            assertThat(result.path("data").has("ispInfo")).isFalse();
        }
    }

    @Test
    void theTestNetworkOfTheDocumentationBelongsToCompaniesAndIsNotPrivate() throws UnknownHostException {
        JsonNode company = visit("203.0.113.7").at("/data/result/0/data/company");
        assertThat(WORLD.companyById(company.path("id").asLong())).isPresent();
        for (String address : List.of("203.0.113.7", SURE.publicIp(0), SURE.ipv6(0))) {
            InetAddress parsed = InetAddress.getByName(address);
            assertThat(parsed.isSiteLocalAddress() || parsed.isLinkLocalAddress() || parsed.isLoopbackAddress()
                    || parsed.isMulticastAddress()).as(address).isFalse();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"198.51.100.20", "198.19.255.1", "198.19.64.0", "2001:db8:f000::1", "2001:db8:f3aa:7::2"})
    void aProvidersNetworkTellsTheProviderAndItsRange(String address) {
        JsonNode data = visit(address).at("/data/result/0/data");
        assertThat(data.has("company")).isFalse();
        assertThat(data.at("/ispInfo/type").asText()).isEqualTo("isp");
        assertThat(data.at("/ispInfo/name").asText()).isNotEmpty();
        assertThat(data.at("/ispInfo/ip_lo_string").asText()).isNotEmpty()
                .isNotEqualTo(data.at("/ispInfo/ip_hi_string").asText());
        assertThat(data.at("/geoLocation/country_code").asText()).hasSize(2);
        assertThat(standIn.used("/usage/records")).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "192.168.1.4", "172.16.0.9", "169.254.7.7", "224.0.0.5", "192.0.2.1", "::1", "fe80::1",
        "fd00::12", "8.8.8.8", "10.255.0.1"})
    void anAddressOfNobodyIsNoMatchAndCostsNoRecord(String address) {
        JsonNode result = visit(address).at("/data/result/0");
        assertThat(result.path("data").toString()).isEqualTo("{}");
        assertThat(result.path("matchStatus").asText()).isEqualTo("NO_MATCH");
        assertThat(webSights("X-Usage-Websights-Api-Record-Limit-Remaining", "127.0.0.1")).isEqualTo("10000000");
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"999.1.1.1\"", "\"10.1\"", "\"example.com\"", "\"2001:db8::g\"", "\"1:2:3\"", "17", "\"10.0.0.0/8\""})
    void whatIsNoAddressIsRefused(String address) {
        expectError(standIn.client.post("/enrich/ip", "{\"ipAddress\":" + address + "}"), 400, ApiError.INVALID_FIELDS);
    }

    @Test
    void withoutAnAddressTheInformationIsInsufficient() {
        expectError(standIn.client.post("/enrich/ip", "{}"), 400, ApiError.INSUFFICIENT);
        expectError(standIn.client.post("/enrich/ip", "{\"ipAddress\":\" \"}"), 400, ApiError.INSUFFICIENT);
    }

    @Test
    void aMatchOfLowConfidenceIsWithheldUnlessTheAccountSeesIt() {
        assertThat(visit(UNSURE.publicIp(1)).at("/data/result/0/matchStatus").asText()).isEqualTo("NO_MATCH");
        standIn.client.settings("{\"webSights\":{\"withholdLowConfidence\":false}}");
        JsonNode company = visit(UNSURE.publicIp(1)).at("/data/result/0/data/company");
        assertThat(company.path("id").asLong()).isEqualTo(UNSURE.id());
        assertThat(company.path("confidenceScore").asDouble()).isBetween(0.01, 0.29);
    }

    @Test
    void outputFieldsAreEchoedInCamelCaseAndSorted() {
        JsonNode few = standIn.post("/enrich/ip", "{\"ipAddress\":\"" + SURE.publicIp(0)
                + "\",\"outputFields\":[\"name\",\"employeeCount\",\"id\"]}");
        assertThat(few.at("/data/outputFields").toString()).isEqualTo("[[\"employeeCount\",\"id\",\"name\"]]");
        assertThat(few.at("/data/result/0/data/company").size()).isEqualTo(3);
        JsonNode all = visit(SURE.publicIp(0));
        assertThat(all.at("/data/outputFields/0")).hasSize(13);
        assertThat(all.at("/data/result/0/data/company").size()).isEqualTo(13);
        assertThat(standIn.client.post("/enrich/ip", "{\"ipAddress\":\"10.0.0.1\",\"outputFields\":[\"shoeSize\"]}").body())
                .contains("\"invalidOutputFields\":[\"shoesize\"]");
    }

    @Test
    void onlyTheWebSightsLimitsCountAndAMatchIsOneRecord() {
        visit(SURE.publicIp(0));
        visit("198.51.100.20");
        visit("127.0.0.1");
        assertThat(standIn.used("/usage/requests")).isZero();
        assertThat(standIn.used("/usage/records")).isZero();
        assertThat(standIn.used("/credits/charged")).isZero();
        assertThat(webSights("X-Usage-Websights-Api-Request-Limit-Remaining", "127.0.0.1")).isEqualTo("99999996");
        assertThat(webSights("X-Usage-Websights-Api-Record-Limit-Remaining", "127.0.0.1")).isEqualTo("9999998");
    }

    @Test
    void usedUpLimitsOfWebSightsAre403InTheirOwnWords() {
        visit(SURE.publicIp(0));
        standIn.client.settings("{\"usage\":{\"webSightsApiRecordLimit\":1}}");
        expectError(standIn.client.post("/enrich/ip", "{\"ipAddress\":\"" + SURE.publicIp(0) + "\"}"), 403,
                "You have used up all of your allowed record limit for WebSights API");
        assertThat(visit("127.0.0.1").at("/data/result/0/matchStatus").asText()).isEqualTo("NO_MATCH");
        standIn.client.settings("{\"usage\":{\"webSightsApiRequestLimit\":3}}");
        expectError(standIn.client.post("/enrich/ip", "{\"ipAddress\":\"127.0.0.1\"}"), 403,
                "You have used up all of your allowed request limit for WebSights API");
    }

    private static JsonNode visit(String address) {
        return standIn.post("/enrich/ip", "{\"ipAddress\":\"" + address + "\"}");
    }

    private static String webSights(String header, String address) {
        return standIn.client.post("/enrich/ip", "{\"ipAddress\":\"" + address + "\"}").headers().firstValue(header).orElseThrow();
    }
}
