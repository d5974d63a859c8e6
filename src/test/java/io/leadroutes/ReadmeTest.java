package io.leadroutes;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.allOf;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.everyItem;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.lessThanOrEqualTo;
import static org.hamcrest.Matchers.not;

import io.leadroutes.sandbox.control.SandboxTime;
import io.leadroutes.sandbox.salesforce.SalesforceSandbox;
import io.leadroutes.sandbox.world.World;
import io.leadroutes.sandbox.zoominfo.ZoomInfoServer;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.restassured.http.ContentType;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.support.DefaultExchange;
import org.junit.jupiter.api.Test;

/** The route that the README shows, in the folder of routes as a reader would put it there, against both stand-ins. */
@QuarkusTest
@TestProfile(ReadmeTest.WithTheRouteOfTheReadme.class)
class ReadmeTest {

    private static final Path ROUTE = Path.of("src/test/resources/readme/newest-lead-colleagues.camel.yaml");

    public static class WithTheRouteOfTheReadme implements QuarkusTestProfile {
        @Override
        public List<TestResourceEntry> testResources() {
            return List.of(new TestResourceEntry(Bench.class));
        }
    }

    /**
     * Both stand-ins on free ports, and a copy of the folder of routes with the new file in it. The lint at the start
     * reads that folder and refuses the start if it finds an error.
     */
    public static class Bench implements QuarkusTestResourceLifecycleManager {

        private Path routes;
        private ZoomInfoServer zoomInfo;
        private SalesforceSandbox salesforce;

        @Override
        public Map<String, String> start() {
            World world = World.of(42);
            zoomInfo = ZoomInfoServer.start("localhost", 0, world, 42, SandboxTime.system());
            salesforce = SalesforceSandbox.start(new SalesforceSandbox.Options("localhost", 0, 0, 0, 42), world,
                    SandboxTime.system());
            try {
                routes = Files.createTempDirectory("routes");
                copy(Path.of("routes"), routes);
                Files.copy(ROUTE, routes.resolve("intake").resolve(ROUTE.getFileName()));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            Map<String, String> keys = new HashMap<>();
            keys.put("database.url", TestDatabase.migratedUrl());
            keys.put("routes.directory", routes.toString());
            keys.put("zoominfo.base-url", "http://localhost:" + zoomInfo.port());
            keys.put("salesforce.login-url", "http://localhost:" + salesforce.port());
            keys.put("salesforce.client-id", SalesforceSandbox.CONSUMER_KEY);
            keys.put("salesforce.client-secret", SalesforceSandbox.CONSUMER_SECRET);
            keys.put("salesforce.username", SalesforceSandbox.USERNAME);
            keys.put("salesforce.password", SalesforceSandbox.PASSWORD);
            return keys;
        }

        private static void copy(Path from, Path to) throws IOException {
            try (Stream<Path> files = Files.walk(from)) {
                for (Path file : files.toList()) {
                    if (!file.equals(from)) {
                        Files.copy(file, to.resolve(from.relativize(file).toString()));
                    }
                }
            }
        }

        @Override
        public void stop() {
            zoomInfo.close();
            salesforce.close();
            try (Stream<Path> files = Files.walk(routes)) {
                files.sorted(Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public void inject(TestInjector injector) {
            injector.injectIntoFields(salesforce, new TestInjector.MatchesType(SalesforceSandbox.class));
            injector.injectIntoFields(zoomInfo, new TestInjector.MatchesType(ZoomInfoServer.class));
        }
    }

    SalesforceSandbox salesforce;
    ZoomInfoServer zoomInfo;

    @Inject
    CamelContext camel;

    @Test
    void theReadmeShowsThisRouteWordByWord() throws IOException {
        assertThat(Files.readString(Path.of("README.md"))).contains("```yaml\n" + Files.readString(ROUTE) + "```\n");
    }

    @Test
    void theRouteNamesPeopleWhomZoomInfoKnowsAtTheCompanyOfTheNewestLead() {
        String company = given().contentType(ContentType.JSON)
                .header("Authorization", "Bearer " + zoomInfoToken())
                .body(Map.of("matchPersonInput", List.of(Map.of("personId", 1000000003L)), "outputFields",
                        List.of("id", "companyName")))
                .post("http://localhost:" + zoomInfo.port() + "/enrich/contact").then().statusCode(200)
                .extract().path("data.result[0].data[0].company.name");
        create(company);

        given().get("/api/newest-lead/colleagues").then().statusCode(200)
                .contentType(containsString("application/json"))
                .body("data.size()", allOf(greaterThan(0),
                        lessThanOrEqualTo(5)))
                .body("data.company.name", everyItem(containsString(company)))
                .body("data.id", everyItem(not(0)));
    }

    @Test
    void theNameOfTheCompanyReachesZoomInfoWholeWhateverIsInIt() {
        String name = "Smith, \"Jones\" (& {Sons}), Inc.";
        Exchange exchange = new DefaultExchange(camel);
        exchange.getMessage().setBody("{\"records\":[{\"Company\":\"Smith, \\\"Jones\\\" (& {Sons}), Inc.\"}]}");
        Object criteria = camel.resolveLanguage("simple")
                .createExpression("${map(companyName,${jsonpath($.records[0].Company)})}")
                .evaluate(exchange, Object.class);

        assertThat(criteria).isEqualTo(Map.of("companyName", name));
    }

    /** The application logs in at its start, and ZoomInfo takes one log-in a second. */
    private String zoomInfoToken() {
        return await().until(() -> given().contentType(ContentType.JSON)
                .body(Map.of("username", "sandbox@leadroutes.example", "password", "sandbox-password"))
                .post("http://localhost:" + zoomInfo.port() + "/authenticate"), answer -> answer.statusCode() == 200)
                .path("jwt");
    }

    private void create(String company) {
        String url = "http://localhost:" + salesforce.port();
        String token = given().formParam("grant_type", "password")
                .formParam("client_id", SalesforceSandbox.CONSUMER_KEY)
                .formParam("client_secret", SalesforceSandbox.CONSUMER_SECRET)
                .formParam("username", "ana@leadroutes.example").formParam("password", SalesforceSandbox.PASSWORD)
                .post(url + "/services/oauth2/token").then().statusCode(200).extract().path("access_token");
        given().header("Authorization", "Bearer " + token).contentType(ContentType.JSON)
                .body(Map.of("LastName", "Example", "Company", company))
                .post(url + "/services/data/v62.0/sobjects/Lead").then().statusCode(201);
    }
}
