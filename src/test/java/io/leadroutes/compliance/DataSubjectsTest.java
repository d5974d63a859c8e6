package io.leadroutes.compliance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import io.leadroutes.TestDatabase;
import io.leadroutes.compliance.DataSubjects.Erased;
import io.leadroutes.compliance.DataSubjects.Places;
import io.leadroutes.compliance.DataSubjects.Request;
import io.leadroutes.decision.DecisionReader;
import io.leadroutes.lead.LeadJson;
import io.leadroutes.lead.PersonalData;
import io.leadroutes.lead.PersonalData.Held;
import io.leadroutes.lead.credit.Redeemed.Learnt;
import io.leadroutes.lead.credit.Redeemed;
import io.leadroutes.receipt.Receipt;
import io.leadroutes.receipt.ReceiptJson;
import io.leadroutes.receipt.SampleDecisions;
import java.lang.reflect.Constructor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.JdbcTemplate;

class DataSubjectsTest {

    /** Tables that hold nothing about persons outside of the company that runs LeadRoutes, each with the reason. */
    private static final Map<String, String> WITHOUT = Map.ofEntries(
            Map.entry("credit_use", "sums of sources"), Map.entry("credit_reservation", "digests and ids of events"),
            Map.entry("credit_watch", "counters"), Map.entry("lead_park", "causes and times"),
            Map.entry("egress_slot", "times"), Map.entry("egress_sent", "times"),
            Map.entry("zoominfo_circuit", "states"), Map.entry("zoominfo_token", "the account's own token"),
            Map.entry("salesforce_reconcile", "times and counts"), Map.entry("salesforce_pause", "times and a cause"),
            Map.entry("dead_letter_replay", "kinds of letters and counts"),
            Map.entry("ruleset", "rules and the team's own people"),
            Map.entry("pool_state", "counters"), Map.entry("pool_member_state", "the team's own people"),
            Map.entry("pool_event", "the team's own people"), Map.entry("salesforce_replay", "positions"),
            Map.entry("suppression_key", "a key"), Map.entry("compliance_sweep", "times and counts"),
            Map.entry("webhook", "our own webhooks"), Map.entry("bulk_job", "numbers of rows"),
            Map.entry("prospect_list", "times"), Map.entry("prospect_run", "counts"),
            Map.entry("decision_publisher", "a lease"), Map.entry("bulk_page", "numbers of pages"), Map.entry("redeemed_company", "companies"),
            Map.entry("website_visit", "visitors' addresses for a day, linked to nobody"),
            Map.entry("website_visit_key", "keys of a day"), Map.entry("website_company", "companies"),
            Map.entry("company_visit", "sums of a company and day"),
            Map.entry("flyway_schema_history", "migrations"));
    /** All that hold personal data. */
    private static final List<Class<?>> TYPES = types();
    private static final String EMAIL = "ann.lee@acme.example";
    private static final String ID = "9876543210";

    private final DataSource database = TestDatabase.fresh();
    private final JdbcTemplate jdbc = new JdbcTemplate(database);
    private final Suppressions suppressions = new Suppressions(database, Optional.empty());
    private final Redeemed redeemed = new Redeemed(database, Duration.ZERO, suppressions, "now()");
    private final List<PersonalData> stores = stores();
    private final DataSubjects subjects = new DataSubjects(stores, suppressions, database);

    private List<PersonalData> stores() {
        return TYPES.stream().map(this::store).toList();
    }

    private static List<Class<?>> types() {
        List<Class<?>> all = new ArrayList<>();
        for (JavaClass found : new ClassFileImporter().withImportOption(new ImportOption.DoNotIncludeTests())
                .importPackages("io.leadroutes")) {
            if (found.isAssignableTo(PersonalData.class) && !found.isInterface()) {
                all.add(found.reflect());
            }
        }
        return all;
    }

    private PersonalData store(Class<?> type) {
        try {
            Constructor<?> made = type.getDeclaredConstructors()[0];
            made.setAccessible(true);
            return (PersonalData) made.newInstance(Stream.of(made.getParameterTypes())
                    .map(needed -> Stream.of(database, suppressions, redeemed).filter(needed::isInstance).findFirst()
                            .orElseThrow()).toArray());
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(type.getName(), e);
        }
    }

    private static Request email(String email) {
        return new Request(Optional.of(email), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(),
                Optional.empty());
    }

    private List<String> tables() {
        return jdbc.queryForList("select table_name from information_schema.tables where table_schema = 'public' "
                + "and table_type = 'BASE TABLE'", String.class);
    }

    private String dump() {
        StringBuilder dump = new StringBuilder();
        for (String table : tables()) {
            jdbc.queryForList("select t::text from " + table + " t", String.class)
                    .forEach(row -> dump.append(table).append(": ").append(row).append('\n'));
        }
        return dump.toString();
    }

    private UUID event(String email, String personId, String recordId) {
        UUID event = UUID.randomUUID();
        jdbc.update("""
                insert into lead_event (event_id, source, record_id, version, request_id, state, lead, match_status,
                                        person_id, enrichment, writes, timeline)
                values (?, 'salesforce', ?, '1', 'req', 'DONE', ?::jsonb, 'FULL_MATCH', ?, ?::jsonb, ?::jsonb, ?::jsonb)""",
                event, recordId, LeadJson.write(Map.of("source", "salesforce", "recordId", recordId, "version", "1",
                        "firstName", "Annabel", "lastName", "Leeward", "company", "Acme", "email", email, "phone",
                        "+1 (415) 555-0177")), personId,
                LeadJson.write(Map.of("id", Long.valueOf(personId), "firstName", "Annabel", "email", email,
                        "mobilePhone", "(628) 555-0188", "company", Map.of("id", 5, "name", "Acme"))),
                LeadJson.write(List.of(Map.of("system", "salesforce", "recordId", recordId, "fields",
                        List.of("Phone", "Title")))),
                LeadJson.write(List.of(Map.of("at", "2026-01-01T00:00:00Z", "stage", "assign", "detail", "for Leeward"))));
        return event;
    }

    private void decision(UUID event, String recordId) {
        Receipt receipt = SampleDecisions.anyReceipt(event);
        jdbc.update("insert into ruleset (version, state, content, source) values (?, 'live', '{}', '{}') "
                + "on conflict do nothing", receipt.rulesVersion());
        jdbc.update("""
                insert into decision (id, event_id, number, source, record_id, version, facts, receipt, receipt_hash, at)
                values (?, ?, 1, 'salesforce', ?, ?, ?::jsonb, ?::jsonb, ?, now())""", receipt.decisionId(), event,
                recordId, receipt.rulesVersion(), ReceiptJson.facts(receipt),
                ReceiptJson.body(receipt), receipt.hash());
        jdbc.update("""
                insert into assignment (id, event_id, number, decision_id, source, record_id, target, owner, owner_name, at)
                values (?, ?, 1, ?, 'salesforce', ?, 'user:ana', '005', 'Ana Ruiz', now())""", UUID.randomUUID(), event,
                receipt.decisionId(), recordId);
        jdbc.update("insert into decision_outbox (decision_id, event_id, source, record_id) values (?, ?, 'salesforce', ?)",
                receipt.decisionId(), event, recordId);
    }

    /** Ann in every store, and somebody else beside her in some. */
    private UUID everywhere() {
        UUID event = event(EMAIL, ID, "00QAnn");
        decision(event, "00QAnn");
        event("joann.lee@acme.example", "1111111111", "00QJoann");
        jdbc.update("""
                insert into dead_letter (request_id, request_id_kind, event_id, route_id, stage, failure_class, message,
                                         attempts, payload)
                values ('r1', 'SENT', ?, 'x', 'ENRICH', 'INTERNAL', 'm', 1, ?::jsonb),
                       ('r2', 'SENT', null, 'x', 'INTAKE', 'INTERNAL', 'm', 1, ?::jsonb),
                       ('r3', 'SENT', null, 'x', 'INTAKE', 'INTERNAL', 'm', 1, ?::jsonb)""", event,
                LeadJson.write(Map.of("lastName", "Leeward", "phone", "+1 (415) 555-0177")),
                LeadJson.write(Map.of("body", "mail to " + EMAIL.toUpperCase(Locale.ROOT) + ", please")),
                LeadJson.write(Map.of("body", "joann.lee@acme.example")));
        jdbc.update("insert into intake_key (idempotency_key, body_hash, event_ids) values (?, 'h', ?::jsonb)",
                "form " + EMAIL, LeadJson.write(List.of(event)));
        jdbc.update("insert into redeemed_person (person_id) values (?), ('1111111111')", ID);
        redeemed.learn(List.of(new Learnt(ID, Optional.of(event), io.leadroutes.lead.credit.Identity.ofLead(
                Map.of("email", EMAIL, "firstName", "Annabel", "lastName", "Leeward", "company", "Acme Inc.")), List.of()),
                new Learnt("1111111111", Optional.empty(), io.leadroutes.lead.credit.Identity.ofLead(
                        Map.of("email", "joann.lee@acme.example")), List.of())));
        jdbc.update("insert into person_notice (person_id, match_status) values (?, 'FULL_MATCH')", ID);
        jdbc.update("""
                insert into crm_update (id, origin, key, kind, zoominfo_id, profile, request_id)
                values (gen_random_uuid(), 'webhook', 'k1', 'PERSON', ?, ?::jsonb, 'r'),
                       (gen_random_uuid(), 'bulk', 'k2', 'PERSON', '1111111111', '{}', 'r')""", ID,
                LeadJson.write(Map.of("id", ID, "firstName", "Annabel")));
        jdbc.update("insert into field_written (object, record_id, zoominfo_id) values ('Lead', '00QAnn', ?)", ID);
        jdbc.update("insert into webhook_fetch (id, object_type, zoominfo_id, request_id) values "
                + "(gen_random_uuid(), 'CONTACT', ?, 'r')", ID);
        jdbc.update("""
                insert into bulk_refresh (id, object, source, soql, margin, starts, state)
                values (?, 'Lead', 'soql', ?, 0, true, 'RUNNING')""", event, "Email = '" + EMAIL + "'");
        jdbc.update("""
                insert into bulk_item (refresh_id, position, matched_by, input, input_key)
                values (?, 1, 'emailAddress', ?, ?), (?, 2, 'personId', '{"personId":"1"}', '{personid=1}')""", event,
                LeadJson.write(Map.of("emailAddress", EMAIL)), "{emailaddress=" + EMAIL + "}", event);
        return event;
    }

    @Test
    void everyTableIsNamedByAStoreOrKnownToHoldNothingOfPersons() {
        Set<String> named = new HashSet<>(WITHOUT.keySet());
        stores.forEach(store -> named.addAll(store.tables()));
        assertThat(tables()).allSatisfy(table -> assertThat(named).as("a PersonalData for " + table).contains(table));
        assertThat(stores).allSatisfy(store -> assertThat(tables()).containsAll(store.tables()));
    }

    @Test
    void aSearchByMailNamesEveryPlaceAndNoValue() {
        everywhere();
        Places places = subjects.search(email(EMAIL));

        assertThat(places.personIds()).containsExactly(ID);
        assertThat(places.places()).extracting(Held::store).containsOnly("lead_event", "dead_letter", "intake_key",
                "redeemed_person", "redeemed_alias", "decision", "assignment", "decision_outbox", "person_notice", "crm_update",
                "field_written",
                "webhook_fetch", "bulk_item", "bulk_refresh", "salesforce");
        assertThat(places.places()).filteredOn(held -> held.store().equals("lead_event")).singleElement()
                .satisfies(held -> assertThat(held.fields()).contains("lead.phone", "enrichment.mobilePhone"));
        assertThat(places.places()).filteredOn(held -> held.store().equals("salesforce")).singleElement()
                .isEqualTo(new Held("salesforce", "00QAnn", List.of("Phone", "Title")));
    }

    @Test
    void aPersonIsFoundByEachThatIsKnownOfHer() {
        everywhere();
        for (Request request : List.of(
                new Request(Optional.empty(), Optional.of(ID), Optional.empty(), Optional.empty(), Optional.empty(),
                        Optional.empty()),
                new Request(Optional.empty(), Optional.empty(), Optional.of("628.555.0188"), Optional.empty(),
                        Optional.empty(), Optional.empty()),
                new Request(Optional.empty(), Optional.empty(), Optional.empty(), Optional.of("annabel"),
                        Optional.of("Leeward"), Optional.of("ACME")))) {
            assertThat(subjects.search(request).places()).extracting(Held::store).contains("lead_event", "decision",
                    "crm_update");
        }
    }

    @Test
    void afterAnErasureNothingOfThePersonIsLeftAndOthersAreUntouched() {
        UUID event = everywhere();
        assertThat(dump()).containsIgnoringCase(EMAIL).contains(ID, "Leeward", "555-0177", "00QAnn");

        Erased erased = subjects.erase(new Request(Optional.of(EMAIL), Optional.empty(), Optional.empty(),
                Optional.empty(), Optional.empty(), Optional.empty()), "asked for on 24 November");

        // Joann shares name, company and phone in this test; her own row is looked at apart.
        jdbc.update("delete from lead_event where record_id = '00QJoann'");
        String dump = dump().replace("joann.lee@acme.example", "");
        assertThat(dump).doesNotContainIgnoringCase(EMAIL).doesNotContainIgnoringCase("annabel")
                .doesNotContainIgnoringCase("leeward").doesNotContain(ID, "555-0177", "5550177", "555-0188", "00QAnn",
                        "VP seat");
        assertThat(dump).contains("1111111111", "asked for on 24 November");
        assertThat(erased.elsewhere()).containsExactly(new Held("salesforce", "00QAnn", List.of("Phone", "Title")));
        assertThat(jdbc.queryForObject("select count(*) from dead_letter where payload::text like '%joann%'",
                Integer.class)).isEqualTo(1);
        assertThat(jdbc.queryForObject("select count(*) from redeemed_person", Integer.class))
                .as("what was paid stays paid").isEqualTo(2);
        assertThat(jdbc.queryForList("select person_id from redeemed_alias", String.class)).containsExactly("1111111111");
        assertThat(new DecisionReaderAccess(database).seals(event)).containsExactly("ERASED");

        assertThat(suppressions.isSuppressed(new Suppressions.Identity(Optional.empty(), Optional.of(EMAIL),
                Optional.empty()))).isTrue();
        assertThat(suppressions.suppressedPersons(List.of(ID))).containsExactly(ID);
        assertThat(subjects.search(email(EMAIL)).places()).extracting(Held::store).containsOnly("suppression");
        assertThat(jdbc.queryForMap("select id, reason, jsonb_array_length(hashes) as hashes from erasure"))
                .isEqualTo(Map.of("id", erased.erasureId(), "reason", "asked for on 24 November", "hashes", 2));
    }

    @Test
    void aPersonWhoComesAgainAfterAnErasureIsNotKept() {
        subjects.erase(email(EMAIL), "asked");
        UUID again = event(EMAIL.toUpperCase(Locale.ROOT), ID, "00QAnn2");
        jdbc.update("update lead_event set state = 'ENRICHING', enrichment = null, person_id = null, writes = '[]', "
                + "timeline = '[]'");

        assertThat(ConsentFixture.consent(database).setAside(jdbc.queryForList("select * from lead_event").stream()
                .<Map<String, ?>>map(row -> row).toList())).isEmpty();
        assertThat(dump()).doesNotContainIgnoringCase(EMAIL).doesNotContain("Leeward", "555-0177");
        assertThat(ConsentFixture.consent(database).mark(jdbc.queryForList("select * from lead_event").stream()
                .<Map<String, ?>>map(row -> row).toList())).singleElement()
                .satisfies(row -> assertThat(row.get("suppressed")).isEqualTo(true));
        assertThat(jdbc.queryForObject("select record_id from lead_event where event_id = ?", String.class, again))
                .as("what the CRM's record is marked by").isEqualTo("00QAnn2");
    }

    @Test
    void aRequestThatMeansSeveralPersonsOrWouldKeepDataAsEvidenceIsRefused() {
        everywhere();
        Request byPhone = new Request(Optional.empty(), Optional.empty(), Optional.of("415 555 0177"), Optional.empty(),
                Optional.empty(), Optional.empty());
        assertThatThrownBy(() -> subjects.erase(byPhone, "asked")).hasMessageContaining("Several persons");
        assertThatThrownBy(() -> subjects.erase(email(EMAIL), "asked by " + EMAIL))
                .hasMessageContaining("must not hold data");
        assertThat(dump()).contains(EMAIL);
    }

    /** The reader's constructor is its package's own. */
    private record DecisionReaderAccess(DataSource database) {
        List<String> seals(UUID event) {
            try {
                Constructor<DecisionReader> made = DecisionReader.class.getDeclaredConstructor(DataSource.class);
                made.setAccessible(true);
                return made.newInstance(database).seals(event).stream().map(seal -> seal.seal().name()).toList();
            } catch (ReflectiveOperationException e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
