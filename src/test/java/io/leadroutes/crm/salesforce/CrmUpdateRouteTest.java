package io.leadroutes.crm.salesforce;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.leadroutes.ShortRounds;
import io.leadroutes.compliance.Suppressions;
import io.leadroutes.compliance.Suppressions.Identity;
import io.leadroutes.crm.CrmUpdate;
import io.leadroutes.crm.CrmUpdate.Kind;
import io.leadroutes.crm.CrmUpdates;
import io.leadroutes.lead.DeadLetters;
import io.leadroutes.sandbox.salesforce.SalesforceSandbox;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.restassured.path.json.JsonPath;
import io.restassured.specification.RequestSpecification;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.JdbcTemplate;

/** Updates of CRM records from the queue to the records of the Salesforce stand-in. */
@QuarkusTest
@TestProfile(CrmUpdateRouteTest.Updates.class)
class CrmUpdateRouteTest {

    private static final String OWNER = "005Sb0000000001IAA";
    private static final String NEWS = "11/30/2099 1:41 PM";

    public static class Updates implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of(ShortRounds.KEY, ShortRounds.SHORT,
                    "compliance.ask-zoominfo", "false", "camel.main.routes-include-pattern",
                    "file:routes/pipeline/crm-update*.camel.yaml,file:routes/pipeline/compliance-*.camel.yaml,"
                            + "file:routes/shared/crm-update-write.camel.yaml,file:routes/shared/zoominfo-caller.camel.yaml");
        }

        @Override
        public List<TestResourceEntry> testResources() {
            return List.of(new TestResourceEntry(StandInBench.class));
        }
    }

    SalesforceSandbox sandbox;

    @Inject
    DataSource dataSource;
    @Inject
    CrmUpdates updates;
    @Inject
    Suppressions suppressions;
    @Inject
    DeadLetters deadLetters;

    private JdbcTemplate jdbc;
    private String token;
    private final String person = Long.toString(Math.abs(UUID.randomUUID().getMostSignificantBits() % 1_000_000_000L));

    @BeforeEach
    void logIn() {
        jdbc = new JdbcTemplate(dataSource);
        token = given().baseUri(base()).formParams(Map.of("grant_type", "password",
                "client_id", SalesforceSandbox.CONSUMER_KEY, "client_secret", SalesforceSandbox.CONSUMER_SECRET,
                "username", SalesforceSandbox.USERNAME, "password", SalesforceSandbox.PASSWORD))
                .post("/services/oauth2/token").jsonPath().getString("access_token");
    }

    @AfterEach
    void noFaults() {
        settings("{\"faults\":[]}");
    }

    @Test
    void allRecordsOfAPersonAreUpdatedUnderTheirPolicies() {
        String lead = lead("Phone", "+1 555 0111");
        String other = lead("Title", "Buyer");
        String contact = create("Contact", Map.of("LastName", "Lovelace", "ZoomInfo_Person_Id__c", person));
        add(Kind.PERSON, "p-" + person, person, Map.of("id", Long.parseLong(person), "jobTitle", "VP Sales", "phone", "+1 555 0100",
                "validDate", NEWS, "withinEu", true, "noticeProvidedDate", "06/19/2020",
                "company", Map.of("id", 99, "name", "Acme", "employeeCount", 250)), List.of(), Map.of());

        ended("p-" + person, "DONE");
        assertThat(read("Lead", lead)).containsEntry("Title", "VP Sales").containsEntry("Phone", "+1 555 0111")
                .containsEntry("NumberOfEmployees", 250).containsEntry("ZoomInfo_Within_EU__c", true)
                .containsEntry("ZoomInfo_Notice_Date__c", "2020-06-19").containsEntry("LeadRoutes_Operation__c", null);
        assertThat(read("Lead", other)).containsEntry("Title", "VP Sales").containsEntry("Phone", "+1 555 0100");
        assertThat(read("Contact", contact)).containsEntry("Title", "VP Sales")
                .containsEntry("ZoomInfo_Company_Id__c", "99").doesNotContainEntry("LeadRoutes_Operation__c", null);
        assertThat(outcome("p-" + person)).contains(lead, other, contact, "Title").doesNotContain("VP Sales");
    }

    @Test
    void onlyWhatChangedIsTakenOverAndARepeatWritesNothing() {
        String lead = lead("Title", "Buyer");
        Map<String, Object> profile = Map.of("id", person, "jobTitle", "VP Sales", "phone", "+1 555 0100",
                "validDate", NEWS);
        add(Kind.PERSON, "a-" + person, person, profile, List.of("jobTitle"), Map.of());
        ended("a-" + person, "DONE");
        assertThat(read("Lead", lead)).containsEntry("Title", "VP Sales").containsEntry("Phone", null);

        int before = writes();
        add(Kind.PERSON, "b-" + person, person, profile, List.of("jobTitle"), Map.of());
        ended("b-" + person, "DONE");
        assertThat(outcome("b-" + person)).contains("nothing to change");
        assertThat(writes()).isEqualTo(before);
    }

    @Test
    void whatAPersonChangedAfterUsIsKeptUnlessThePolicyIsAlways() {
        String lead = lead("Title", "Buyer");
        add(Kind.PERSON, "a-" + person, person, Map.of("jobTitle", "VP Sales", "withinEu", false, "withinCanada", true,
                "validDate", NEWS), List.of(), Map.of());
        ended("a-" + person, "DONE");
        change("Lead", lead, Map.of("Title", "Head of Sales", "ZoomInfo_Within_Canada__c", false));

        add(Kind.PERSON, "b-" + person, person, Map.of("jobTitle", "Director", "withinCanada", true,
                "validDate", "12/31/2099 1:41 PM"), List.of(), Map.of());
        ended("b-" + person, "DONE");
        assertThat(read("Lead", lead)).containsEntry("Title", "Head of Sales")
                .containsEntry("ZoomInfo_Within_Canada__c", true);
    }

    @Test
    void aPersonWhoMayNotBeWrittenIsNotAndAnOptOutMarksAllRecordsAndNothingElse() {
        String lead = lead("Title", "Buyer");
        String contact = create("Contact", Map.of("LastName", "Lovelace", "ZoomInfo_Person_Id__c", person));
        suppressions.suppress(Identity.ofPerson(person), "test", "opted out", Map.of());
        add(Kind.PERSON, "p-" + person, person, Map.of("jobTitle", "VP Sales", "validDate", NEWS), List.of(), Map.of());
        add(Kind.NEW_LEAD, "n-" + person, person, Map.of("lastName", "Lovelace"), List.of(), Map.of());
        add(Kind.OPT_OUT, "o-" + person, person, Map.of("jobTitle", "VP Sales", "withinEu", "true"), List.of(),
                Map.of("Title", "CEO", "DoNotCall", true));

        ended("p-" + person, "SUPPRESSED");
        ended("n-" + person, "SUPPRESSED");
        ended("o-" + person, "DONE");
        assertThat(read("Lead", lead)).containsEntry("Title", "Buyer").containsEntry("ZoomInfo_Opted_Out__c", true)
                .containsEntry("HasOptedOutOfEmail", true).containsEntry("ZoomInfo_Within_EU__c", true)
                .containsEntry("DoNotCall", true);
        assertThat(read("Contact", contact)).containsEntry("Title", null).containsEntry("ZoomInfo_Opted_Out__c", true);
        assertThat(jdbc.queryForObject("select profile::text from crm_update where key = ?", String.class, "p-" + person))
                .isEqualTo("{}");
    }

    @Test
    void aProspectBecomesALeadOnceAndNoneWhenThePersonIsKnown() {
        Map<String, Object> profile = Map.of("id", person, "firstName", "Ada", "lastName", "Lovelace", "jobTitle", "VP",
                "email", "ada" + person + "@acme.example", "company", Map.of("id", 99, "name", "Acme"));
        add(Kind.NEW_LEAD, "n1-" + person, person, profile, List.of(), Map.of("LeadSource", "Other"));
        ended("n1-" + person, "DONE");
        add(Kind.NEW_LEAD, "n2-" + person, person, profile, List.of(), Map.of("LeadSource", "Other"));
        ended("n2-" + person, "DONE");

        JsonPath found = query("SELECT FirstName, Company, Title, LeadSource, LeadRoutes_Id__c FROM Lead "
                + "WHERE ZoomInfo_Person_Id__c = '" + person + "'");
        assertThat(found.getList("records")).hasSize(1);
        assertThat(found.getMap("records[0]")).containsEntry("FirstName", "Ada").containsEntry("Company", "Acme")
                .containsEntry("Title", "VP").containsEntry("LeadSource", "Other")
                .containsEntry("LeadRoutes_Id__c", "zoominfo:" + person);
        assertThat(outcome("n2-" + person)).contains("nothing to change");
    }

    @Test
    void anAccountIsUpdatedByItsCompanyId() {
        String account = create("Account", Map.of("Name", "Acme", "ZoomInfo_Company_Id__c", person, "Phone", "1 555"));
        add(Kind.COMPANY, "c-" + person, person, Map.of("id", person, "website", "www.acme.example", "revenue", 401_000,
                "phone", "+1 555 0100"), List.of(), Map.of());
        ended("c-" + person, "DONE");
        assertThat(read("Account", account)).containsEntry("Website", "www.acme.example")
                .containsEntry("Phone", "1 555");
        assertThat(((Number) read("Account", account).get("AnnualRevenue")).longValue()).isEqualTo(401_000_000);
    }

    @Test
    void aSignalGrowsOnTheAccountOfTheCompanyAndBelongsToItsOwner() {
        String domain = "acme-" + person + ".example";
        String account = create("Account", Map.of("Name", "Acme", "Website", "https://www." + domain, "OwnerId", OWNER));
        for (int views : List.of(3, 5)) {
            add(Kind.SIGNAL, "s" + views + "-" + person, person, Map.of("name", "Acme", "website", domain), List.of(),
                    Map.of("Operation_Key__c", "w:" + person, "Page_Views__c", views, "Last_Seen__c",
                            "2026-11-24T10:00:00Z"));
            ended("s" + views + "-" + person, "DONE");
        }
        JsonPath signals = query("SELECT Account__c, OwnerId, Page_Views__c FROM Account_Signal__c "
                + "WHERE Operation_Key__c = 'w:" + person + "'");
        assertThat(signals.getList("records")).hasSize(1);
        assertThat(signals.getMap("records[0]")).containsEntry("Account__c", account).containsEntry("OwnerId", OWNER)
                .containsEntry("Page_Views__c", 5);

        add(Kind.SIGNAL, "none-" + person, "1" + person, Map.of(), List.of(), Map.of("Page_Views__c", 1));
        ended("none-" + person, "DONE");
        assertThat(outcome("none-" + person)).contains("no account");
    }

    @Test
    void aPersonWithoutARecordIsDoneWithoutAWrite() {
        int before = writes();
        add(Kind.PERSON, "p-" + person, person, Map.of("jobTitle", "VP"), List.of(), Map.of());
        ended("p-" + person, "DONE");
        assertThat(outcome("p-" + person)).contains("no record");
        assertThat(writes()).isEqualTo(before);
    }

    @Test
    void aRefusedFieldIsLeftOutAndARecordThatIsRefusedIsADeadLetterWhichAReplayTakesUp() {
        String lead = lead("Title", "Buyer");
        add(Kind.PERSON, "long-" + person, person, Map.of("jobTitle", "VP Sales", "phone", "1".repeat(50),
                "validDate", NEWS), List.of(), Map.of());
        ended("long-" + person, "DONE");
        assertThat(read("Lead", lead)).containsEntry("Title", "VP Sales").containsEntry("Phone", null);
        assertThat(outcome("long-" + person)).contains("written without Phone (STRING_TOO_LONG)");

        add(Kind.PERSON, "dead-" + person, person, Map.of("phone", "1".repeat(50)), List.of("phone"), Map.of());
        ended("dead-" + person, "DEAD");
        Map<String, Object> letter = jdbc.queryForMap("""
                select d.id, d.stage, d.message, d.payload::text from dead_letter d join crm_update u on u.id = d.event_id
                where u.key = ?""", "dead-" + person);
        assertThat(letter).containsEntry("stage", "CRM_UPDATE");
        assertThat(letter.get("message").toString()).contains("STRING_TOO_LONG");
        assertThat(letter.get("payload").toString()).contains(person, lead).doesNotContain("1".repeat(50));

        jdbc.update("update crm_update set profile = '{\"phone\": \"+1 555 0100\"}' where key = ?", "dead-" + person);
        assertThat(deadLetters.replay(List.of((Long) letter.get("id")), DeadLetters.Mode.RESUME, false)).isEqualTo(1);
        ended("dead-" + person, "DONE");
        assertThat(read("Lead", lead)).containsEntry("Phone", "+1 555 0100");
    }

    @Test
    void aRequestThatIsRefusedAsAWholeHarmsOnlyTheUpdateThatSpoilsIt() {
        List<String> persons = List.of(person + "1", person + "2", person + "3");
        List<String> leads = persons.stream().map(id -> create("Lead", Map.of("LastName", "L", "Company", "C",
                "ZoomInfo_Person_Id__c", id))).toList();
        settings("{\"faults\":[{\"kind\":\"status\",\"status\":400,\"message\":\"JSON_PARSER_ERROR: no\","
                + "\"path\":\"/services/data/v62.0/composite/sobjects\","
                + "\"contains\":\"" + leads.get(1) + "\",\"rate\":1}]}");
        updates.add(persons.stream().map(id -> new CrmUpdate("bulk", "i-" + id, Kind.PERSON, id, Map.of("jobTitle", "VP",
                "validDate", NEWS), List.of(), Map.of(), 2)).toList());

        ended("i-" + persons.get(1), "DEAD");
        ended("i-" + persons.get(0), "DONE");
        ended("i-" + persons.get(2), "DONE");
        assertThat(read("Lead", leads.get(2))).containsEntry("Title", "VP");
        assertThat(read("Lead", leads.get(1))).containsEntry("Title", null);
    }

    @Test
    void aRecordThatIsLockedIsWrittenLaterAndTheOthersOfThePersonAtOnce() {
        String locked = lead("Title", "Buyer");
        String free = lead("Title", "Buyer");
        settings("{\"rowLock\":{\"ids\":[\"" + locked + "\"]}}");
        add(Kind.PERSON, "l-" + person, person, Map.of("jobTitle", "VP Sales", "validDate", NEWS), List.of(), Map.of());
        await().atMost(Duration.ofSeconds(25)).untilAsserted(() -> assertThat(jdbc.queryForObject(
                "select waits_for from crm_update where key = ?", String.class, "l-" + person))
                .contains("UNABLE_TO_LOCK_ROW"));
        assertThat(read("Lead", free)).containsEntry("Title", "VP Sales");
        settings("{\"rowLock\":{\"ids\":[]}}");
        ended("l-" + person, "DONE");
        assertThat(read("Lead", locked)).containsEntry("Title", "VP Sales");
    }

    @Test
    void anOutageMakesUpdatesWaitAndLosesNone() {
        List<String> keys = new ArrayList<>();
        List<String> leads = new ArrayList<>();
        IntStream.range(0, 20).forEach(i -> {
            String id = person + i;
            leads.add(create("Lead", Map.of("LastName", "L", "Company", "C", "ZoomInfo_Person_Id__c", id)));
            keys.add("out-" + id);
        });
        settings("{\"faults\":[{\"kind\":\"status\",\"status\":503,\"path\":\"/services/data/v62.0/query\",\"rate\":1}]}");
        keys.forEach(key -> add(Kind.PERSON, key, key.substring(4), Map.of("jobTitle", "VP", "validDate", NEWS), List.of(),
                Map.of()));
        await().atMost(Duration.ofSeconds(15)).untilAsserted(() -> assertThat(jdbc.queryForObject(
                "select count(*) from crm_update where key = any (?) and waits_for like '%503%'", Integer.class,
                (Object) keys.toArray(String[]::new))).isPositive());
        settings("{\"faults\":[]}");
        // The waiting is not what this is about.
        jdbc.update("update crm_update set available_at = now() where available_at > now()");
        jdbc.update("update salesforce_pause set probe_at = now() where since is not null");
        keys.forEach(key -> ended(key, "DONE"));
        assertThat(leads).allSatisfy(lead -> assertThat(read("Lead", lead)).containsEntry("Title", "VP"));
    }

    private void add(Kind kind, String key, String id, Map<String, Object> profile, List<String> changed,
            Map<String, Object> fields) {
        updates.add(List.of(new CrmUpdate("webhook", key, kind, id, profile, changed, fields, 1)));
    }

    private void ended(String key, String state) {
        await().atMost(Duration.ofSeconds(25)).pollInterval(Duration.ofMillis(50)).untilAsserted(() -> assertThat(
                jdbc.queryForObject("select state || coalesce(waits_for, '') from crm_update where key = ?", String.class,
                        key)).isEqualTo(state));
    }

    private String outcome(String key) {
        return jdbc.queryForObject("select outcome::text from crm_update where key = ?", String.class, key);
    }

    private String lead(String field, String value) {
        return create("Lead", Map.of("LastName", "Lovelace", "Company", "Acme", "ZoomInfo_Person_Id__c", person, field,
                value));
    }

    private String create(String object, Map<String, Object> fields) {
        String id = rest().body(fields).post("/services/data/v62.0/sobjects/" + object).jsonPath().getString("id");
        assertThat(id).isNotNull();
        return id;
    }

    private void change(String object, String id, Map<String, Object> fields) {
        rest().body(fields).patch("/services/data/v62.0/sobjects/" + object + "/" + id).then().statusCode(204);
    }

    private Map<String, Object> read(String object, String id) {
        return new HashMap<>(rest().get("/services/data/v62.0/sobjects/" + object + "/" + id).jsonPath().getMap(""));
    }

    private JsonPath query(String soql) {
        return rest().queryParam("q", soql).get("/services/data/v62.0/query").jsonPath();
    }

    private int writes() {
        return (int) given().baseUri(base()).get("/_sandbox/calls?path=composite").asString().lines()
                .filter(line -> line.contains("\"PATCH\"")).count();
    }

    private void settings(String json) {
        given().baseUri(base()).contentType("application/json").body(json).put("/_sandbox/settings").then().statusCode(200);
    }

    private RequestSpecification rest() {
        return given().baseUri(base()).auth().oauth2(token).contentType("application/json");
    }

    private String base() {
        return "http://localhost:" + sandbox.port();
    }
}
