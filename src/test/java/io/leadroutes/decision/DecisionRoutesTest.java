package io.leadroutes.decision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.networknt.schema.InputFormat;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion.VersionFlag;
import io.leadroutes.TestDatabase;
import io.leadroutes.compliance.ConsentFixture;
import io.leadroutes.facts.LeadFacts;
import io.leadroutes.lead.LeadEvent;
import io.leadroutes.lead.LedgerFixture;
import io.leadroutes.receipt.Receipt;
import io.leadroutes.receipt.ReceiptJson;
import io.leadroutes.routing.PoolBook;
import io.leadroutes.routing.Router;
import io.leadroutes.rules.Facts;
import io.leadroutes.rules.Ruleset;
import io.leadroutes.rules.RulesetLoader;
import io.leadroutes.scoring.Score;
import io.leadroutes.scoring.Scorer;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** The score and assign stages as the YAML routes run them, with the shipped rules. */
class DecisionRoutesTest {

    private static final String POISON = "Poison";

    private final DataSource database = TestDatabase.fresh();
    private final JdbcTemplate jdbc = new JdbcTemplate(database);
    private final DecisionReader reader = new DecisionReader(database);
    private final List<Exchange> buried = new CopyOnWriteArrayList<>();
    private final DefaultCamelContext context = new DefaultCamelContext();

    /** Fails for one lead, as rules with a fault would. */
    private static final class FaultyScorer extends Scorer {
        @Override
        public Score score(Ruleset ruleset, Facts facts, List<Facts> events) {
            if (facts.value("lead.city").equals(Optional.of(POISON))) {
                throw new IllegalStateException("scoring broke");
            }
            return super.score(ruleset, facts, events);
        }
    }

    @BeforeEach
    void routes() throws Exception {
        Ruleset rules = RulesetLoader.load(Path.of("rules"));
        TransactionTemplate transactions = new TransactionTemplate(new DataSourceTransactionManager(database));
        Decisions decisions = new Decisions(jdbc, work -> transactions.executeWithoutResult(status -> work.run()));
        context.getRegistry().bind("dataSource", database);
        context.getRegistry().bind("leadScoring",
                new LeadScoring(() -> rules, new LeadFacts(), new FaultyScorer(), new Router()));
        context.getRegistry().bind("leadConsent", ConsentFixture.consent(database));
        context.getRegistry().bind("leadAssignment", new LeadAssignment(decisions, LedgerFixture.lostClaims()));
        context.getRegistry().bind("deadLetterWriter", (Processor) exchange -> {
            buried.add(exchange);
            jdbc.update("update lead_event set state = 'DEAD' where event_id = ?",
                    exchange.getMessage().getBody(LeadEvent.class).eventId());
        });
        for (String file : List.of("shared/job", "shared/lead-stage", "shared/dead-letter", "pipeline/lead-undecided",
                "pipeline/lead-assign", "pipeline/lead-score")) {
            PluginHelper.getRoutesLoader(context).loadRoutes(
                    ResourceHelper.resolveMandatoryResource(context, "file:routes/" + file + ".camel.yaml"));
        }
    }

    @AfterEach
    void stop() {
        context.stop();
    }

    @Test
    void everyEnrichedLeadIsDecidedAndTheOneThatSpoilsItEndsInADeadLetter() {
        Random random = new Random(7);
        List<UUID> leads = IntStream.range(0, 450).mapToObj(i -> enriched(random, "Paris")).toList();
        UUID poison = enriched(random, POISON);
        context.start();
        await().atMost(Duration.ofSeconds(120)).until(() -> waiting() == 0);

        assertThat(buried).singleElement().satisfies(exchange -> {
            assertThat(exchange.getMessage().getBody(LeadEvent.class).eventId()).isEqualTo(poison);
            assertThat(exchange.getVariable("stage", String.class)).isEqualTo("DECIDE");
            assertThat(exchange.getVariable("requestId", String.class)).isEqualTo("req-" + POISON);
            assertThat(exchange.getProperty(Exchange.EXCEPTION_CAUGHT)).isInstanceOf(DecisionFailedException.class);
        });
        Map<UUID, Receipt> receipts = reader.latest(leads);
        assertThat(receipts).hasSize(450);
        JsonSchema schema = JsonSchemaFactory.getInstance(VersionFlag.V202012)
                .getSchema(DecisionRoutesTest.class.getResourceAsStream("/schema/receipt.schema.json"));
        receipts.values().forEach(receipt -> {
            assertThat(ReceiptJson.intact(receipt)).isTrue();
            String json = ReceiptJson.write(receipt);
            assertThat(schema.validate(json, InputFormat.JSON)).as(json).isEmpty();
            assertThat(json).doesNotContain("@", "Secretperson", "555-0100");
            assertThat(receipt.assignment().isPresent()).isEqualTo(receipt.route().action().equals("assign"));
            receipt.score().ifPresent(score -> assertThat(score.lines().stream().map(Receipt.Line::points)
                    .reduce(BigDecimal.ZERO, BigDecimal::add)).isEqualByComparingTo(BigDecimal.valueOf(score.total())));
        });
        assertThat(receipts.values().stream().filter(receipt -> receipt.pool().isPresent())).isNotEmpty();
        jdbc.queryForList("select pool from pool_state", String.class)
                .forEach(pool -> assertThat(PoolBook.verify(jdbc, pool)).as(pool).isEmpty());
    }

    private int waiting() {
        return jdbc.queryForObject("select count(*) from lead_event where state = 'ENRICHED'", Integer.class);
    }

    private UUID enriched(Random random, String city) {
        UUID eventId = UUID.randomUUID();
        String country = List.of("US", "DE", "FR", "Atlantis", "").get(random.nextInt(5));
        String level = List.of("C-Level", "VP-Level", "Director", "Manager", "").get(random.nextInt(5));
        String status = List.of("New", "Working").get(random.nextInt(10) / 9);
        String lead = """
                {"source": "salesforce", "recordId": "%s", "version": "1", "firstName": "Secretperson",
                 "lastName": "X", "email": "secretperson@acme.com", "phone": "+1 (415) 555-0100", "company": "Acme",
                 "country": "%s", "city": "%s",
                 "attributes": {"Status": "%s", "LeadSource": "Demo Request", "HasOptedOutOfEmail": %b}}"""
                .formatted(eventId, country, city, status, random.nextInt(20) == 0);
        String person = """
                {"id": 1, "email": "secretperson@acme.com", "managementLevel": ["%s"], "contactAccuracyScore": %d,
                 "company": {"id": 2, "name": "Acme", "employeeCount": %d, "primaryIndustry": ["Software"]}}"""
                .formatted(level, random.nextInt(101), random.nextInt(20_000));
        jdbc.update("""
                insert into lead_event (event_id, source, record_id, version, request_id, state, lead, enrichment,
                                        match_status)
                values (?, 'salesforce', ?, '1', ?, 'ENRICHED', ?::jsonb, ?::jsonb, ?)""", eventId, eventId.toString(),
                "req-" + city, lead, person, random.nextInt(6) == 0 ? "NO_MATCH" : "FULL_MATCH");
        return eventId;
    }
}
