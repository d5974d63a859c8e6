package io.leadroutes.api;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.leadroutes.FreshDatabase;
import io.leadroutes.lead.LogContext;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;
import org.apache.camel.CamelContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.jdbc.core.JdbcTemplate;

/** Whatever goes wrong, the API answers with a problem and with nothing from inside. */
@QuarkusTest
@TestProfile(ApiProblemTest.Api.class)
class ApiProblemTest {

    public static class Api implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of("camel.main.routes-include-pattern", "file:routes/intake/http-lead-received.camel.yaml,"
                    + "file:routes/shared/http-intake.camel.yaml");
        }

        @Override
        public List<TestResourceEntry> testResources() {
            return List.of(new TestResourceEntry(FreshDatabase.class));
        }
    }

    @Inject
    DataSource dataSource;
    @Inject
    CamelContext camel;

    @AfterEach
    void restore() {
        new JdbcTemplate(dataSource).execute("alter table if exists hidden_pool_state rename to pool_state");
        new JdbcTemplate(dataSource).execute("alter table lead_event drop constraint if exists nobody");
    }

    @ParameterizedTest
    @CsvSource({"GET,/api/nothing,404", "GET,/api/leads/not-an-id,404", "DELETE,/api/pools,405", "DELETE,/api/leads,405",
            "GET,/api/leads?limit=0,400", "GET,/api/leads?cursor=x,400", "GET,/api/leads?q=%00,400"})
    void aRequestThatCannotBeAnsweredGetsAProblem(String method, String path, int status) {
        problem(given().urlEncodingEnabled(false).request(method, path), status);
    }

    @Test
    void aBodyOfAnotherTypeOrShapeGetsAProblem() {
        problem(given().contentType("text/plain").body("x").post("/api/dead-letters/replay"), 415);
        problem(given().contentType("application/json").body("{\"all\": ").post("/api/dead-letters/replay"), 400);
        problem(given().contentType("application/json").body("{\"all\": {}}").post("/api/dead-letters/replay"), 400);
    }

    @Test
    void aFailureInsideTellsNothingOfTheInside() {
        new JdbcTemplate(dataSource).execute("alter table pool_state rename to hidden_pool_state");
        assertThat(problem(given().get("/api/pools"), 500)).doesNotContain("pool_state", "SQL", "Exception", "at io.");
    }

    @Test
    void theStepsOfEveryRouteLogUnderTheIdOfTheirRequest() {
        assertThat(camel.getCamelContextExtension().getInterceptStrategies()).hasAtLeastOneElementOfType(LogContext.class);
    }

    @Test
    void anErrorOfTheDatabaseNeverQuotesTheRow() {
        JdbcTemplate jdbc = new JdbcTemplate(dataSource);
        jdbc.execute("alter table lead_event add constraint nobody check (lead ->> 'lastName' <> 'Lovelace')");
        assertThatThrownBy(() -> jdbc.update("""
                insert into lead_event (event_id, source, record_id, version, request_id, state, lead)
                values (gen_random_uuid(), 'web', '1', '1', 'r', 'RECEIVED', ?::jsonb)""", "{\"lastName\": \"Lovelace\"}"))
                .hasMessageContaining("nobody").satisfies(e -> assertThat(e.toString()).doesNotContain("Lovelace"))
                .rootCause().satisfies(e -> assertThat(e.toString()).doesNotContain("Lovelace"));
        String told = problem(given().contentType("application/json").body("{\"source\": \"web\", \"recordId\": \"1\", "
                + "\"lastName\": \"Lovelace\", \"company\": \"Acme\"}").post("/api/leads"), 503);
        assertThat(told).doesNotContain("Lovelace", "nobody");
    }

    private static String problem(Response answer, int status) {
        String body = answer.asString();
        assertThat(answer.statusCode()).as(body).isEqualTo(status);
        assertThat(answer.contentType()).as(body).startsWith("application/problem+json");
        assertThat(answer.jsonPath().getInt("status")).isEqualTo(status);
        assertThat(answer.jsonPath().getString("title")).isNotBlank();
        return body;
    }
}
