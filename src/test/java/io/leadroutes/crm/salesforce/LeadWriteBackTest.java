package io.leadroutes.crm.salesforce;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.leadroutes.compliance.PersonCheck;
import io.leadroutes.compliance.Suppressions;
import io.leadroutes.crm.CrmUpdate;
import io.leadroutes.crm.CrmUpdates;
import io.leadroutes.crm.FieldHistory;
import io.leadroutes.crm.salesforce.FakeRest.Answer;
import io.leadroutes.lead.LeadJson;
import io.leadroutes.zoominfo.FailureClass;
import io.leadroutes.zoominfo.ZoomInfoException;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import javax.sql.DataSource;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.jdbc.core.JdbcTemplate;

/** The write-back against a REST API whose answers each test orders record by record. */
@QuarkusTest
@TestProfile(LeadWriteBackTest.WriteBack.class)
class LeadWriteBackTest {

    private static final String OWNER = "005Sb0000000001IAA";

    public static class WriteBack implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of("camel.main.routes-include-pattern",
                    "file:routes/pipeline/lead-write-back*.camel.yaml,file:routes/shared/salesforce-write.camel.yaml,"
                    + "file:routes/shared/zoominfo-caller.camel.yaml,file:routes/pipeline/compliance-gate.camel.yaml,"
                    + "file:src/test/resources/compliance/person-check.camel.yaml");
        }

        @Override
        public List<TestResourceEntry> testResources() {
            return List.of(new TestResourceEntry(SalesforceTestBench.class));
        }
    }

    FakeRest rest;

    @Inject
    DataSource dataSource;
    @Inject
    ObjectMapper json;
    @Inject
    SalesforceWriteBack writeBack;
    @Inject
    ApiLimits limits;
    @Inject
    MeterRegistry meters;
    @Inject
    FieldHistory history;
    @Inject
    Suppressions suppressions;
    @Inject
    PersonCheck personCheck;
    @Inject
    CrmUpdates updates;

    private JdbcTemplate jdbc;
    private final Map<String, Map<String, Object>> records = new ConcurrentHashMap<>();
    private final Map<String, Function<JsonNode, String>> refusals = new ConcurrentHashMap<>();

    @BeforeEach
    void answerLikeSalesforce() {
        jdbc = new JdbcTemplate(dataSource);
        jdbc.update("""
                insert into ruleset (version, state, content, source) values (repeat('0', 64), 'live', '{}', '{}')
                on conflict do nothing""");
        jdbc.update("update salesforce_pause set since = null, failures = 0, probe_at = '-infinity'");
        rest.forget();
        rest.answer(this::salesforce);
    }

    @Test
    void aDecidedLeadGetsOwnerScoreAndWhatWasBlankButKeepsWhatItHad() throws Exception {
        String id = recordId();
        records.put(id, record("Title", "Buyer", "Phone", ""));
        UUID event = decided("salesforce", id, Map.of("lastName", "Lovelace", "company", "Acme"));

        within(() -> assertThat(state(event)).isEqualTo("DONE"));
        assertThat(records.get(id)).containsEntry("Title", "Buyer").containsEntry("Phone", "+1 555 0100")
                .containsEntry("OwnerId", OWNER).containsEntry("LeadRoutes_Score__c", 86)
                .containsEntry("LeadRoutes_Grade__c", "A2").containsEntry("LeadRoutes_Tier__c", "Hot")
                .containsEntry("LeadRoutes_Operation__c", event + ":1")
                .containsEntry("ZoomInfo_Person_Id__c", "4711");
        assertThat(writes().get(0).callOptions()).isEqualTo("client=leadroutes");
        JsonNode row = json.readTree(jdbc.queryForObject("select writes from lead_event where event_id = ?",
                String.class, event));
        assertThat(row.get(0).path("recordId").asText()).isEqualTo(id);
        assertThat(row.get(0).path("fields").toString()).contains("Phone").doesNotContain("Title");
    }

    @Test
    void aLeadFromElsewhereIsCreatedUnderItsExternalIdWithWhatSalesforceRequires() {
        UUID event = decided("web", "w-'1" + UUID.randomUUID(), Map.of("email", "ada@acme.example"));

        within(() -> assertThat(state(event)).isEqualTo("DONE"));
        Map<String, Object> created = records.values().stream()
                .filter(record -> (event + ":1").equals(record.get("LeadRoutes_Operation__c"))).findFirst().orElseThrow();
        assertThat(created).containsEntry("LastName", "[not provided]").containsEntry("Company", "[not provided]")
                .containsEntry("Email", "ada@acme.example").containsKey("LeadRoutes_Id__c");
    }

    @Test
    void aPersonWhoOptsOutBetweenDecisionAndWriteIsMarkedAndNotWritten() {
        String id = recordId();
        records.put(id, record("Title", ""));
        personCheck.answer("815", "OPT_OUT");
        UUID event = decided("salesforce", id, Map.of("email", "gone@acme.example"), 815);

        within(() -> assertThat(state(event)).isEqualTo("DONE"));
        assertThat(records.get(id)).isEqualTo(Map.of("Title", "", "ZoomInfo_Opted_Out__c", true,
                "HasOptedOutOfEmail", true));
        assertThat(timeline(event)).contains("Not routed because the person has opted out", "only the opt-out was marked");
        assertThat(jdbc.queryForObject("select state from assignment where event_id = ?", String.class, event))
                .isEqualTo("superseded");
        assertThat(suppressions.isSuppressed(new Suppressions.Identity(Optional.empty(),
                Optional.of("GONE@acme.example"), Optional.empty()))).isTrue();
    }

    @Test
    void aSuppressedPersonWhoIsNotInTheCrmIsNotCreatedThere() {
        suppressions.suppress(new Suppressions.Identity(Optional.empty(), Optional.of("erased@acme.example"),
                Optional.empty()), "erasure", "asked", Map.of());
        UUID event = decided("web", "w-" + UUID.randomUUID(), Map.of("email", "erased@acme.example"));

        within(() -> assertThat(state(event)).isEqualTo("DONE"));
        assertThat(timeline(event)).contains("no record was created");
        assertThat(records.toString()).doesNotContain("erased@acme.example");
    }

    @Test
    void aRecordThatIsMarkedAlreadyIsNotWrittenAgain() {
        String id = recordId();
        records.put(id, record("ZoomInfo_Opted_Out__c", true, "HasOptedOutOfEmail", true));
        personCheck.answer("818", "OPT_OUT");
        UUID event = decided("salesforce", id, Map.of(), 818);

        within(() -> assertThat(state(event)).isEqualTo("DONE"));
        assertThat(timeline(event)).contains("marked already");
        assertThat(writes()).isEmpty();
    }

    @Test
    void whoeverQueuesAnOptOutSuppressesThePerson() {
        updates.add(List.of(new CrmUpdate("bulk", "opt-out of 817", CrmUpdate.Kind.OPT_OUT, "817", Map.of(), List.of(),
                Map.of(), 2)));
        assertThat(suppressions.suppressedPersons(List.of("817"))).containsExactly("817");
    }

    @Test
    void withoutAWordFromZoomInfoTheWriteWaits() {
        String id = recordId();
        records.put(id, record());
        personCheck.failOnce(new ZoomInfoException(FailureClass.QUOTA_EXHAUSTED, "Request limit exceeded", ""));
        UUID event = decided("salesforce", id, Map.of(), 816);

        within(() -> assertThat(timeline(event)).contains("waits: the compliance check: QUOTA_EXHAUSTED"));
        within(() -> assertThat(state(event)).isEqualTo("DONE"));
        assertThat(records.get(id)).containsEntry("OwnerId", OWNER);
    }

    @Test
    void aWriteThatHappenedBeforeIsNotRepeated() {
        String id = recordId();
        UUID event = UUID.randomUUID();
        records.put(id, record("LeadRoutes_Operation__c", event + ":1"));
        decided(event, "salesforce", id, Map.of("lastName", "Lovelace"));

        within(() -> assertThat(state(event)).isEqualTo("DONE"));
        assertThat(writes()).isEmpty();
    }

    @Test
    void eachRecordIsSettledByItsOwnResult() {
        String good = recordId();
        String locked = recordId();
        String forbidden = recordId();
        List.of(good, locked, forbidden).forEach(id -> records.put(id, record()));
        List<String> tries = new ArrayList<>();
        refusals.put(locked, sent -> {
            tries.add("once");
            return tries.size() == 1 ? error("UNABLE_TO_LOCK_ROW") : null;
        });
        refusals.put(forbidden, sent -> error("INSUFFICIENT_ACCESS_OR_READONLY"));
        Map<String, UUID> events = new LinkedHashMap<>();
        List.of(good, locked, forbidden).forEach(id -> events.put(id, decided("salesforce", id, Map.of())));

        within(() -> assertThat(events.values().stream().map(this::state)).containsExactly("DONE", "DONE", "DEAD"));
        assertThat(tries).hasSize(2);
        assertThat(timeline(events.get(locked))).contains("waits: Salesforce: UNABLE_TO_LOCK_ROW");
        assertThat(jdbc.queryForObject("select message from dead_letter where event_id = ?", String.class,
                events.get(forbidden))).contains("INSUFFICIENT_ACCESS_OR_READONLY");
    }

    @Test
    void aFieldThatSalesforceRefusesIsLeftOutAndReported() {
        String id = recordId();
        records.put(id, record());
        refusals.put(id, sent -> sent.has("Phone") ? error("STRING_TOO_LONG", "Phone") : null);
        UUID event = decided("salesforce", id, Map.of());

        within(() -> assertThat(state(event)).isEqualTo("DONE"));
        assertThat(records.get(id)).doesNotContainKey("Phone").containsEntry("OwnerId", OWNER);
        assertThat(timeline(event)).contains("written without Phone (STRING_TOO_LONG)");
    }

    @Test
    void aFieldThatTheOrgDoesNotHaveIsLeftOutAndTheRestIsWritten() {
        String id = recordId();
        records.put(id, record());
        rest.answer(call -> call.body().contains("ZoomInfo_Within_EU__c") ? new Answer(400, "[{\"errorCode\":"
                + "\"INVALID_FIELD\",\"message\":\"No such column 'ZoomInfo_Within_EU__c' on entity 'Lead'\"}]")
                : salesforce(call));
        UUID event = decided("salesforce", id, Map.of());

        within(() -> assertThat(state(event)).isEqualTo("DONE"));
        assertThat(records.get(id)).containsEntry("OwnerId", OWNER).containsEntry("Phone", "+1 555 0100");
    }

    @Test
    void whatSomebodyClearedAfterUsStaysClear() {
        String id = recordId();
        records.put(id, record("Phone", ""));
        history.wrote(List.of(new FieldHistory.Write("Lead", id, Optional.of("4711"), Map.of("Phone", "+1 555 0100"),
                Map.of())));

        UUID event = decided("salesforce", id, Map.of());
        within(() -> assertThat(state(event)).isEqualTo("DONE"));
        assertThat(records.get(id)).containsEntry("Phone", "").containsEntry("Title", "VP");
        assertThat(history.of("Lead", List.of(id)).get(id).get("Title").is("VP")).isTrue();
    }

    @Test
    void anOwnerThatSalesforceRefusesIsADeadLetterAndNotALeadWithoutOwner() {
        String id = recordId();
        records.put(id, record());
        refusals.put(id, sent -> error("INVALID_CROSS_REFERENCE_KEY", "OwnerId"));
        UUID event = decided("salesforce", id, Map.of());

        within(() -> assertThat(state(event)).isEqualTo("DEAD"));
        assertThat(records.get(id)).doesNotContainKey("LeadRoutes_Score__c");
    }

    @Test
    void aRecordThatIsGoneIsADeadLetterOfThatRecordOnly() {
        String gone = recordId();
        String there = recordId();
        records.put(there, record());
        UUID first = decided("salesforce", gone, Map.of());
        UUID second = decided("salesforce", there, Map.of());

        within(() -> assertThat(List.of(state(first), state(second))).containsExactly("DEAD", "DONE"));
    }

    @Test
    void anOutageMakesTheWriteWaitAndTheDecisionStays() {
        String id = recordId();
        records.put(id, record());
        List<Integer> calls = new ArrayList<>();
        rest.answer(call -> {
            if (call.path().contains("/composite/") && calls.size() < 2) {
                calls.add(1);
                return new Answer(503, "[{\"errorCode\":\"SERVER_UNAVAILABLE\",\"message\":\"busy\"}]");
            }
            return salesforce(call);
        });
        UUID event = decided("salesforce", id, Map.of());

        within(() -> {
            letTheTimeToTryCome();
            assertThat(state(event)).isEqualTo("DONE");
        });
        assertThat(timeline(event)).contains("waits: Salesforce answered 503");
        assertThat(records.get(id)).containsEntry("OwnerId", OWNER);
    }

    @Test
    void duringAnOutageOneLeadAtATimeTriesAndAfterItAllAreWritten() {
        rest.answer(call -> new Answer(503, "[{\"errorCode\":\"SERVER_UNAVAILABLE\",\"message\":\"down\"}]"));
        List<UUID> events = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            String id = recordId();
            records.put(id, record());
            events.add(decided("salesforce", id, Map.of()));
        }
        // Claims that were under way when it began have ended by then.
        within(() -> assertThat(failures() > 0 && claimed() == 0).isTrue());
        int before = rest.calls().size();
        within(() -> {
            letTheTimeToTryCome();
            assertThat(failures()).isGreaterThanOrEqualTo(3);
            assertThat(rest.calls()).hasSizeGreaterThanOrEqualTo(before + 3);
        });
        assertThat(rest.calls().subList(before, before + 3)).allSatisfy(call ->
                assertThat(call.body().split("00QSb")).as("ids of %s", call.body()).hasSize(2));
        rest.answer(this::salesforce);
        within(() -> {
            letTheTimeToTryCome();
            assertThat(events).allSatisfy(event -> assertThat(state(event)).isEqualTo("DONE"));
        });
        assertThat(failures()).isZero();
    }

    @Test
    void aUsedUpLimitOfCallsIsNotTriedAgainAtOnce() {
        String id = recordId();
        records.put(id, record());
        rest.answer(call -> new Answer(403, "[{\"errorCode\":\"REQUEST_LIMIT_EXCEEDED\",\"message\":\"no\"}]"));
        UUID event = decided("salesforce", id, Map.of());
        within(() -> assertThat(timeline(event)).contains("waits: Salesforce answered 403 REQUEST_LIMIT_EXCEEDED"));
        assertThat(jdbc.queryForObject("select extract(epoch from probe_at - now()) from salesforce_pause", Double.class))
                .isBetween(40.0, 60.0);
        assertThat(meters.get("leadroutes.crm.calls").tag("status", "403").timer().count()).isPositive();
        assertThat(limits.reading().orElseThrow().share()).isGreaterThanOrEqualTo(1);
        rest.answer(this::salesforce);
        jdbc.update("update salesforce_pause set probe_at = now()");

        within(() -> assertThat(state(event)).isEqualTo("DONE"));
    }

    private int failures() {
        return jdbc.queryForObject("select failures from salesforce_pause", Integer.class);
    }

    @Test
    void aRequestThatIsRefusedAsAWholeHarmsOnlyTheRecordThatSpoilsIt() {
        String good = recordId();
        String bad = recordId();
        records.put(good, record());
        records.put(bad, record());
        rest.answer(call -> call.method().equals("PATCH") && call.body().contains(bad)
                ? new Answer(400, "[{\"errorCode\":\"JSON_PARSER_ERROR\",\"message\":\"no\"}]") : salesforce(call));
        UUID first = decided("salesforce", good, Map.of());
        UUID second = decided("salesforce", bad, Map.of());

        within(() -> assertThat(List.of(state(first), state(second))).containsExactly("DONE", "DEAD"));
    }

    @Test
    void afterThreeDaysOfOutageALeadIsADeadLetter() {
        String id = recordId();
        records.put(id, record());
        refusals.put(id, sent -> error("REQUEST_LIMIT_EXCEEDED"));
        UUID event = UUID.randomUUID();
        insert(event, "salesforce", id, Map.of(), "73 hours");

        within(() -> assertThat(state(event)).isEqualTo("DEAD"));
    }

    @Test
    void whileOneVersionOfARecordIsOnItsWayToSalesforceTheNextOneWaits() throws Exception {
        String id = recordId();
        records.put(id, record());
        CountDownLatch sent = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        AtomicInteger written = new AtomicInteger();
        rest.answer(call -> {
            if (call.method().equals("PATCH") && call.body().contains(id) && written.incrementAndGet() == 1) {
                sent.countDown();
                awaitNow(goOn);
            }
            return salesforce(call);
        });
        UUID older = version(id, "1", 0);
        UUID newer = version(id, "2", 1);
        decide(List.of(older));
        awaitNow(sent);
        decide(List.of(newer));
        String other = recordId();
        records.put(other, record());
        UUID behind = decided("salesforce", other, Map.of());
        within(() -> assertThat(state(behind)).isEqualTo("DONE"));
        assertThat(written).as("writes of the record while the first is under way").hasValue(1);
        goOn.countDown();

        within(() -> assertThat(List.of(state(older), state(newer))).containsExactly("DONE", "DONE"));
        assertThat(written).hasValue(2);
        assertThat(records.get(id)).containsEntry("LeadRoutes_Operation__c", newer + ":1");
    }

    private static void awaitNow(CountDownLatch latch) {
        try {
            assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Numbers and times tell which is the newer, whatever came first; of others it is the one that came later. */
    @ParameterizedTest
    @CsvSource({"1, 2, 1", "1, 2, -1", "2026-11-28T10:00:00Z, 2026-11-28T12:30:00+02:00, -1", "a9, b1, 1", "9, b1, 1"})
    void aVersionThatHadToWaitIsNotWrittenOverANewerOne(String older, String newer, int arrival) throws Exception {
        String id = recordId();
        records.put(id, record());
        refusals.put(id, sent -> error("UNABLE_TO_LOCK_ROW"));
        UUID first = version(id, older, 0);
        decide(List.of(first));
        within(() -> assertThat(timeline(first)).contains("waits: "));
        jdbc.update("update lead_event set available_at = now() + interval '1 hour' where event_id = ?", first);
        refusals.remove(id);
        UUID second = version(id, newer, arrival);
        decide(List.of(second));
        within(() -> assertThat(state(second)).isEqualTo("DONE"));

        jdbc.update("update lead_event set available_at = now() where event_id = ?", first);

        within(() -> assertThat(state(first)).isEqualTo("DONE"));
        assertThat(records.get(id)).containsEntry("LeadRoutes_Operation__c", second + ":1");
        assertThat(timeline(first)).contains("superseded: nothing is written");
        assertThat(jdbc.queryForObject("select writes::text from lead_event where event_id = ?", String.class, first))
                .isEqualTo("[]");
    }

    @Test
    void ofManyVersionsOfARecordThatAreDecidedAtOnceTheNewestIsWrittenAndNoOther() {
        String id = recordId();
        records.put(id, record());
        Map<String, UUID> versions = new LinkedHashMap<>();
        // One has no order, so that arrival decides among all.
        for (String version : List.of("7", "3", "x", "5", "9")) {
            versions.put(version, version(id, version, versions.size()));
        }
        decide(List.copyOf(versions.values()));

        within(() -> assertThat(versions.values()).allSatisfy(event -> assertThat(state(event)).isEqualTo("DONE")));
        assertThat(writes().stream().filter(call -> call.body().contains(id))).hasSize(1);
        assertThat(records.get(id)).containsEntry("LeadRoutes_Operation__c", versions.get("9") + ":1");
    }

    @Test
    void aVersionWhoseNewerOneEndedInADeadLetterIsWritten() {
        String id = recordId();
        records.put(id, record());
        UUID newer = version(id, "2", 1);
        jdbc.update("update lead_event set state = 'DEAD' where event_id = ?", newer);
        UUID older = version(id, "1", 0);
        decide(List.of(older));

        within(() -> assertThat(state(older)).isEqualTo("DONE"));
        assertThat(records.get(id)).containsEntry("LeadRoutes_Operation__c", older + ":1");
    }

    @Test
    void aLeadThatAnotherProcessHasTakenMeanwhileIsLeftToIt() {
        String taken = recordId();
        String kept = recordId();
        UUID lost = claimed(taken);
        UUID ours = claimed(kept);
        WriteBatch batch = writeBack.batches(jdbc.queryForList("""
                select e.*, 1 as number, '{}'::jsonb as receipt, now() as decided_at, 'x' as owner, 'x' as owner_name
                from lead_event e where event_id in (?, ?)""", lost, ours).stream()
                .<Map<String, ?>>map(row -> row).toList(), new DefaultExchange(new DefaultCamelContext())).get(0);
        jdbc.update("update lead_event set fence = fence + 1 where event_id = ?", lost);

        writeBack.begin(batch);

        assertThat(writeBack.request(batch)).contains(kept).doesNotContain(taken);
        assertThat(jdbc.queryForObject("select lease_until < now() + interval '2 minutes' from lead_event "
                + "where event_id = ?", Boolean.class, ours)).isTrue();
        assertThat(jdbc.queryForObject("select lease_until < now() + interval '2 minutes' from lead_event "
                + "where event_id = ?", Boolean.class, lost)).isFalse();
    }

    /** Decided, and claimed for an hour, so that the route leaves it alone. */
    private UUID claimed(String recordId) {
        UUID event = UUID.randomUUID();
        jdbc.update("""
                insert into lead_event (event_id, source, record_id, version, request_id, state, attempts, lead,
                                        lease_until)
                values (?, 'salesforce', ?, '1', 'request-1', 'DECIDED', 1, ?::jsonb, now() + interval '1 hour')""",
                event, recordId, LeadJson.write(Map.of("source", "salesforce", "recordId", recordId, "version", "1")));
        return event;
    }

    private UUID decided(String source, String recordId, Map<String, Object> lead, int personId) {
        UUID event = UUID.randomUUID();
        insert(event, source, recordId, lead, "1 second", personId);
        return event;
    }

    private UUID decided(String source, String recordId, Map<String, Object> lead) {
        UUID event = UUID.randomUUID();
        decided(event, source, recordId, lead);
        return event;
    }

    private void decided(UUID event, String source, String recordId, Map<String, Object> lead) {
        insert(event, source, recordId, lead, "1 second");
    }

    private void insert(UUID event, String source, String recordId, Map<String, Object> lead, String age) {
        insert(event, source, recordId, lead, age, 4711);
    }

    private void insert(UUID event, String source, String recordId, Map<String, Object> lead, String age, int personId) {
        prepare(event, source, recordId, "1", lead, age, personId);
        decide(List.of(event));
    }

    private void decide(List<UUID> events) {
        jdbc.update("update lead_event set state = 'DECIDED' where event_id = any (?)",
                (Object) events.toArray(UUID[]::new));
    }

    private UUID version(String recordId, String version, int arrival) {
        UUID event = UUID.randomUUID();
        prepare(event, "salesforce", recordId, version, Map.of(), "1 second", 4711);
        jdbc.update("update lead_event set received_at = now() + ? * interval '1 second' where event_id = ?", arrival,
                event);
        return event;
    }

    private void prepare(UUID event, String source, String recordId, String version, Map<String, Object> lead,
            String age, int personId) {
        Map<String, Object> whole = new LinkedHashMap<>(lead);
        whole.putAll(Map.of("source", source, "recordId", recordId, "version", version));
        UUID decision = UUID.randomUUID();
        jdbc.update("""
                insert into lead_event (event_id, source, record_id, version, request_id, state, lead, match_status,
                                        credits, enrichment)
                values (?, ?, ?, ?, ?, 'RECEIVED', ?::jsonb, 'FULL_MATCH', 1, ?::jsonb)""",
                event, source, recordId, version, "request-" + event, LeadJson.write(whole),
                LeadJson.write(Map.of("id", personId, "jobTitle", "VP", "phone", "+1 555 0100",
                        "company", Map.of("id", 99, "name", "Acme"))));
        jdbc.update("""
                insert into decision (id, event_id, number, source, record_id, version, facts, receipt, receipt_hash,
                                      previous_hash, at)
                values (?, ?, 1, ?, ?, repeat('0', 64), '{}', ?::jsonb, ?, ?, now() - ?::interval)""",
                decision, event, source, recordId,
                LeadJson.write(Map.of("headline", "Assigned to Ana Ruiz.", "score",
                        Map.of("total", 86, "tier", "Hot", "grade", "A2"), "route",
                        Map.of("action", "assign", "rule", "us-west"))), "h" + event, "p" + event, age);
        jdbc.update("""
                insert into assignment (id, event_id, number, decision_id, source, record_id, target, owner, owner_name, at)
                values (?, ?, 1, ?, ?, ?, 'user:ana', ?, 'Ana Ruiz', now())""",
                UUID.randomUUID(), event, decision, source, recordId, OWNER);
    }

    private Answer salesforce(FakeRest.Call call) {
        try {
            if (call.path().endsWith("/query")) {
                return new Answer(200, "{\"totalSize\":0,\"done\":true,\"records\":[]}");
            }
            JsonNode body = json.readTree(call.body());
            if (call.method().equals("POST")) {
                List<Object> found = new ArrayList<>();
                body.path("ids").forEach(id -> {
                    Map<String, Object> record = records.get(id.asText());
                    if (record != null) {
                        record = new LinkedHashMap<>(record);
                        record.put("Id", id.asText());
                    }
                    found.add(record);
                });
                return new Answer(200, LeadJson.write(found));
            }
            List<String> results = new ArrayList<>();
            body.path("records").forEach(sent -> results.add(write(sent)));
            return new Answer(200, "[" + String.join(",", results) + "]");
        } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
            return new Answer(400, "[]");
        }
    }

    @SuppressWarnings("unchecked")
    private String write(JsonNode sent) {
        String id = sent.has("id") ? sent.path("id").asText() : recordId();
        Function<JsonNode, String> refusal = refusals.get(id);
        String error = refusal == null ? null : refusal.apply(sent);
        if (error != null) {
            return "{\"success\":false,\"errors\":[" + error + "]}";
        }
        Map<String, Object> fields = json.convertValue(sent, Map.class);
        fields.keySet().removeAll(List.of("id", "attributes"));
        records.computeIfAbsent(id, key -> record()).putAll(fields);
        return "{\"id\":\"" + id + "\",\"success\":true,\"errors\":[]}";
    }

    private static String error(String code, String... fields) {
        return LeadJson.write(Map.of("statusCode", code, "message", code, "fields", List.of(fields)));
    }

    private static Map<String, Object> record(Object... fields) {
        Map<String, Object> record = new ConcurrentHashMap<>();
        for (int i = 0; i < fields.length; i += 2) {
            record.put(fields[i].toString(), fields[i + 1]);
        }
        return record;
    }

    private List<FakeRest.Call> writes() {
        return rest.calls().stream().filter(call -> call.method().equals("PATCH")).toList();
    }

    private String state(UUID event) {
        return jdbc.queryForObject("select state from lead_event where event_id = ?", String.class, event);
    }

    private String timeline(UUID event) {
        return jdbc.queryForObject("select timeline from lead_event where event_id = ?", String.class, event);
    }

    private static String recordId() {
        return "00QSb" + UUID.randomUUID().toString().replace("-", "").substring(0, 10) + "MAA";
    }

    private int claimed() {
        return jdbc.queryForObject("select count(*) from lead_event where lease_until > now()", Integer.class);
    }

    /** Ends the waiting of those that failed; of the org only when nobody is trying just now. */
    private void letTheTimeToTryCome() {
        jdbc.update("update lead_event set available_at = now() where available_at > now()");
        jdbc.update("""
                update salesforce_pause set probe_at = now() where since is not null
                and not exists (select 1 from lead_event where lease_until > now())""");
    }

    private static void within(org.awaitility.core.ThrowingRunnable assertion) {
        await().atMost(Duration.ofSeconds(15)).pollInterval(Duration.ofMillis(50)).untilAsserted(assertion);
    }
}
