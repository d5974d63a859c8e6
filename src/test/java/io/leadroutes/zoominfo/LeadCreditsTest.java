package io.leadroutes.zoominfo;

import static org.assertj.core.api.Assertions.assertThat;

import io.leadroutes.TestDatabase;
import io.leadroutes.lead.Enrichment;
import io.leadroutes.lead.IncomingLead;
import io.leadroutes.lead.Lead;
import io.leadroutes.lead.LeadBatch;
import io.leadroutes.lead.LeadInbox;
import io.leadroutes.lead.LeadStages;
import io.leadroutes.lead.LeadStages.Answer;
import io.leadroutes.lead.LedgerFixture;
import io.leadroutes.lead.credit.CreditBudgets;
import io.leadroutes.lead.credit.CreditLedger;
import io.leadroutes.lead.credit.Redeemed;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.JdbcTemplate;

/** Who is known, by what, and what that saves. */
class LeadCreditsTest {

    private static final Map<String, Object> ADA = Map.of("id", 7, "firstName", "Ada", "lastName", "Lovelace", "email",
            "ada@engines.example", "company", Map.of("id", 70, "name", "Engines, Inc."));

    private final DataSource database = TestDatabase.fresh();
    private final JdbcTemplate jdbc = new JdbcTemplate(database);
    private final DefaultCamelContext camel = new DefaultCamelContext();
    private int leads;

    private CreditBudgets budgets(long total, Duration maxAge) {
        return new CreditBudgets(Optional.of(total), Optional.empty(), Map.of(), 0.1, ZoneOffset.UTC, maxAge);
    }

    private UUID receive(Map<String, String> fields) {
        return new LeadInbox(database).accept(List.of(new IncomingLead(new Lead("web", "r" + leads++, "1", fields, Map.of()),
                "request", IncomingLead.LIVE))).get(0);
    }

    /** Claims what waits and covers it; the leads to ask for, with what ZoomInfo is asked. */
    private Map<UUID, Map<String, Object>> cover(CreditBudgets budgets, String now) {
        CreditLedger ledger = LedgerFixture.ledger(database, budgets, now);
        Redeemed redeemed = LedgerFixture.redeemed(database, budgets, now);
        LeadStages stages = LedgerFixture.stages(database, ledger, redeemed);
        LeadCredits credits = new LeadCredits(stages, ledger, redeemed);
        LeadBatch batch = credits.cover(LeadBatch.of(List.copyOf(jdbc.queryForList("""
                update lead_event set state = 'ENRICHING', lease_until = now() + interval '1 hour', fence = fence + 1
                where state = 'RECEIVED' returning *"""))), new DefaultExchange(camel));
        return batch.leads().stream().collect(Collectors.toMap(lead -> lead.eventId(),
                lead -> credits.input(lead).orElse(Map.of())));
    }

    private int answer(CreditBudgets budgets, String now, String status, Map<String, Object> record) {
        return LedgerFixture.stages(database, LedgerFixture.ledger(database, budgets, now),
                LedgerFixture.redeemed(database, budgets, now)).enriched(LeadBatch.of(List.copyOf(jdbc.queryForList(
                "select * from lead_event where state = 'ENRICHING'"))).claims().stream()
                .map(claim -> new Answer(claim, new Enrichment(status, record, 0), List.of())).toList());
    }

    private long settled() {
        return jdbc.queryForObject("select settled from credit_use where source = '' and day = 'infinity'", Long.class);
    }

    @Test
    void aPersonIsAnsweredFromTheStoreByMailAndByNameAndCompanyAsWritten() {
        CreditBudgets budgets = budgets(1, Duration.ofDays(365));
        receive(Map.of("email", "Ada@Engines.example"));
        assertThat(cover(budgets, "now()")).hasSize(1);
        assertThat(answer(budgets, "now()", "FULL_MATCH", ADA)).isEqualTo(1);

        receive(Map.of("email", "ada@engines.EXAMPLE "));
        receive(Map.of("firstName", "ADA", "lastName", "Lovelace", "company", "Engines"));
        assertThat(cover(budgets, "now()")).as("nobody is asked for, though the budget is spent").isEmpty();
        assertThat(jdbc.queryForList("select person_id || ' ' || state || ' ' || credits from lead_event order by received_at",
                String.class)).containsExactly("7 ENRICHED 1", "7 ENRICHED 0", "7 ENRICHED 0");
        assertThat(jdbc.queryForObject("select count(*) from lead_event where timeline::text like '%answered from the store%'",
                Integer.class)).isEqualTo(2);
        assertThat(settled()).isEqualTo(1);
    }

    @Test
    void anAnswerThatIsTooOldIsAskedForAnewByTheIdForNoCredit() {
        CreditBudgets budgets = budgets(1, Duration.ofDays(30));
        receive(Map.of("email", "ada@engines.example"));
        cover(budgets, "now()");
        answer(budgets, "now()", "FULL_MATCH", ADA);
        UUID later = receive(Map.of("email", "ada@engines.example"));
        String now = "now() + interval '31 days'";
        assertThat(cover(budgets, now)).isEqualTo(Map.of(later, Map.of("personId", 7L)));
        assertThat(answer(budgets, now, "FULL_MATCH", ADA)).isZero();
        assertThat(settled()).isEqualTo(1);
    }

    @Test
    void afterTwelveMonthsAPersonCostsACreditAgain() {
        CreditBudgets budgets = budgets(2, Duration.ofDays(365));
        receive(Map.of("email", "ada@engines.example"));
        cover(budgets, "now()");
        answer(budgets, "now()", "FULL_MATCH", ADA);
        UUID later = receive(Map.of("email", "ada@engines.example"));
        String now = "now() + interval '366 days'";
        assertThat(cover(budgets, now)).isEqualTo(Map.of(later, Map.of("emailAddress", "ada@engines.example")));
        assertThat(answer(budgets, now, "FULL_MATCH", ADA)).isEqualTo(1);
        assertThat(settled()).isEqualTo(2);
    }

    @Test
    void aNameThatRecordsOfTwoPersonsBearIsNoSignOfEither() {
        CreditBudgets budgets = budgets(10, Duration.ofDays(365));
        receive(Map.of("email", "ada@engines.example"));
        cover(budgets, "now()");
        answer(budgets, "now()", "FULL_MATCH", ADA);
        receive(Map.of("email", "other@engines.example"));
        cover(budgets, "now()");
        answer(budgets, "now()", "FULL_MATCH", Map.of("id", 8, "firstName", "Ada", "lastName", "Lovelace", "email",
                "other@engines.example", "company", Map.of("name", "Engines")));
        UUID third = receive(Map.of("firstName", "Ada", "lastName", "Lovelace", "company", "Engines"));
        assertThat(cover(budgets, "now()")).containsOnlyKeys(third);
    }

    @Test
    void aCompanyWithoutAPersonCostsACreditOnce() {
        CreditBudgets budgets = budgets(10, Duration.ofDays(365));
        Map<String, Object> company = Map.of("company", Map.of("id", 70, "name", "Engines"));
        receive(Map.of("email", "a@engines.example"));
        cover(budgets, "now()");
        assertThat(answer(budgets, "now()", "COMPANY_ONLY_MATCH", company)).isEqualTo(1);
        receive(Map.of("email", "b@engines.example"));
        cover(budgets, "now()");
        assertThat(answer(budgets, "now()", "COMPANY_ONLY_MATCH", company)).isZero();
        assertThat(settled()).isEqualTo(1);
    }

    @Test
    void aLeadThatIsRestartedIsAskedForAnewThoughItsOwnAnswerIsHeld() {
        CreditBudgets budgets = budgets(1, Duration.ofDays(365));
        UUID lead = receive(Map.of("email", "ada@engines.example"));
        cover(budgets, "now()");
        answer(budgets, "now()", "FULL_MATCH", ADA);
        jdbc.update("update lead_event set state = 'RECEIVED'");
        assertThat(cover(budgets, "now()")).isEqualTo(Map.of(lead, Map.of("personId", 7L)));
    }
}
