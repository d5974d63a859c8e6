package io.leadroutes.lead;

import static org.assertj.core.api.Assertions.assertThat;

import io.leadroutes.TestDatabase;
import io.leadroutes.lead.DeadLetterReplays.Order;
import io.leadroutes.lead.DeadLetterReplays.Replay;
import io.leadroutes.lead.DeadLetters.Cause;
import io.leadroutes.lead.DeadLetters.Letter;
import io.leadroutes.lead.DeadLetters.Mode;
import io.leadroutes.lead.DeadLetters.Stage;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

class DeadLetterReplaysTest {

    private static final DataSource DATABASE = TestDatabase.fresh();
    private static final int PACE = 20;

    private final JdbcTemplate jdbc = new JdbcTemplate(DATABASE);
    private final TransactionTemplate transaction = new TransactionTemplate(new DataSourceTransactionManager(DATABASE));
    private final DeadLetters letters = new DeadLetters(DATABASE, List.of());
    private final DeadLetterReplays replays =
            new DeadLetterReplays(DATABASE, letters, new SimpleMeterRegistry(), PACE);

    @BeforeEach
    void empty() {
        jdbc.update("truncate lead_event, dead_letter, dead_letter_replay cascade");
    }

    @Test
    void aReplayThatIsKilledGoesOnAndSendsEachLeadBackOnceAndASecondOneDoesNothing() {
        for (int i = 0; i < 50; i++) {
            dead(Stage.WRITE_BACK, "record " + i + " is locked", 0);
        }
        dead(Stage.DECIDE, "another cause", 0);
        UUID first = order(ofMostFrequentCause());
        assertThat(step()).isEqualTo(PACE);
        // The process dies before the second step is committed.
        jdbc.update("update dead_letter_replay set next_at = now()");
        transaction.executeWithoutResult(killed -> {
            assertThat(replays.step()).isEqualTo(PACE);
            killed.setRollbackOnly();
        });
        assertThat(replays.find(first).orElseThrow().replayed()).isEqualTo(PACE);
        assertThat(replays.find(first).orElseThrow().left()).isEqualTo(30);
        while (replays.find(first).orElseThrow().state().equals("RUNNING")) {
            step();
        }
        assertThat(jdbc.queryForObject("""
                select count(*) from lead_event where state = 'DECIDED' and (select count(*)
                    from jsonb_array_elements(timeline) t where t ->> 'stage' = 'replay') = 1""", Integer.class)).isEqualTo(50);
        assertThat(replays.find(first).orElseThrow()).extracting(Replay::replayed, Replay::total).containsExactly(50L, 50L);

        UUID second = replays.order(new Order(LetterFilter.of(Map.of("stage", "WRITE_BACK")), Mode.RESUME, true, 5));
        assertThat(step()).isZero();
        assertThat(replays.find(second).orElseThrow()).extracting(Replay::state, Replay::total, Replay::replayed)
                .containsExactly("DONE", 0L, 0L);
        assertThat(jdbc.queryForObject("select count(*) from lead_event where state = 'DEAD'", Integer.class)).isEqualTo(1);
    }

    @Test
    void aLeadThatDiesAgainIsNotSentBackByTheSameOrder() {
        UUID unlucky = dead(Stage.WRITE_BACK, "no", 0);
        for (int i = 0; i < PACE; i++) {
            dead(Stage.WRITE_BACK, "no", 0);
        }
        UUID id = order(LetterFilter.ALL);
        step();
        assertThat(state(unlucky)).startsWith("DECIDED");
        bury(unlucky, Stage.WRITE_BACK, "no");
        step();
        step();
        assertThat(replays.find(id).orElseThrow()).extracting(Replay::state, Replay::replayed)
                .containsExactly("DONE", PACE + 1L);
        assertThat(state(unlucky)).startsWith("DEAD");
    }

    @Test
    void aReplayKeepsItsPaceAndStandsBackWhileLiveLeadsWait() {
        for (int i = 0; i < 2 * PACE; i++) {
            dead(Stage.WRITE_BACK, "no", 0);
        }
        UUID id = order(LetterFilter.ALL);
        assertThat(step()).isEqualTo(PACE);
        assertThat(stepNow()).as("within the same second").isZero();
        jdbc.update("""
                insert into lead_event (event_id, source, record_id, version, request_id, state, lead)
                select gen_random_uuid(), 'web', n::text, '1', 'r', 'RECEIVED', '{}' from generate_series(1, 25) n""");
        assertThat(step()).isZero();
        assertThat(replays.find(id).orElseThrow().waitsFor()).contains("live leads");
        jdbc.update("update lead_event set state = 'DONE' where source = 'web'");
        assertThat(step()).isEqualTo(PACE);
        assertThat(replays.find(id).orElseThrow().waitsFor()).isEmpty();
    }

    @Test
    void resumeGoesOnWithWhatIsStoredAndRestartBeginsAnewBehindAllOthersUnlessSaidOtherwise() {
        UUID resumed = dead(Stage.WRITE_BACK, "a", 0);
        replays.order(new Order(filter("a"), Mode.RESUME, true, 5));
        step();
        UUID restarted = dead(Stage.WRITE_BACK, "b", 0);
        jdbc.update("update lead_event set enrichment = '{\"id\": 1}', credits = 1 where event_id in (?, ?)", resumed, restarted);
        replays.order(new Order(filter("b"), Mode.RESTART, false, 5));
        step();
        UUID stored = dead(Stage.ENRICH, "c", 0);
        jdbc.update("update lead_event set enrichment = '{\"id\": 1}' where event_id = ?", stored);
        replays.order(new Order(filter("c"), Mode.RESUME, true, 5));
        step();

        assertThat(state(resumed)).isEqualTo("DECIDED 2");
        assertThat(state(restarted)).isEqualTo("RECEIVED 0");
        assertThat(jdbc.queryForList("select event_id from lead_event where enrichment is not null and credits = 1",
                UUID.class)).as("who is asked for anew has no answer any more").containsExactly(resumed);
        assertThat(state(stored)).as("ZoomInfo is not asked for what is stored").isEqualTo("ENRICHED 2");
    }

    @Test
    void aLeadThatDiesAgainAndAgainIsCountedAndPassedByAReplayOfMany() {
        UUID lead = dead(Stage.WRITE_BACK, "always", 0);
        for (int i = 1; i <= 2; i++) {
            Letter letter = letters.list(LetterFilter.ALL.open(), Optional.empty(), 1).get(0);
            assertThat(letters.replay(List.of(letter.id()), Mode.RESUME, false)).isEqualTo(1);
            bury(lead, Stage.WRITE_BACK, "always");
            assertThat(letters.list(LetterFilter.ALL.open(), Optional.empty(), 1).get(0).replays()).isEqualTo(i);
        }
        UUID id = replays.order(new Order(LetterFilter.ALL, Mode.RESUME, true, 2));
        assertThat(step()).isZero();
        assertThat(replays.find(id).orElseThrow()).extracting(Replay::total, Replay::tooOften).containsExactly(1L, 1L);
        replays.order(new Order(LetterFilter.ALL, Mode.RESUME, true, 3));
        assertThat(step()).isEqualTo(1);
    }

    @Test
    void aPayloadThatNeverBecameALeadIsToldAsNotReplayableAndStaysOpen() {
        letters.keep(Map.of("event", "…"), new Cause("request-1", false, "salesforce-lead-created", Stage.INTAKE,
                "INVALID_REQUEST", Optional.empty(), "change event not understood", 1));
        UUID id = order(LetterFilter.ALL);
        assertThat(step()).isZero();
        assertThat(replays.find(id).orElseThrow()).extracting(Replay::state, Replay::total, Replay::notReplayable)
                .containsExactly("DONE", 1L, 1L);
        assertThat(letters.list(LetterFilter.ALL.open(), Optional.empty(), 10)).singleElement()
                .satisfies(letter -> assertThat(letter.isReplayable()).isFalse());
        assertThat(letters.groups(LetterFilter.ALL, 10)).singleElement()
                .satisfies(group -> assertThat(group.replayable()).isFalse());
    }

    @Test
    void aCancelledReplayStopsAndOneByTimeMeansLettersOfThatTimeOnly() {
        UUID old = dead(Stage.WRITE_BACK, "old", 2);
        UUID young = dead(Stage.WRITE_BACK, "young", 0);
        UUID cancelled = order(LetterFilter.ALL);
        assertThat(replays.cancel(cancelled)).isTrue();
        assertThat(replays.cancel(cancelled)).isFalse();
        assertThat(step()).isZero();
        order(LetterFilter.of(Map.of("until", Instant.now().minusSeconds(3600).toString())));
        assertThat(step()).isEqualTo(1);
        assertThat(state(old)).startsWith("DECIDED");
        assertThat(state(young)).startsWith("DEAD");
    }

    @Test
    void lettersAreDiscardedByFilter() {
        dead(Stage.WRITE_BACK, "wanted", 0);
        dead(Stage.WRITE_BACK, "unwanted", 0);
        dead(Stage.WRITE_BACK, "unwanted", 0);
        assertThat(letters.discard(filter("unwanted"), "test leads")).isEqualTo(2);
        assertThat(letters.discard(filter("unwanted"), "test leads")).isZero();
        assertThat(letters.list(LetterFilter.ALL.open(), Optional.empty(), 10)).extracting(Letter::message)
                .containsExactly("wanted");
    }

    private LetterFilter ofMostFrequentCause() {
        return LetterFilter.of(Map.of("cause", letters.groups(LetterFilter.ALL.open(), 1).get(0).cause()));
    }

    private LetterFilter filter(String message) {
        return LetterFilter.of(Map.of("cause", jdbc.queryForObject("select distinct cause_key from dead_letter "
                + "where message = ?", String.class, message)));
    }

    private UUID order(LetterFilter filter) {
        return replays.order(new Order(filter, Mode.RESUME, true, 5));
    }

    private int step() {
        jdbc.update("update dead_letter_replay set next_at = now()");
        return stepNow();
    }

    private int stepNow() {
        Integer replayed = transaction.execute(status -> replays.step());
        return replayed;
    }

    private String state(UUID lead) {
        return jdbc.queryForObject("select state || ' ' || priority from lead_event where event_id = ?", String.class, lead);
    }

    private UUID dead(Stage stage, String message, int hoursAgo) {
        UUID id = UUID.randomUUID();
        jdbc.update("""
                insert into lead_event (event_id, source, record_id, version, request_id, state, lead)
                values (?, 'salesforce', ?, '1', ?, 'DECIDED', '{"source": "salesforce", "recordId": "x", "version": "1"}')""",
                id, id.toString(), "request-" + id);
        bury(id, stage, message);
        jdbc.update("update dead_letter set last_seen = now() - make_interval(hours => ?) where event_id = ?", hoursAgo, id);
        return id;
    }

    private void bury(UUID id, Stage stage, String message) {
        LeadEvent lead = LeadEvent.of(jdbc.queryForMap("select * from lead_event where event_id = ?", id));
        assertThat(letters.bury(lead, new Cause("request-" + id, false, "lead-write-back", stage, "INVALID_REQUEST",
                Optional.of(400), message, 1))).isTrue();
    }
}
