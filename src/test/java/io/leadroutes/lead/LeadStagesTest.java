package io.leadroutes.lead;

import static org.assertj.core.api.Assertions.assertThat;

import io.leadroutes.TestDatabase;
import io.leadroutes.lead.Claims.Work;
import io.leadroutes.lead.DeadLetters.Cause;
import io.leadroutes.lead.DeadLetters.Letter;
import io.leadroutes.lead.DeadLetters.Mode;
import io.leadroutes.lead.DeadLetters.Stage;
import io.leadroutes.lead.LeadReader.Story;
import io.leadroutes.lead.LeadStages.Answer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.apache.camel.Exchange;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.JdbcTemplate;

class LeadStagesTest {

    private static final DataSource DATABASE = TestDatabase.fresh();
    private final JdbcTemplate jdbc = new JdbcTemplate(DATABASE);
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final LeadInbox inbox = new LeadInbox(DATABASE);
    private final LeadStages stages = new LeadStages(DATABASE, LedgerFixture.ledger(DATABASE),
            LedgerFixture.redeemed(DATABASE), new LostClaims(meters));
    private final DeadLetters letters = new DeadLetters(DATABASE, List.of());
    private final Claims claims = new Claims(DATABASE, new LostClaims(meters));
    private final LeadReader reader = new LeadReader(DATABASE);

    @BeforeEach
    void empty() {
        jdbc.update("truncate lead_event, lead_park, dead_letter, redeemed_person cascade");
    }

    @Test
    void aPersonCostsOneCreditInTwelveMonthsWhateverTheNumberOfLeads() {
        List<UUID> ids = enriching(3);
        assertThat(stages.enriched(List.of(answer(ids.get(0), 7), answer(ids.get(1), 7), answer(ids.get(2), 8))))
                .isEqualTo(2);
        UUID later = enriching(1).get(0);
        assertThat(stages.enriched(List.of(answer(later, 7)))).isZero();
        jdbc.update("update redeemed_person set redeemed_at = now() - interval '13 months'");
        UUID nextYear = enriching(1).get(0);
        assertThat(stages.enriched(List.of(answer(nextYear, 7)))).isEqualTo(1);
        assertThat(ids.stream().mapToInt(id -> reader.find(id).orElseThrow().credits()).sum()).isEqualTo(2);
    }

    @Test
    void anAnswerThatComesTwiceChangesNothingTheSecondTime() {
        UUID id = enriching(1).get(0);
        stages.enriched(List.of(answer(id, 7)));
        Story first = reader.find(id).orElseThrow();
        stages.enriched(List.of(answer(id, 9)));
        assertThat(reader.find(id).orElseThrow()).isEqualTo(first);
    }

    @Test
    void aParkedLeadComesBackByItselfAndSaysWhyItWaited() {
        UUID id = enriching(1).get(0);
        stages.park(List.of(claim(id)), "LIMIT_EXCEEDED", Duration.ofHours(1));
        assertThat(reader.find(id).orElseThrow().parkedCause()).contains("LIMIT_EXCEEDED");
        assertThat(stages.tryParked()).isZero();
        assertThat(stages.goOn()).isZero();
        jdbc.update("update lead_park set retry_at = now()");
        assertThat(stages.tryParked()).isEqualTo(1);
        assertThat(reader.find(id).orElseThrow().state()).isEqualTo(LeadState.RECEIVED);
    }

    @Test
    void aClaimOfADeadProcessRunsOutAndARenewedOneDoesNot() {
        List<UUID> ids = enriching(2);
        jdbc.update("update lead_event set lease_until = now() - interval '1 second'");
        Exchange exchange = new DefaultExchange(new DefaultCamelContext());
        claims.hold(Work.ENRICH, List.of(claim(ids.get(0))), exchange);
        claims.renewHeld();
        assertThat(stages.resume()).isEqualTo(1);
        assertThat(reader.find(ids.get(0)).orElseThrow().state()).isEqualTo(LeadState.ENRICHING);
        assertThat(reader.find(ids.get(1)).orElseThrow().state()).isEqualTo(LeadState.RECEIVED);
    }

    @Test
    void aDeadLetterIsReplayedOnceFromTheStageThatFailed() {
        UUID id = enriching(1).get(0);
        LeadEvent lead = event(id);
        letters.bury(lead, cause(Stage.WRITE_BACK));
        letters.bury(lead, cause(Stage.WRITE_BACK));
        List<Letter> found = letters.list(LetterFilter.ofRequest("request-7"), Optional.empty(), 100);
        assertThat(found).hasSize(1);
        assertThat(reader.find(id).orElseThrow().state()).isEqualTo(LeadState.DEAD);
        assertThat(letters.replay(List.of(found.get(0).id()), Mode.RESUME, false)).isEqualTo(1);
        assertThat(reader.find(id).orElseThrow().state()).isEqualTo(LeadState.DECIDED);
        assertThat(letters.replay(List.of(found.get(0).id()), Mode.RESUME, false)).isZero();
        assertThat(letters.discard(LetterFilter.ofRequest("request-7"), "late")).isZero();
    }

    @Test
    void anAnswerThatComesTooLateCostsNothingAndLeavesTheCreditToTheOneThatCounts() {
        UUID id = enriching(1).get(0);
        jdbc.update("update lead_event set state = 'RECEIVED', lease_until = null");
        assertThat(stages.enriched(List.of(answer(id, 7)))).isZero();
        jdbc.update("update lead_event set state = 'ENRICHING'");
        assertThat(stages.enriched(List.of(answer(id, 7)))).isEqualTo(1);
        assertThat(reader.find(id).orElseThrow().credits()).isEqualTo(1);
    }

    @Test
    void aFailureUnderAClaimThatIsOverDoesNotEndTheLead() {
        UUID id = enriching(1).get(0);
        LeadEvent claimed = event(id);
        jdbc.update("update lead_event set fence = fence + 1");
        assertThat(letters.bury(claimed, cause(Stage.ENRICH))).isFalse();
        stages.enriched(List.of(answer(id, 7)));
        assertThat(letters.bury(claimed, cause(Stage.ENRICH))).isFalse();
        assertThat(reader.find(id).orElseThrow().state()).isEqualTo(LeadState.ENRICHED);
        assertThat(letters.list(LetterFilter.ofRequest("request-7"), Optional.empty(), 100)).isEmpty();
    }

    @Test
    void whatAZombieStillWantsToWriteChangesNothingOnceAnotherHasClaimedTheLead() {
        UUID id = enriching(1).get(0);
        LeadEvent zombie = event(id);
        jdbc.update("update lead_event set fence = fence + 1, attempts = 0, lease_until = now() + interval '1 hour'");
        Story before = reader.find(id).orElseThrow();

        assertThat(stages.enriched(List.of(new Answer(zombie.claim(), new Enrichment("FULL_MATCH", Map.of("id", 9), 0),
                List.of())))).isZero();
        stages.park(List.of(zombie.claim()), "TRANSIENT", Duration.ofHours(1));
        stages.release(List.of(zombie.claim()));
        assertThat(claims.renew(Work.ENRICH, List.of(zombie.claim()))).isEmpty();
        assertThat(letters.bury(zombie, cause(Stage.ENRICH))).isFalse();

        assertThat(reader.find(id).orElseThrow()).isEqualTo(before);
        assertThat(jdbc.queryForObject("select count(*) from redeemed_person", Integer.class)).isZero();
        assertThat(meters.counter("leadroutes.claims.lost", "stage", "ENRICH").count()).isEqualTo(3);
        assertThat(stages.enriched(List.of(answer(id, 7)))).isEqualTo(1);
    }

    @Test
    void aLeadThatIsGivenBackCanBeClaimedAtOnceAndHasLostNoAttempt() {
        UUID id = enriching(1).get(0);
        jdbc.update("update lead_event set attempts = 1");
        Claim given = claim(id);
        stages.release(List.of(given));
        assertThat(jdbc.queryForMap("select state, attempts, lease_until is null as free from lead_event"))
                .isEqualTo(Map.of("state", "RECEIVED", "attempts", 0, "free", true));
        jdbc.update("update lead_event set state = 'ENRICHING'");
        assertThat(stages.enriched(List.of(new Answer(given, new Enrichment("NO_MATCH", Map.of(), 0), List.of())))).isZero();
        assertThat(reader.find(id).orElseThrow().state()).isEqualTo(LeadState.ENRICHING);
    }

    @Test
    void ofManyParkedLeadsACallsWorthIsTriedAndAllGoOnWhenOneIsServed() {
        List<UUID> ids = enriching(100);
        stages.park(ids.stream().map(this::claim).toList(), "LIMIT_EXCEEDED", Duration.ZERO);
        assertThat(stages.tryParked()).isEqualTo(25);
        assertThat(stages.tryParked()).as("while these are on their way").isZero();
        jdbc.update("update lead_event set state = 'ENRICHING' where state = 'RECEIVED'");
        List<UUID> tried = states("ENRICHING");

        stages.park(tried.subList(1, 25).stream().map(this::claim).toList(), "LIMIT_EXCEEDED", Duration.ofHours(1));
        assertThat(stages.parked()).singleElement().satisfies(parked -> {
            assertThat(parked.leads()).isEqualTo(99);
            assertThat(parked.tries()).isEqualTo(1);
        });
        assertThat(stages.tryParked()).isZero();

        stages.enriched(List.of(answer(tried.get(0), 7)));
        assertThat(states("RECEIVED")).hasSize(99);
        assertThat(stages.parked()).isEmpty();
    }

    @Test
    void heldLeadsGoOnTogetherAndOneThatFailedBeforeIsNotTheNextToBeTried() {
        List<UUID> ids = enriching(3);
        stages.hold(List.of(claim(ids.get(0))), "OUTAGE");
        jdbc.update("update lead_event set state = 'RECEIVED' where state = 'ENRICHING'");
        assertThat(stages.holdWaiting("OUTAGE")).isEqualTo(2);
        assertThat(stages.tryHeld()).isEqualTo(1);
        assertThat(states("RECEIVED")).doesNotContain(ids.get(0));
        assertThat(stages.tryHeld()).as("one at a time").isZero();
        assertThat(stages.goOn()).isEqualTo(2);
        assertThat(reader.find(ids.get(1)).orElseThrow().timeline().toString()).contains("parked: OUTAGE");
    }

    private List<UUID> states(String state) {
        return jdbc.queryForList("select event_id from lead_event where state = ?", UUID.class, state);
    }

    @Test
    void pagesCoverEveryLeadOnce() {
        List<UUID> ids = enriching(7);
        Optional<String> cursor = Optional.empty();
        List<UUID> seen = new ArrayList<>();
        List<Story> page;
        do {
            page = reader.list(new LeadReader.Filter(Optional.of(LeadState.ENRICHING), Optional.of("example"),
                    Optional.of("web"), 3, cursor));
            page.forEach(story -> seen.add(story.eventId()));
            cursor = page.isEmpty() ? cursor : Optional.of(page.get(page.size() - 1).cursor());
        } while (page.size() == 3);
        assertThat(seen).containsExactlyInAnyOrderElementsOf(ids).doesNotHaveDuplicates();
    }

    private List<UUID> enriching(int count) {
        String run = UUID.randomUUID().toString();
        List<UUID> ids = inbox.accept(IntStream.range(0, count).mapToObj(i -> new IncomingLead(
                new Lead("web", run + i, "1", Map.of("lastName", "Example", "company", "Corp"), Map.of()),
                "request-" + i, IncomingLead.LIVE)).toList());
        jdbc.update("update lead_event set state = 'ENRICHING', lease_until = now() + interval '1 hour' "
                + "where state = 'RECEIVED'");
        return ids;
    }

    private LeadEvent event(UUID id) {
        return LeadEvent.of(jdbc.queryForMap("select * from lead_event where event_id = ?", id));
    }

    private Claim claim(UUID id) {
        return event(id).claim();
    }

    private Answer answer(UUID id, long personId) {
        return new Answer(claim(id), new Enrichment("FULL_MATCH", Map.of("id", personId), 0), List.of("zoominfo-1"));
    }

    private static Cause cause(Stage stage) {
        return new Cause("request-7", true, "lead-write-back", stage, "INVALID_REQUEST", Optional.of(400), "no", 1);
    }
}
