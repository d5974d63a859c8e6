package io.leadroutes.decision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.leadroutes.TestDatabase;
import io.leadroutes.decision.Decisions.Outcome;
import io.leadroutes.lead.Claim;
import io.leadroutes.lead.Lead;
import io.leadroutes.lead.LeadEvent;
import io.leadroutes.lead.LeadState;
import io.leadroutes.lead.LedgerFixture;
import io.leadroutes.receipt.Receipt;
import io.leadroutes.receipt.ReceiptJson;
import io.leadroutes.receipt.SampleDecisions;
import io.leadroutes.routing.PoolBook;
import io.leadroutes.routing.Route;
import io.leadroutes.routing.Target;
import io.leadroutes.rules.Pool;
import io.leadroutes.rules.Ruleset;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

class DecisionsTest {

    private static final Target WEST = SampleDecisions.target(Target.Kind.POOL, "west");
    private static final Target EMPTY = SampleDecisions.target(Target.Kind.POOL, "empty");
    private static final Target REST = SampleDecisions.target(Target.Kind.QUEUE, "rest");
    private static final Route TO_WEST = SampleDecisions.row("large company on the West Coast", WEST, REST);

    private final Ruleset rules = SampleDecisions.rules(true);
    private DataSource database;
    private JdbcTemplate jdbc;
    private Decisions decisions;
    private DecisionReader reader;

    @BeforeEach
    void emptyDatabase() {
        database = TestDatabase.fresh();
        jdbc = new JdbcTemplate(database);
        decisions = decisions();
        reader = new DecisionReader(database);
    }

    private Decisions decisions() {
        TransactionTemplate transactions = new TransactionTemplate(new DataSourceTransactionManager(database));
        return new Decisions(jdbc, work -> transactions.executeWithoutResult(status -> work.run()));
    }

    @Test
    void aLeadThatAnotherHasClaimedMeanwhileIsNotDecidedHere() {
        UUID taken = enriched("taken");
        UUID ours = enriched("ours");
        jdbc.update("update lead_event set fence = fence + 1 where event_id = ?", taken);

        assertThat(decisions.decide(batch(rules, List.of(taken, ours), TO_WEST))).extracting(Outcome::eventId)
                .containsExactly(ours);
        assertThat(jdbc.queryForObject("select state from lead_event where event_id = ?", String.class, taken))
                .isEqualTo("ENRICHED");
    }

    @Test
    void aLeadGetsOwnerReceiptAndStateAtOnce() {
        UUID lead = enriched("a");
        assertThat(decisions.decide(batch(rules, List.of(lead), TO_WEST))).singleElement()
                .satisfies(outcome -> assertThat(outcome.repeated()).isFalse());
        Receipt receipt = reader.receipts(lead).get(0);
        assertThat(receipt.headline())
                .isEqualTo("Assigned to Ana Ruiz (west) because large company on the West Coast (rule us-west-ent).");
        assertThat(receipt.pool().orElseThrow().owedBefore()).isEqualTo(Map.of("ana", "1/2", "ben", "1/4", "cy", "1/4"));
        assertThat(ReceiptJson.intact(receipt)).isTrue();
        assertThat(DecisionReader.assignment(receipt)).get()
                .extracting(view -> view.ownerId() + " " + view.territory().orElse("") + " " + view.pool().orElse(""))
                .isEqualTo("005-ana us-west-ent west");
        Map<String, Object> row = jdbc.queryForMap("select state, lease_until, attempts, timeline::text from lead_event");
        assertThat(row).containsEntry("state", "DECIDED").containsEntry("attempts", 0).containsEntry("lease_until", null);
        assertThat((String) row.get("timeline")).contains("12 Hot A2", "Assigned to Ana Ruiz");
        assertThat(jdbc.queryForMap("select owner, pool, pool_seq, state from assignment")).isEqualTo(
                Map.of("owner", "005-ana", "pool", "west", "pool_seq", receipt.pool().orElseThrow().seq(), "state", "open"));
        assertThat(jdbc.queryForObject("select state from ruleset where version = ?", String.class, rules.version()))
                .isEqualTo("live");
    }

    @Test
    void twoDecidersOnTheSameLeadsDecideEachOnceAndShareExactly() throws Exception {
        List<UUID> leads = IntStream.range(0, 500).mapToObj(i -> enriched("lead" + i)).toList();
        List<ScoredBatch> batches = new ArrayList<>();
        for (int from = 0; from < 500; from += 100) {
            batches.add(batch(rules, leads.subList(from, from + 100), TO_WEST));
        }
        ExecutorService workers = Executors.newFixedThreadPool(4);
        CountDownLatch start = new CountDownLatch(1);
        List<Future<List<Outcome>>> running = new ArrayList<>();
        for (int worker = 0; worker < 4; worker++) {
            Decisions own = decisions();
            for (ScoredBatch batch : batches) {
                running.add(workers.submit(() -> {
                    start.await();
                    return own.decide(batch);
                }));
            }
        }
        start.countDown();
        int decided = 0;
        int repeated = 0;
        for (Future<List<Outcome>> future : running) {
            for (Outcome outcome : future.get()) {
                if (outcome.repeated()) {
                    repeated++;
                } else {
                    decided++;
                }
            }
        }
        workers.shutdown();
        assertThat(decided).isEqualTo(500);
        assertThat(repeated).isEqualTo(1_500);
        assertThat(owners()).isEqualTo(Map.of("005-ana", 250L, "005-ben", 125L, "005-cy", 125L));
        assertThat(jdbc.queryForObject("select count(*) from lead_event where state = 'DECIDED'", Integer.class))
                .isEqualTo(500);
        assertThat(PoolBook.verify(jdbc, "west")).isEmpty();
        assertThat(reader.latest(leads).values()).hasSize(500).allMatch(ReceiptJson::intact);
    }

    @Test
    void whoListensIsToldInTheTransactionAndNothingIsDecidedWithoutHim() {
        UUID lead = enriched("a");
        List<UUID> told = new ArrayList<>();
        TransactionTemplate transactions = new TransactionTemplate(new DataSourceTransactionManager(database));
        Decisions refused = new Decisions(jdbc, work -> transactions.executeWithoutResult(status -> work.run()),
                List.of(ids -> {
                    assertThat(jdbc.queryForList("select id from decision", UUID.class)).containsAll(ids);
                    told.addAll(ids);
                    throw new IllegalStateException("no room");
                }));
        assertThatThrownBy(() -> refused.decide(batch(rules, List.of(lead), TO_WEST))).hasMessage("no room");
        assertThat(told).hasSize(1);
        assertThat(jdbc.queryForObject("select count(*) from decision", Integer.class)).isZero();
        assertThat(jdbc.queryForObject("select state from lead_event", String.class)).isEqualTo("ENRICHED");
    }

    @Test
    void aRepeatFindsItsDecisionAndMovesNoCounter() {
        UUID lead = enriched("a");
        UUID decision = decisions.decide(batch(rules, List.of(lead), TO_WEST)).get(0).decisionId();
        String before = counters();
        jdbc.update("update lead_event set state = 'ENRICHED'");
        assertThat(decisions.decide(batch(rules, List.of(lead), TO_WEST)))
                .containsExactly(new Outcome(lead, decision, true));
        assertThat(decisions.decide(batch(rules, List.of(lead), TO_WEST)))
                .containsExactly(new Outcome(lead, decision, true));
        assertThat(counters()).isEqualTo(before);
        assertThat(jdbc.queryForObject("select state from lead_event", String.class)).isEqualTo("DECIDED");
    }

    @Test
    void aLeadSuppressedAfterItsDecisionIsStoppedAndThePoolOwesTheMemberOneMore() {
        UUID gone = enriched("a");
        UUID stays = enriched("b");
        decisions.decide(batch(rules, List.of(gone, stays), TO_WEST));

        assertThat(decisions.withdraw(List.of(new Claim(gone, 0)), rules)).containsExactly(gone);
        assertThat(decisions.withdraw(List.of(new Claim(gone, 0)), rules)).isEmpty();

        List<Receipt> receipts = reader.receipts(gone);
        assertThat(receipts).hasSize(2).allMatch(ReceiptJson::intact);
        assertThat(receipts.get(1).headline()).isEqualTo("Not routed because the person has opted out or is suppressed.");
        assertThat(receipts.get(1).previous()).contains(receipts.get(0).hash());
        assertThat(receipts.get(1).facts()).containsEntry("consent.suppressed", true).containsEntry("lead.country", "US");
        assertThat(DecisionReader.assignment(receipts.get(1))).isEmpty();
        assertThat(jdbc.queryForList("select state from assignment order by event_id = ?", String.class, gone))
                .containsExactly("open", "superseded");
        assertThat(jdbc.queryForList("select user_id from pool_event where kind = 'CREDIT'", String.class))
                .hasSize(1);
        assertThat(PoolBook.verify(jdbc, "west")).isEmpty();
        // Ana got the first lead and lost it again; without the credit the next would be Cy's.
        UUID next = enriched("c");
        decisions.decide(batch(rules, List.of(next), TO_WEST));
        assertThat(reader.receipts(next).get(0).assignment().orElseThrow().ownerId()).isEqualTo("005-ana");
    }

    @Test
    void aFailureOnTheWayLeavesNothingBehind() {
        UUID good = enriched("a");
        UUID bad = enriched("b");
        ScoredBatch batch = batch(rules, List.of(good, bad), TO_WEST);
        ScoredLead hopeless = new ScoredLead(batch.scored().get(1).event(), batch.scored().get(1).sheet(),
                batch.scored().get(1).score(), SampleDecisions.fallback(EMPTY));
        ScoredBatch spoilt = new ScoredBatch(rules, List.of(batch.scored().get(0), hopeless), List.of());
        assertThatThrownBy(() -> decisions.decide(spoilt)).hasMessageContaining("pool:empty");
        assertThat(jdbc.queryForObject("select (select count(*) from decision) + (select count(*) from assignment)"
                + " + (select count(*) from pool_event)", Integer.class)).isZero();

        ScoredBatch after = new LeadAssignment(decisions, LedgerFixture.lostClaims()).assign(spoilt);
        assertThat(after.undecided()).singleElement()
                .satisfies(one -> assertThat(one.lead().eventId()).isEqualTo(bad));
        assertThat(jdbc.queryForObject("select state from lead_event where event_id = ?", String.class, good))
                .isEqualTo("DECIDED");
    }

    @Test
    void targetsThatCannotTakeTheLeadArePassedOverWithTheirReason() {
        UUID lead = enriched("a");
        decisions.decide(batch(rules, List.of(lead), SampleDecisions.row("x",
                SampleDecisions.target(Target.Kind.ACCOUNT_OWNER, ""), SampleDecisions.target(Target.Kind.USER, "gone"),
                EMPTY, SampleDecisions.target(Target.Kind.USER, "dana"))));
        Receipt receipt = reader.receipts(lead).get(0);
        assertThat(receipt.assignment()).get().extracting(Receipt.Assigned::ownerName).isEqualTo("Dana Weiss");
        assertThat(receipt.route().passedOver()).extracting(Receipt.PassedOver::reason)
                .containsExactly("NOT_MATCHED", "INACTIVE", "NOBODY");
        assertThat(receipt.steps()).extracting(Receipt.Step::text).contains(
                "Passed over pool:empty: nobody in it can take a lead.", "Taken by user:dana of the fallback.");
    }

    @Test
    void aStoppedLeadHasAReceiptAndNoOwner() {
        UUID lead = enriched("a");
        decisions.decide(batch(rules, List.of(lead), new Route(Route.Action.STOP, List.of(), 0, Optional.empty(),
                Optional.of("competitor"), "works for a competitor", Optional.empty(), List.of())));
        Receipt receipt = reader.receipts(lead).get(0);
        assertThat(receipt.headline()).isEqualTo("Not routed because works for a competitor (rule competitor).");
        assertThat(receipt.assignment()).isEmpty();
        assertThat(jdbc.queryForObject("select count(*) from assignment", Integer.class)).isZero();
        assertThat(jdbc.queryForObject("select state from lead_event", String.class)).isEqualTo("DECIDED");
        Receipt stopped = reader.receipts(lead).get(0);
        assertThat(DecisionReader.unassigned(stopped)).hasValueSatisfying(routing -> {
            assertThat(routing.action()).isEqualTo("stop");
            assertThat(routing.rule()).contains("competitor");
            assertThat(routing.reason()).contains("works for a competitor");
        });
    }

    @Test
    void theReceiptsOfOneRecordAreAChainAlsoWithinABatch() {
        UUID first = enriched("same", 1);
        UUID second = enriched("same", 2);
        UUID third = enriched("same", 3);
        decisions.decide(batch(rules, List.of(first, second), TO_WEST));
        decisions.decide(batch(rules, List.of(third), TO_WEST));
        assertThat(reader.receipts(first).get(0).previous()).isEmpty();
        assertThat(reader.receipts(second).get(0).previous()).contains(reader.receipts(first).get(0).hash());
        assertThat(reader.receipts(third).get(0).previous()).contains(reader.receipts(second).get(0).hash());
    }

    @Test
    void leadsAreDecidedByPriorityThenByArrival() {
        UUID bulk = enriched("bulk");
        UUID live = enriched("live");
        jdbc.update("update lead_event set priority = 2 where event_id = ?", bulk);
        decisions.decide(batch(rules, List.of(bulk, live), TO_WEST));
        assertThat(reader.receipts(live).get(0).pool().orElseThrow().picked()).isEqualTo("ana");
        assertThat(reader.receipts(bulk).get(0).pool().orElseThrow().picked()).isEqualTo("ben");
    }

    @Test
    void changedMemberListsAreFollowedAndTheReplayStillAgrees() {
        List<UUID> leads = IntStream.range(0, 30).mapToObj(i -> enriched("lead" + i)).toList();
        decisions.decide(batch(rules, leads.subList(0, 10), TO_WEST));
        Ruleset without = SampleDecisions.rules(true, List.of(new Pool.Member("cy", 3), new Pool.Member("dana", 1),
                new Pool.Member("ana", 2)));
        decisions.decide(batch(without, leads.subList(10, 20), TO_WEST));
        decisions.decide(batch(rules, leads.subList(20, 30), TO_WEST));
        assertThat(PoolBook.verify(jdbc, "west")).isEmpty();
        assertThat(jdbc.queryForList("select distinct kind from pool_event order by kind", String.class))
                .containsExactly("ASSIGN", "JOIN", "LEAVE", "WEIGHT");
        assertThat(jdbc.queryForObject("select sum(numerator) from pool_member_state", Integer.class)).isZero();
        assertThat(jdbc.queryForList("select user_id from pool_member_state order by 1", String.class))
                .containsExactly("ana", "ben", "cy");
    }

    @Test
    void anEditedPoolStateIsFoundByTheReplay() {
        UUID lead = enriched("a");
        decisions.decide(batch(rules, List.of(lead), TO_WEST));
        jdbc.update("update pool_member_state set numerator = numerator + 1 where user_id = 'ben'");
        assertThat(PoolBook.verify(jdbc, "west")).get().asString().contains("ben");
    }

    @Test
    void theClaimTakesEachWaitingLeadOnceAndAgainAfterItsLease() throws Exception {
        enriched("a");
        enriched("b");
        jdbc.update("update lead_event set available_at = now() + interval '1 hour' where record_id = 'b'");
        String claim = new String(DecisionsTest.class.getResourceAsStream("/sql/claim-enriched.sql").readAllBytes(),
                StandardCharsets.UTF_8);
        assertThat(jdbc.queryForList(claim)).singleElement()
                .satisfies(row -> assertThat(row).containsEntry("attempts", 1));
        assertThat(jdbc.queryForList(claim)).isEmpty();
        jdbc.update("update lead_event set lease_until = now() - interval '1 second'");
        List<Map<String, Object>> again = jdbc.queryForList(claim);
        assertThat(again).hasSize(1);
        assertThat(LeadEvent.of(again.get(0)).state()).isEqualTo(LeadState.ENRICHED);
        assertThat(again.get(0).get("claimed_at")).isNotNull();
    }

    private Map<String, Long> owners() {
        Map<String, Long> owners = new TreeMap<>();
        jdbc.query("select owner, count(*) from assignment group by owner",
                row -> {
                    owners.put(row.getString(1), row.getLong(2));
                });
        return owners;
    }

    private String counters() {
        return jdbc.queryForObject("""
                select concat_ws(' ', (select count(*) from decision), (select count(*) from assignment),
                                 (select count(*) from pool_event), (select seq from pool_state),
                                 (select string_agg(user_id || numerator, ' ' order by user_id) from pool_member_state))
                """, String.class);
    }

    private UUID enriched(String recordId) {
        return enriched(recordId, 1);
    }

    private UUID enriched(String recordId, int version) {
        UUID eventId = UUID.randomUUID();
        jdbc.update("""
                insert into lead_event (event_id, source, record_id, version, request_id, state, lead)
                values (?, 'salesforce', ?, ?, 'r', 'ENRICHED', '{}')""", eventId, recordId, String.valueOf(version));
        return eventId;
    }

    private static ScoredBatch batch(Ruleset rules, List<UUID> leads, Route route) {
        return new ScoredBatch(rules, leads.stream().map(id -> new ScoredLead(new LeadEvent(id, "r", LeadState.ENRICHED,
                1, 0, Instant.EPOCH, new Lead("salesforce", "x", "1", Map.of(), Map.of()), Optional.empty()),
                SampleDecisions.sheet(Map.of("lead.country", "US")), SampleDecisions.score("12"), route)).toList(),
                List.of());
    }
}
