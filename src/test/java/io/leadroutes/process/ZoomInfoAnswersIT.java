package io.leadroutes.process;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.leadroutes.sandbox.world.Person;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of leads when ZoomInfo answers badly, or not as it should. */
class ZoomInfoAnswersIT {

    private static final String ENRICH = "\"path\": \"/enrich/contact\"";
    private static Installation installation;
    private static final List<String> SENSITIVE = new ArrayList<>();

    @BeforeAll
    static void start() throws IOException {
        installation = new Installation("zoominfo-answers",
                Map.of("zoominfo.pause.outage", "2s", "zoominfo.pause.account", "1s")).start();
    }

    @AfterAll
    static void stop() {
        installation.close();
        assertThat(installation.log()).as("personal data or secrets in the log").doesNotContainIgnoringCase(
                Stream.concat(SENSITIVE.stream(), Stream.of("sandbox-password", "sandbox-consumer-secret", "Bearer ",
                        "BEGIN PRIVATE KEY", "eyJ")).toArray(String[]::new));
    }

    @AfterEach
    void mend() throws IOException {
        installation.zoominfo("""
                {"faults": [], "enrich": {"resultOrder": "input"}, "disallowedFields": ["techSkills", "engagements"],
                 "usage": {"requestLimit": 10000000, "uniqueIdLimit": 100000}}""");
    }

    @ParameterizedTest
    @ValueSource(strings = {"shuffled", "reversed"})
    void inWhateverOrderTheResultsComeEveryLeadGetsItsOwnPerson(String order) throws IOException {
        installation.zoominfo("{\"enrich\": {\"resultOrder\": \"" + order + "\"}}");
        List<Person> people = people(25);
        List<String> events = post(people);
        for (int i = 0; i < events.size(); i++) {
            JsonNode story = installation.await(events.get(i), "DONE");
            assertThat(story.path("lead").path("email").asText()).isEqualToIgnoringCase(people.get(i).email());
            assertThat(story.path("match").path("personId").asText()).isEqualTo(String.valueOf(people.get(i).id()));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"malformed-json", "truncate"})
    void anAnswerThatIsNotJsonIsAskedForAgain(String kind) throws IOException {
        installation.zoominfo("{\"faults\": [{\"kind\": \"" + kind + "\", " + ENRICH + ", \"calls\": [1, 2]}]}");
        JsonNode credits = installation.zoominfoStats().path("credits");
        List<String> events = post(people(5));
        installation.await(events, "DONE");
        assertThat(installation.deadLettersOf(events)).isZero();
        assertThat(installation.zoominfoStats().path("credits").path("charged").asInt()
                - credits.path("charged").asInt()).as("credits").isEqualTo(5);
        assertThat(installation.zoominfoStats().path("credits").path("mostChargesOfOnePerson").asInt()).isEqualTo(1);
    }

    @Test
    void aLeadWhoseAnswerStaysUnreadableEndsInADeadLetterAndTheOther24AreDone() throws IOException {
        assertOnlyThePoisonDies("{\"kind\": \"malformed-json\", ", "PROTOCOL", 200);
    }

    @Test
    void aLeadThatZoomInfoRefusesEndsInADeadLetterAndTheOther24AreDone() throws IOException {
        assertOnlyThePoisonDies("{\"kind\": \"status\", \"status\": 400, ", "INVALID_REQUEST", 400);
    }

    @Test
    void aLeadOnWhichZoomInfoFailsEndsInADeadLetterAndTheOther24AreDone() throws IOException {
        assertOnlyThePoisonDies("{\"kind\": \"status\", \"status\": 500, ", "SERVER_ERROR", 500);
    }

    private static void assertOnlyThePoisonDies(String fault, String failureClass, int status) throws IOException {
        List<Person> people = people(25);
        installation.zoominfo("{\"faults\": [" + fault + ENRICH + ", \"contains\": \"" + people.get(13).email()
                + "\", \"rate\": 1}]}");
        List<String> events = post(people);
        for (int i = 0; i < events.size(); i++) {
            JsonNode story = installation.await(events.get(i), "DONE", "DEAD");
            assertThat(story.path("state").asText()).as("%s", story).isEqualTo(i == 13 ? "DEAD" : "DONE");
        }
        assertThat(installation.deadLettersOf(events)).isEqualTo(1);
        JsonNode letter = installation.deadLetters("&state=OPEN").path(0);
        assertThat(letter.path("eventId").asText()).isEqualTo(events.get(13));
        assertThat(letter.path("failureClass").asText()).isEqualTo(failureClass);
        assertThat(letter.path("status").asInt()).isEqualTo(status);
        assertThat(letter.path("requestIdKind").asText()).isEqualTo("RESPONSE");
        assertThat(letter.path("stage").asText()).isEqualTo("ENRICH");
    }

    @Test
    void fieldsThatTheAccountMayNotHaveAreLeftOutWithOneWarningAndNoLeadSuffers() throws IOException {
        installation.await(post(people(1)), "DONE");
        installation.zoominfo("{\"disallowedFields\": [\"mobilePhone\", \"companyRevenueNumeric\"]}");
        List<String> events = post(people(10));
        installation.await(events, "DONE");
        installation.await(post(people(10)), "DONE");
        assertThat(installation.log().lines().filter(line -> line.contains("WARN")
                && line.toLowerCase(java.util.Locale.ROOT).contains("mobilephone"))).hasSize(1);
        assertThat(installation.log().toLowerCase(java.util.Locale.ROOT)).contains("companyrevenuenumeric");
        assertThat(installation.deadLettersOf(events)).isZero();
    }

    @Test
    void tokensThatAreRevokedInTheMiddleCostNoLead() throws IOException {
        List<String> events = post(people(30));
        installation.zoominfo("{\"revokeTokens\": true}");
        events.addAll(post(people(30)));
        installation.await(events, "DONE");
        assertThat(installation.deadLettersOf(events)).isZero();
    }

    @Test
    void usedUpRequestsParkTheLeadsAndTheyGoOnByThemselvesWhenThereAreMore() throws IOException {
        installation.zoominfo("{\"usage\": {\"requestLimit\": 0}}");
        assertParkedThenDone("{\"usage\": {\"requestLimit\": 10000000}}", 5);
    }

    @Test
    void usedUpCreditsParkTheLeadsAndTheyGoOnByThemselvesWhenThereAreMore() throws IOException {
        installation.zoominfo("{\"usage\": {\"uniqueIdLimit\": 0}}");
        assertParkedThenDone("{\"usage\": {\"uniqueIdLimit\": 100000}}", 5);
    }

    @Test
    void whenTheCreditsSufficeForSomeOfABatchTheOthersWaitAndAreNotTakenForUnknown() throws IOException {
        int spent = installation.zoominfoStats().path("credits").path("charged").asInt();
        installation.zoominfo("{\"usage\": {\"uniqueIdLimit\": " + (spent + 4) + "}}");
        List<String> events = post(people(10));
        List<JsonNode> stories = installation.await(events, "DONE", "PARKED");
        assertThat(stories.stream().filter(story -> story.path("state").asText().equals("DONE"))).hasSize(4);
        installation.zoominfo("{\"usage\": {\"uniqueIdLimit\": 100000}}");
        installation.await(events, "DONE").forEach(story -> assertThat(story.path("match").path("personId").asText())
                .as("%s", story).isNotBlank());
    }

    private static void assertParkedThenDone(String more, int count) throws IOException {
        List<String> events = post(people(count));
        for (JsonNode story : installation.await(events, "PARKED")) {
            assertThat(story.path("parkedCause").asText()).isEqualTo("QUOTA_EXHAUSTED");
        }
        installation.zoominfo(more);
        installation.await(events, "DONE");
        assertThat(installation.deadLettersOf(events)).isZero();
    }

    private static List<Person> people(int count) {
        List<Person> people = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Person person = Installation.person();
            people.add(person);
            SENSITIVE.add(person.email());
            Stream.of(person.directPhone(), person.mobilePhone()).filter(phone -> !phone.isEmpty()).forEach(SENSITIVE::add);
        }
        return people;
    }

    private static List<String> post(List<Person> people) throws IOException {
        List<Map<String, Object>> leads = new ArrayList<>();
        for (Person person : people) {
            Map<String, Object> lead = new HashMap<>(Installation.lead(person));
            if (!person.directPhone().isEmpty()) {
                lead.put("phone", person.directPhone());
            }
            leads.add(lead);
        }
        return installation.post(leads);
    }
}
