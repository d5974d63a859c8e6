package io.leadroutes.zoominfo;

import static org.assertj.core.api.Assertions.assertThat;

import io.leadroutes.TestDatabase;
import io.leadroutes.lead.Enrichment;
import io.leadroutes.lead.IncomingLead;
import io.leadroutes.lead.Lead;
import io.leadroutes.lead.LeadBatch;
import io.leadroutes.lead.LeadEvent;
import io.leadroutes.lead.LeadInbox;
import io.leadroutes.lead.LeadStages;
import io.leadroutes.lead.LeadStages.Answer;
import io.leadroutes.lead.LedgerFixture;
import io.leadroutes.lead.credit.CreditBudgets;
import io.leadroutes.lead.credit.CreditLedger;
import io.leadroutes.lead.credit.CreditReader;
import io.leadroutes.lead.credit.CreditReader.Ledger;
import io.leadroutes.lead.credit.CreditWaiting;
import io.leadroutes.lead.credit.Redeemed;
import java.sql.Connection;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.apache.camel.CamelContext;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;
import org.springframework.transaction.support.TransactionTemplate;

/** R12: replicas that share a budget and die at any time between the reservation and the settlement. */
class CreditBudgetFaultTest {

    private static final int BUDGET = 1_000;
    private static final int LEADS = 5_000;
    private static final int PERSONS = 4_000;
    private static final int REPLICAS = 3;

    private final DataSource database = TestDatabase.fresh();
    private final JdbcTemplate jdbc = new JdbcTemplate(database);
    private final TransactionTemplate transactions =
            new TransactionTemplate(new DataSourceTransactionManager(database));
    private final CreditBudgets budgets = new CreditBudgets(Optional.of((long) BUDGET), Optional.empty(), Map.of(), 0.1,
            ZoneOffset.UTC, Duration.ofDays(365));
    private final CamelContext camel = new DefaultCamelContext();
    /** What ZoomInfo has charged. */
    private final Set<Object> charged = ConcurrentHashMap.newKeySet();
    private final AtomicInteger deaths = new AtomicInteger();

    @Test
    void threeReplicasThatDieAtAnyTimeServeTheBudgetAndNoMoreAndTheRestWaits() throws Exception {
        new LeadInbox(database).accept(IntStream.range(0, LEADS).mapToObj(i -> new IncomingLead(new Lead("web", "r" + i,
                "1", Map.of("email", "p" + i % PERSONS + "@example.com"), Map.of()), "request-" + i, IncomingLead.LIVE))
                .toList());
        ExecutorService threads = Executors.newFixedThreadPool(REPLICAS);
        List<Future<Void>> replicas = new ArrayList<>();
        for (int i = 0; i < REPLICAS; i++) {
            Random random = new Random(7 + i);
            replicas.add(threads.submit((Callable<Void>) () -> {
                try (Connection connection = database.getConnection()) {
                    while (!over()) {
                        new Replica(new SingleConnectionDataSource(connection, true), random).run();
                    }
                }
                return null;
            }));
        }
        for (Future<Void> replica : replicas) {
            replica.get(3, TimeUnit.MINUTES);
        }
        threads.shutdown();

        Ledger ledger = new CreditReader(database, budgets, "now()").read();
        assertThat(deaths.get()).as("deaths").isGreaterThan(10);
        assertThat(charged.size()).as("served without an operator").isEqualTo(BUDGET);
        assertThat(ledger.settled()).isEqualTo(charged.size());
        assertThat(ledger.reserved()).isZero();
        assertThat(jdbc.queryForList("select distinct state from lead_event", String.class))
                .containsExactlyInAnyOrder("ENRICHED", "PARKED");
        assertThat(jdbc.queryForList("select distinct parked_cause from lead_event where state = 'PARKED'", String.class))
                .containsExactly("CREDIT_BUDGET: zoominfo.credit-budget");
        assertThat(jdbc.queryForObject("select sum(credits) from lead_event", Long.class)).isEqualTo(BUDGET);
        assertThat(ledger.waiting().leads()).isGreaterThan(LEADS / 2);
    }

    private boolean over() {
        return !jdbc.queryForObject("select exists (select 1 from lead_event where state in ('RECEIVED', 'ENRICHING'))",
                Boolean.class)
                && transactions.execute(status -> new CreditWaiting(database,
                        LedgerFixture.ledger(database, budgets, "now()")).wake()) == 0;
    }

    /** What a process holds in memory; nothing of it is left when it dies. */
    private final class Replica {

        private final Random random;
        private final JdbcTemplate jdbc;
        private final TransactionTemplate transactions;
        private final LeadStages stages;
        private final LeadCredits credits;

        Replica(DataSource database, Random random) {
            CreditLedger ledger = LedgerFixture.ledger(database, budgets, "now()");
            Redeemed redeemed = LedgerFixture.redeemed(database, budgets, "now()");
            this.random = random;
            this.jdbc = new JdbcTemplate(database);
            this.transactions = new TransactionTemplate(new DataSourceTransactionManager(database));
            this.stages = LedgerFixture.stages(database, ledger, redeemed);
            this.credits = new LeadCredits(stages, ledger, redeemed);
        }

        void run() throws Exception {
            while (!over()) {
                stages.resume();
                List<Map<String, ?>> rows = List.copyOf(transactions.execute(status -> jdbc.queryForList("""
                        update lead_event set state = 'ENRICHING', lease_until = now() + interval '400 milliseconds',
                            attempts = attempts + 1, fence = fence + 1
                        where event_id in (select event_id from lead_event where state = 'RECEIVED'
                                           order by priority, received_at limit 25 for update skip locked)
                        returning *""")));
                LeadBatch batch = credits.cover(LeadBatch.of(rows), new DefaultExchange(camel));
                if (dies()) {
                    return;
                }
                List<Answer> answers = batch.leads().stream().map(this::ask).toList();
                if (dies()) {
                    return;
                }
                stages.enriched(answers);
            }
        }

        private boolean dies() {
            boolean dies = random.nextInt(12) == 0;
            if (dies) {
                deaths.incrementAndGet();
            }
            return dies;
        }

        /** Every tenth person is unknown to ZoomInfo. */
        private Answer ask(LeadEvent lead) {
            Map<String, Object> input = credits.input(lead).orElseThrow();
            long person = input.get("personId") instanceof Long id ? id
                    : Long.parseLong(input.get("emailAddress").toString().replaceAll("\\D", ""));
            if (person % 10 == 0) {
                return new Answer(lead.claim(), new Enrichment("NO_MATCH", Map.of(), 0), List.of());
            }
            charged.add(person);
            return new Answer(lead.claim(), new Enrichment("FULL_MATCH", Map.of("id", person, "email",
                    "p" + person + "@example.com"), 0), List.of());
        }
    }
}
