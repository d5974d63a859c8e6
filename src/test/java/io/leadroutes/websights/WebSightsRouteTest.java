package io.leadroutes.websights;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.leadroutes.ShortRounds;
import io.leadroutes.crm.salesforce.StandInBench;
import io.leadroutes.sandbox.salesforce.SalesforceSandbox;
import io.leadroutes.sandbox.world.Company;
import io.leadroutes.sandbox.world.World;
import io.leadroutes.sandbox.zoominfo.ZoomInfoServer;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.restassured.path.json.JsonPath;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** From the web site's pixel to the signal on the account, against both stand-ins. */
@QuarkusTest
@TestProfile(WebSightsRouteTest.Visited.class)
class WebSightsRouteTest {

    private static final String OWNER = "005Sb0000000001IAA";

    public static class Visited implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of(ShortRounds.KEY, ShortRounds.SHORT,
                    "websights.enabled", "true", "websights.trusted-proxies", "127.0.0.0/8,::1",
                    "compliance.ask-zoominfo", "false", "camel.main.routes-include-pattern",
                    "file:routes/intake/website-*.camel.yaml,file:routes/pipeline/website-*.camel.yaml,"
                            + "file:routes/jobs/website-*.camel.yaml,file:routes/pipeline/crm-update*.camel.yaml,"
                            + "file:routes/pipeline/compliance-*.camel.yaml,file:routes/shared/*.camel.yaml,"
                            + "file:routes/zoominfo/*.camel.yaml");
        }

        @Override
        public List<TestResourceEntry> testResources() {
            return List.of(new TestResourceEntry(StandInBench.class), new TestResourceEntry(ZoomInfoStandIn.class));
        }
    }

    SalesforceSandbox salesforce;
    ZoomInfoServer zoomInfo;

    @Test
    void aCompanyThatReadsThePricesIsASignalOfTheOwnerOfItsAccountWhichGrows() {
        Company company = World.of(42).companies().stream().filter(one -> one.networkConfidence() >= 60).findFirst()
                .orElseThrow();
        String token = given().baseUri(salesforce()).formParams(Map.of("grant_type", "password",
                "client_id", SalesforceSandbox.CONSUMER_KEY, "client_secret", SalesforceSandbox.CONSUMER_SECRET,
                "username", SalesforceSandbox.USERNAME, "password", SalesforceSandbox.PASSWORD))
                .post("/services/oauth2/token").jsonPath().getString("access_token");
        String account = given().baseUri(salesforce()).auth().oauth2(token).contentType("application/json")
                .body(Map.of("Name", company.name(), "OwnerId", OWNER, "ZoomInfo_Company_Id__c",
                        Long.toString(company.id()))).post("/services/data/v62.0/sobjects/Account").jsonPath().getString("id");

        visit(company.publicIp(0), "/pricing");
        visit(company.publicIp(0), "/pricing");
        visit("10.0.0.1", "/pricing");
        within(() -> assertThat(signals(token).getMap("records[0]")).containsEntry("Account__c", account)
                .containsEntry("OwnerId", OWNER).containsEntry("Page_Views__c", 2).containsEntry("Source__c", "WebSights"));

        given().header("X-Forwarded-For", company.publicIp(0)).get("/websights/pixel.gif?page=/demo").then()
                .statusCode(200).contentType("image/gif");
        within(() -> assertThat(signals(token).getMap("records[0]")).containsEntry("Page_Views__c", 3));
        assertThat(signals(token).getList("records")).hasSize(1);
        assertThat(given().baseUri("http://localhost:" + zoomInfo.port()).get("/_sandbox/calls?path=/enrich/ip").asString()
                .lines()).hasSize(1);
    }

    private static void visit(String address, String page) {
        given().header("X-Forwarded-For", address).contentType("application/json")
                .body(Map.of("page", "https://www.ours.example" + page, "visitorId", "v-1")).post("/websights/visits")
                .then().statusCode(202);
    }

    private JsonPath signals(String token) {
        return given().baseUri(salesforce()).auth().oauth2(token).queryParam("q",
                "SELECT Account__c, OwnerId, Page_Views__c, Source__c FROM Account_Signal__c")
                .get("/services/data/v62.0/query").jsonPath();
    }

    private String salesforce() {
        return "http://localhost:" + salesforce.port();
    }

    private static void within(org.awaitility.core.ThrowingRunnable assertion) {
        await().atMost(Duration.ofSeconds(60)).pollInterval(Duration.ofMillis(200)).untilAsserted(assertion);
    }
}
