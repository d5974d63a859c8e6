package io.leadroutes.compliance;

import static org.assertj.core.api.Assertions.assertThat;

import io.leadroutes.TestDatabase;
import io.leadroutes.compliance.Suppressions.Identity;
import io.leadroutes.lead.Claim;
import io.leadroutes.lead.Enrichment;
import io.leadroutes.lead.LeadBatch;
import io.leadroutes.lead.LeadJson;
import io.leadroutes.lead.LeadStages.Answer;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.JdbcTemplate;

class LeadConsentTest {

    private final DataSource database = TestDatabase.fresh();
    private final JdbcTemplate jdbc = new JdbcTemplate(database);
    private final Suppressions suppressions = new Suppressions(database, Optional.empty());
    private final LeadConsent consent = ConsentFixture.consent(database);

    private UUID lead(String state, String email, Map<String, Object> enrichment) {
        UUID eventId = UUID.randomUUID();
        jdbc.update("""
                insert into lead_event (event_id, source, record_id, version, request_id, state, lead, enrichment,
                                        match_status)
                values (?, 'web', ?, '1', 'r', ?, ?::jsonb, ?::jsonb, 'FULL_MATCH')""", eventId, eventId.toString(),
                state, LeadJson.write(Map.of("source", "web", "recordId", eventId.toString(), "version", "1", "email",
                        email)), LeadJson.write(enrichment));
        return eventId;
    }

    private List<Map<String, ?>> claimed() {
        return jdbc.queryForList("select * from lead_event order by lead ->> 'email'").stream()
                .<Map<String, ?>>map(row -> row).toList();
    }

    private static Identity email(String email) {
        return new Identity(Optional.empty(), Optional.of(email), Optional.empty());
    }

    @Test
    void aSuppressedPersonGoesOnToTheDecisionWithoutACallAndWithoutACredit() {
        suppressions.suppress(email("a@example.com"), "erasure", "asked", Map.of());
        UUID suppressed = lead("ENRICHING", "A@example.com", Map.of());
        UUID other = lead("ENRICHING", "b@example.com", Map.of());

        assertThat(consent.setAside(claimed())).extracting(row -> (Object) row.get("event_id")).containsExactly(other);
        assertThat(jdbc.queryForMap("select state, match_status, credits from lead_event where event_id = ?", suppressed))
                .isEqualTo(Map.of("state", "ENRICHED", "match_status", "SUPPRESSED", "credits", 0));
        assertThat(jdbc.queryForObject("select count(*) from redeemed_person", Integer.class)).isZero();
    }

    @Test
    void eachRowForScoringSaysWhetherItsPersonIsSuppressedByMailOrPerson() {
        suppressions.suppress(email("a@example.com"), "erasure", "asked", Map.of());
        suppressions.suppress(Identity.ofPerson("42"), "webhook", "opted out", Map.of());
        lead("ENRICHED", "a@example.com", Map.of("id", 1));
        lead("ENRICHED", "b@example.com", Map.of("id", 42));
        lead("ENRICHED", "c@example.com", Map.of("id", 3));

        assertThat(consent.mark(claimed())).extracting(row -> row.get("suppressed")).containsExactly(true, true, false);
    }

    @Test
    void anOptOutInTheAnswerSuppressesTheMailThatWasAskedForAndOthersCountAsChecked() {
        UUID gone = lead("ENRICHING", "gone@example.com", Map.of());
        UUID found = lead("ENRICHING", "here@example.com", Map.of());

        consent.note(List.of(new Answer(new Claim(gone, 0), new Enrichment("OPT_OUT", Map.of(), 0), List.of()),
                new Answer(new Claim(found, 0), new Enrichment("FULL_MATCH", Map.of("id", 42, "withinEu", true,
                        "noticeProvidedDate", "Notice not required"), 0), List.of())), LeadBatch.of(claimed()));

        assertThat(suppressions.isSuppressed(email("gone@example.com"))).isTrue();
        assertThat(suppressions.isSuppressed(email("here@example.com"))).isFalse();
        assertThat(jdbc.queryForMap("select person_id, within_eu, notice, notice_date is null as no_date, "
                + "last_checked > now() - interval '1 minute' as checked from person_notice"))
                .containsEntry("person_id", "42").containsEntry("within_eu", true)
                .containsEntry("notice", "Notice not required").containsEntry("no_date", true)
                .containsEntry("checked", true);
    }
}
