package io.leadroutes.sandbox.zoominfo.compliance;

import static io.leadroutes.sandbox.zoominfo.StandIn.WORLD;
import static io.leadroutes.sandbox.zoominfo.StandIn.expectError;
import static io.leadroutes.sandbox.zoominfo.StandIn.person;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.leadroutes.sandbox.world.Person;
import io.leadroutes.sandbox.zoominfo.StandIn;
import io.leadroutes.sandbox.zoominfo.account.ApiError;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ComplianceTest {

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
    void aPersonIsFoundByEveryInput() {
        Person person = person(p -> !p.optedOut() && !p.email().isEmpty() && !p.directPhone().isEmpty()
                && WORLD.peopleNamed(p.fullName()).size() == 1 && WORLD.companiesNamed(p.company().name()).size() == 1
                && WORLD.peopleByPhone(p.directPhone()).size() == 1);
        JsonNode answer = check("{\"personId\":" + person.id() + "}",
                "{\"personEmailAddress\":\"" + person.email() + "\"}",
                "{\"personPhone\":\"" + person.directPhone() + "\"}",
                "{\"personFullName\":\"" + person.fullName() + "\",\"companyId\":" + person.company().id() + "}",
                "{\"personFirstName\":\"" + person.firstName() + "\",\"personLastName\":\"" + person.lastName()
                        + "\",\"companyName\":\"" + person.company().name() + "\",\"personCountry\":\""
                        + person.place().country() + "\",\"personState\":\"" + person.place().state() + "\"}");
        assertThat(answer.at("/data").has("outputFields")).isFalse();
        assertThat(answer.at("/data/result")).hasSize(5);
        answer.at("/data/result").forEach(result -> {
            assertThat(result.at("/data/0/id").asLong()).as(result.path("input").toString()).isEqualTo(person.id());
            assertThat(result.path("matchStatus").asText()).isEqualTo("FULL_MATCH");
        });
        assertThat(answer.at("/data/result/1/input").toString())
                .isEqualTo("{\"personemailaddress\":\"" + person.email() + "\"}");
    }

    @Test
    void aNamesakeElsewhereIsNoMatch() {
        Person person = person(p -> !p.optedOut() && WORLD.peopleNamed(p.fullName()).size() == 1);
        JsonNode answer = check("{\"personFullName\":\"" + person.fullName() + "\",\"companyName\":\"Unheard Of Anywhere\"}",
                "{\"personFullName\":\"Nobody Nowhere\",\"companyName\":\"" + person.company().name() + "\"}",
                "{\"personId\":" + person.id() + ",\"personCountry\":\"Atlantis\"}", "{\"personFirstName\":\"Only\"}");
        assertThat(answer.at("/data/result").findValuesAsText("matchStatus"))
                .containsExactly("NO_MATCH", "NO_MATCH", "NO_MATCH", "INVALID_INPUT");
        answer.at("/data/result").forEach(result -> assertThat(result.path("data")).isEmpty());
    }

    @Test
    void ofAPersonWhoOptedOutNothingIsToldButThat() {
        Person person = person(p -> p.optedOut() && !p.email().isEmpty());
        JsonNode result = check("{\"personEmailAddress\":\"" + person.email() + "\"}").at("/data/result/0");
        assertThat(result.path("matchStatus").asText()).isEqualTo("OPT_OUT");
        assertThat(result.path("data")).isEmpty();
    }

    @Test
    void flagsFollowThePlaceOfWork() {
        Person european = person(p -> !p.optedOut() && p.place().withinEu());
        Person californian = person(p -> !p.optedOut() && p.place().withinCalifornia());
        Person canadian = person(p -> !p.optedOut() && p.place().withinCanada() && p.email().endsWith(".ca"));
        Person other = person(p -> !p.optedOut() && p.place().state().equals("Texas")
                && p.company().place().state().equals("Texas"));
        assertThat(flags(european)).isEqualTo("true false false Yes");
        assertThat(flags(californian)).startsWith("false true false");
        assertThat(flags(canadian)).startsWith("false false true");
        assertThat(flags(other)).isEqualTo("false false false No");
        assertThat(record(canadian).path("hasCanadianEmail").asText()).isEqualTo("true");
        assertThat(record(canadian).path("hasCanadianEmail").isTextual()).isTrue();
    }

    @Test
    void theNoticeIsADateWhereItWasGivenAndATextWhereNoneIsRequired() {
        Person told = person(p -> !p.optedOut() && p.noticeProvided().isPresent());
        Person untold = person(p -> !p.optedOut() && p.place().withinEu() && p.noticeProvided().isEmpty());
        Person free = person(p -> !p.optedOut() && p.place().state().equals("Texas"));
        assertThat(record(told).path("noticeProvidedDate").asText()).matches("\\d{2}/\\d{2}/\\d{4}");
        assertThat(record(untold).path("noticeProvidedDate").asText()).isEqualTo("Notice not provided");
        assertThat(record(free).path("noticeProvidedDate").asText()).isEqualTo("Notice not required");
    }

    @Test
    void aPersonWhoMovedHasPastAddressesAndPositions() {
        Person moved = person(p -> !p.optedOut() && !p.formerEmail().isEmpty() && !p.email().isEmpty());
        JsonNode record = record(moved);
        assertThat(record.path("pastEmailAddresses").toString()).isEqualTo("[\"" + moved.formerEmail() + "\"]");
        assertThat(record.path("emailAddresses").toString())
                .isEqualTo("[\"" + moved.email() + "\",\"" + moved.formerEmail() + "\"]");
        assertThat(record.path("hasMoved").asText()).isEqualTo("Yes");
        assertThat(record.at("/employmentHistory/1/companyName").asText())
                .isEqualTo(moved.formerCompany().orElseThrow().name());
        assertThat(record.at("/company/name").asText()).isEqualTo(moved.company().name());
    }

    @Test
    void aCheckCostsARequestAndNothingElse() {
        check("{\"personId\":" + person(p -> !p.optedOut()).id() + "}");
        assertThat(standIn.used("/usage/requests")).isEqualTo(1);
        assertThat(standIn.used("/usage/records")).isZero();
        assertThat(standIn.used("/credits/charged")).isZero();
    }

    @Test
    void badRequestsGetTheDocumentedTexts() {
        expectError(standIn.client.post("/compliance", "{}"), 400, ApiError.INSUFFICIENT);
        expectError(standIn.client.post("/compliance", "{\"matchPersonInput\":[{\"shoeSize\":\"44\"}]}"), 400,
                ApiError.INVALID_FIELDS);
        expectError(standIn.client.post("/compliance", "{\"matchPersonInput\":[7]}"), 400, ApiError.INVALID_FIELDS);
        String many = "{\"personId\":1}" + ",{\"personId\":1}".repeat(25);
        expectError(standIn.client.post("/compliance", "{\"matchPersonInput\":[" + many + "]}"), 400, ApiError.INVALID_FIELDS);
    }

    @Test
    void accessCanBeTakenAway() {
        standIn.client.settings("{\"deniedEndpoints\":[\"/compliance\"]}");
        expectError(standIn.client.post("/compliance", "{}"), 403, "You do not have access to this endpoint");
    }

    private static JsonNode record(Person person) {
        return check("{\"personId\":" + person.id() + "}").at("/data/result/0/data/0");
    }

    private static String flags(Person person) {
        JsonNode record = record(person);
        return record.path("withinEu") + " " + record.path("withinCalifornia") + " " + record.path("withinCanada") + " "
                + record.path("looksLikeEu").asText();
    }

    private static JsonNode check(String... inputs) {
        return standIn.post("/compliance", "{\"matchPersonInput\":[" + String.join(",", inputs) + "]}");
    }
}
