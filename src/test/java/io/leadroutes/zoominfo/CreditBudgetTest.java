package io.leadroutes.zoominfo;

import static org.assertj.core.api.Assertions.assertThat;

import io.leadroutes.TestDatabase;
import io.leadroutes.lead.Enrichment;
import io.leadroutes.lead.IncomingLead;
import io.leadroutes.lead.Lead;
import io.leadroutes.lead.LeadBatch;
import io.leadroutes.lead.LeadInbox;
import io.leadroutes.lead.LeadStages.Answer;
import io.leadroutes.lead.LeadStages;
import io.leadroutes.lead.LedgerFixture;
import io.leadroutes.lead.credit.CreditLedger;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.quarkus.runtime.configuration.DurationConverter;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.JdbcTemplate;

class CreditBudgetTest {

    private final DataSource database = TestDatabase.fresh();
    private final JdbcTemplate jdbc = new JdbcTemplate(database);
    private final CreditLedger ledger = LedgerFixture.ledger(database, Optional.of(7L));
    private final LeadStages stages = LedgerFixture.stages(database, ledger, LedgerFixture.redeemed(database));
    private final Circuits circuits = CircuitsTest.circuits(database, "a");
    private final EnrichmentStage stage = new EnrichmentStage(stages, LedgerFixture.claims(database),
            new LeadCredits(stages, ledger, LedgerFixture.redeemed(database)), circuits, new PoisonSearch(circuits),
            new SmallRyeConfigBuilder()
            .withMapping(ZoomInfoConfig.class).withConverter(Duration.class, 200, new DurationConverter()).build()
            .getConfigMapping(ZoomInfoConfig.class), new SimpleMeterRegistry());

    @Test
    void settledAndReservedCreditsNeverPassTheBudgetAndTheOtherLeadsWait() throws Exception {
        try (CamelContext camel = new DefaultCamelContext()) {
            LeadBatch first = open(camel, 5);
            assertThat(first.size()).isEqualTo(5);
            stages.enriched(IntStream.range(0, 3).mapToObj(i -> new Answer(first.claims().get(i),
                    new Enrichment("FULL_MATCH", Map.of("id", i), 0), List.of())).toList());

            // Three are paid and two still reserved: there is room for two of seven.
            assertThat(open(camel, 4).size()).isEqualTo(2);
            assertThat(jdbc.queryForList("select distinct parked_cause from lead_event where state = 'PARKED'",
                    String.class)).containsExactly("CREDIT_BUDGET: zoominfo.credit-budget");
        }
    }

    @Test
    void aBatchThatTheBudgetCoversInPartIsTakenInPart() throws Exception {
        try (CamelContext camel = new DefaultCamelContext()) {
            assertThat(open(camel, 10).size()).isEqualTo(7);
            assertThat(jdbc.queryForObject("select count(*) from lead_event where state = 'PARKED'", Integer.class))
                    .isEqualTo(3);
        }
    }

    private LeadBatch open(CamelContext camel, int leads) {
        int known = jdbc.queryForObject("select count(*) from lead_event", Integer.class);
        new LeadInbox(database).accept(IntStream.range(0, leads).mapToObj(i -> new IncomingLead(new Lead("web",
                "r" + (known + i), "1", Map.of("email", "x" + (known + i) + "@example.com"), Map.of()), "request-" + i,
                IncomingLead.LIVE)).toList());
        List<Map<String, Object>> claimed = jdbc.queryForList("""
                update lead_event set state = 'ENRICHING', lease_until = now() + interval '1 hour', attempts = 1
                where state = 'RECEIVED' returning *""");
        Exchange exchange = new DefaultExchange(camel);
        exchange.getMessage().setBody(claimed);
        stage.open(exchange);
        return exchange.getMessage().getBody(LeadBatch.class);
    }
}
