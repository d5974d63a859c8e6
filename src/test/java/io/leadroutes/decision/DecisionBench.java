package io.leadroutes.decision;

import io.leadroutes.TestDatabase;
import io.leadroutes.facts.FactSheet;
import io.leadroutes.facts.LeadFacts;
import io.leadroutes.lead.LeadEvent;
import io.leadroutes.receipt.SampleDecisions;
import io.leadroutes.routing.Route;
import io.leadroutes.routing.Target;
import io.leadroutes.rules.Ruleset;
import io.leadroutes.scoring.Score;
import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.sql.Timestamp;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import javax.sql.DataSource;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Prints how many leads a second one thread claims, takes the facts of, decides and stores. A program, not a test. */
final class DecisionBench {

    private static final int LEADS = 20_000;

    private DecisionBench() {
    }

    public static void main(String... args) throws Exception {
        DataSource server = TestDatabase.fresh();
        SingleConnectionDataSource database = new SingleConnectionDataSource(server.getConnection(), true);
        JdbcTemplate jdbc = new JdbcTemplate(database);
        String person = """
                {"id": 1, "managementLevel": ["VP-Level"], "jobTitle": "VP Engineering", "contactAccuracyScore": 93,
                 "jobFunction": [{"name": "x", "department": "Engineering & Technical"}], "country": "United States",
                 "state": "California", "zipCode": "94107", "company": {"id": 7, "name": "Acme", "employeeCount": 1250,
                 "revenueNumeric": 400000000, "primaryIndustry": ["Software"], "country": "United States"}}""";
        for (int i = 0; i < LEADS; i++) {
            jdbc.update("""
                    insert into lead_event (event_id, source, record_id, version, request_id, state, lead, enrichment,
                                            match_status)
                    values (?, 'bench', ?, '1', 'r', 'ENRICHED', ?::jsonb, ?::jsonb, 'FULL_MATCH')""",
                    UUID.randomUUID(), "r" + i, "{\"source\": \"bench\", \"recordId\": \"r" + i + "\", \"version\": "
                            + "\"1\", \"email\": \"p" + i + "@acme.com\", \"company\": \"Acme\"}", person);
        }
        TransactionTemplate transactions = new TransactionTemplate(new DataSourceTransactionManager(database));
        Decisions decisions = new Decisions(jdbc, work -> transactions.executeWithoutResult(status -> work.run()));
        Ruleset rules = SampleDecisions.rules(true);
        LeadFacts facts = new LeadFacts();
        Score score = SampleDecisions.score("8.75", "8.75", "3.5", "3.5", "2.5", "7.5", "6.25", "5", "3.75", "25.5",
                "11.5", "-0.5");
        Route route = SampleDecisions.row("large company on the West Coast",
                SampleDecisions.target(Target.Kind.POOL, "west"), SampleDecisions.target(Target.Kind.QUEUE, "rest"));
        String claim = claim();
        long facting = 0;
        long deciding = 0;
        long begin = System.nanoTime();
        int decided = 0;
        for (List<Map<String, Object>> rows = jdbc.queryForList(claim); !rows.isEmpty(); rows = jdbc.queryForList(claim)) {
            long start = cpu();
            List<ScoredLead> scored = rows.stream().map(row -> {
                LeadEvent event = LeadEvent.of(row);
                FactSheet sheet = facts.of(event, ((Timestamp) row.get("claimed_at")).toInstant(), rules.types(),
                        false);
                return new ScoredLead(event, sheet, score, route);
            }).toList();
            long middle = cpu();
            decided += decisions.decide(new ScoredBatch(rules, scored, List.of())).size();
            facting += middle - start;
            deciding += cpu() - middle;
        }
        long took = System.nanoTime() - begin;
        System.out.printf("%d leads in %.2f s: %.0f leads/s; CPU of this thread: facts %.0f us a lead, decision %.0f us%n", decided,
                took / 1e9, decided * 1e9 / took, facting / 1e3 / decided, deciding / 1e3 / decided);
        System.out.printf("decision table %s, pool_event %s%n",
                jdbc.queryForObject("select pg_size_pretty(pg_total_relation_size('decision'))", String.class),
                jdbc.queryForObject("select pg_size_pretty(pg_total_relation_size('pool_event'))", String.class));
        System.exit(0);
    }

    private static long cpu() {
        return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    }

    private static String claim() throws IOException {
        try (InputStream file = DecisionBench.class.getResourceAsStream("/sql/claim-enriched.sql")) {
            return new String(file.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
