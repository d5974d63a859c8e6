package io.leadroutes.crm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.leadroutes.TestDatabase;
import io.leadroutes.crm.CrmUpdate.Kind;
import io.leadroutes.crm.CrmUpdates.End;
import io.leadroutes.crm.CrmUpdates.Ended;
import io.leadroutes.crm.CrmUpdates.Later;
import io.leadroutes.crm.CrmUpdates.Outcome;
import io.leadroutes.lead.Claims.Work;
import io.leadroutes.lead.Claims;
import io.leadroutes.lead.DeadLetters;
import io.leadroutes.lead.DeadLetters.Cause;
import io.leadroutes.lead.DeadLetters.Letter;
import io.leadroutes.lead.DeadLetters.Stage;
import io.leadroutes.lead.LetterFilter;
import io.leadroutes.lead.LedgerFixture;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

class CrmUpdatesTest {

    private static final DataSource DATABASE = TestDatabase.fresh();
    private final JdbcTemplate jdbc = new JdbcTemplate(DATABASE);
    private final Claims claims = LedgerFixture.claims(DATABASE);
    private final CrmUpdates updates = new CrmUpdates(DATABASE, Duration.ofDays(7));

    @BeforeEach
    void empty() {
        jdbc.update("truncate crm_update, dead_letter");
    }

    @Test
    void aSecondUpdateWithTheSameKeyDoesNothing() {
        updates.add(List.of(person("k1", "7", Map.of("jobTitle", "VP")), person("k1", "7", Map.of())));
        updates.add(List.of(person("k1", "8", Map.of())));

        List<QueuedUpdate> claimed = claim();
        assertThat(claimed).hasSize(1);
        assertThat(claimed.get(0).update().profile()).isEqualTo(Map.of("jobTitle", "VP"));
        assertThat(claimed.get(0).update().zoominfoId()).isEqualTo("7");
    }

    @Test
    void anUpdateOfATransactionThatIsRolledBackWasNeverThere() {
        new TransactionTemplate(new DataSourceTransactionManager(DATABASE)).executeWithoutResult(status -> {
            updates.add(List.of(person("k1", "7", Map.of())));
            status.setRollbackOnly();
        });
        assertThat(claim()).isEmpty();
    }

    @Test
    void whatIsNewsGoesBeforeBulkWorkAndAClaimedUpdateIsNobodyElses() {
        updates.add(List.of(update("bulk", "b", Kind.PERSON, "1", 2), update("webhook", "w", Kind.PERSON, "2", 1)));

        assertThat(claim()).extracting(claimed -> claimed.update().key()).containsExactly("w", "b");
        assertThat(claim()).isEmpty();
        jdbc.update("update crm_update set lease_until = now() - interval '1 second'");
        assertThat(claim()).hasSize(2).allMatch(claimed -> claimed.attempts() == 2);
    }

    @Test
    void twoUpdatesOfOnePersonAreWrittenOneAfterTheOther() {
        updates.add(List.of(person("first", "7", Map.of()), person("second", "7", Map.of()), person("x", "8", Map.of())));

        List<QueuedUpdate> claimed = claim();
        assertThat(claimed).extracting(one -> one.update().key()).containsExactly("first", "x");
        assertThat(claim()).isEmpty();
        updates.end(List.of(done(claimed.get(0))));
        assertThat(claim()).extracting(one -> one.update().key()).containsExactly("second");
    }

    @Test
    void anUpdateThatWaitsComesBackWhenItsPauseIsOver() {
        updates.add(List.of(person("k", "7", Map.of())));
        updates.postpone(List.of(new Later(claim().get(0), "outage", Duration.ofHours(1))));

        assertThat(claim()).isEmpty();
        jdbc.update("update crm_update set available_at = now()");
        assertThat(claim().get(0).waitsFor()).contains("outage");
    }

    @Test
    void aClaimThatRanOutAndWasTakenByAnotherEndsNothing() {
        updates.add(List.of(person("k", "7", Map.of())));
        QueuedUpdate stale = claim().get(0);
        jdbc.update("update crm_update set lease_until = now() - interval '1 second'");
        QueuedUpdate ours = claim().get(0);

        assertThat(claims.renew(Work.CRM_UPDATE, List.of(stale.claim()))).isEmpty();
        assertThat(updates.end(List.of(done(stale)))).isEmpty();
        assertThat(claims.renew(Work.CRM_UPDATE, List.of(ours.claim()))).containsExactly(ours.id());
        assertThat(updates.end(List.of(done(ours)))).containsExactly(ours.id());
    }

    @Test
    void whatEndedWellKeepsNoPersonalData() {
        updates.add(List.of(person("k", "7", Map.of("email", "ada@acme.example"))));
        updates.end(List.of(done(claim().get(0))));

        assertThat(jdbc.queryForObject("select u::text from crm_update u", String.class)).contains("DONE")
                .doesNotContain("ada@acme.example");
    }

    @Test
    void aDeadUpdateIsQueuedAgainByTheReplayOfItsLetter() {
        DeadLetters letters = new DeadLetters(DATABASE, List.of(updates));
        updates.add(List.of(person("k", "7", Map.of("jobTitle", "VP"))));
        QueuedUpdate claimed = claim().get(0);
        updates.end(List.of(new Ended(claimed, End.DEAD, new Outcome("refused", List.of()))));
        letters.keep(claimed.id(), Map.of("kind", "PERSON"), new Cause(claimed.requestId(), false, "crm-update",
                Stage.CRM_UPDATE, "INVALID_REQUEST", Optional.of(400), "refused", 1));
        assertThat(claim()).isEmpty();

        List<Letter> open = letters.list(LetterFilter.ofRequest(claimed.requestId()).open(), Optional.empty(), 10);
        assertThat(letters.replay(open.stream().map(Letter::id).toList(), DeadLetters.Mode.RESUME, true)).isEqualTo(1);
        assertThat(claim().get(0).update().profile()).containsEntry("jobTitle", "VP");
    }

    @Test
    void whatEndedLongAgoIsRemovedButNotADeadUpdateWhoseLetterIsOpen() {
        DeadLetters letters = new DeadLetters(DATABASE, List.of(updates));
        updates.add(List.of(person("old", "1", Map.of()), person("new", "2", Map.of()), person("dead", "3", Map.of()),
                person("waiting", "4", Map.of())));
        List<QueuedUpdate> claimed = claim();
        updates.end(List.of(done(claimed.get(0)), done(claimed.get(1)),
                new Ended(claimed.get(2), End.DEAD, new Outcome("refused", List.of()))));
        letters.keep(claimed.get(2).id(), Map.of(), new Cause("request-1", false, "crm-update", Stage.CRM_UPDATE,
                "INVALID_REQUEST", Optional.empty(), "refused", 1));
        jdbc.update("update crm_update set ended_at = now() - interval '8 days' where key in ('old', 'dead')");

        assertThat(updates.purge()).isEqualTo(1);
        assertThat(jdbc.queryForList("select key from crm_update order by key", String.class))
                .containsExactly("dead", "new", "waiting");
        letters.discard(LetterFilter.ofRequest("request-1"), "not wanted");
        assertThat(updates.purge()).isEqualTo(1);
    }

    @Test
    void claimingReadsNoLongQueueFromEndToEnd() {
        jdbc.update("""
                insert into crm_update (id, origin, key, kind, zoominfo_id, priority, request_id)
                select gen_random_uuid(), 'bulk', 'k' || i, 'PERSON', (i / 2)::text, 2, 'r'
                from generate_series(1, 30000) as i""");
        jdbc.execute("analyze crm_update");
        String plan = String.join("\n", jdbc.queryForList("explain " + sql(), String.class));
        assertThat(plan.substring(0, plan.indexOf("CTE claimed"))).contains("crm_update_waiting").contains("Anti Join")
                .doesNotContain("Seq Scan on crm_update").doesNotContain("Hash");
        assertThat(claim()).hasSize(200).extracting(one -> one.update().zoominfoId()).doesNotHaveDuplicates();
    }

    @Test
    void anUpdateOfNobodyIsRefused() {
        assertThatThrownBy(() -> person("k", " ", Map.of())).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> person("", "7", Map.of())).isInstanceOf(IllegalArgumentException.class);
    }

    private static Ended done(QueuedUpdate update) {
        return new Ended(update, End.DONE, new Outcome("written", List.of()));
    }

    private static CrmUpdate person(String key, String id, Map<String, Object> profile) {
        return new CrmUpdate("bulk", key, Kind.PERSON, id, profile, List.of(), Map.of(), 2);
    }

    private static CrmUpdate update(String origin, String key, Kind kind, String id, int priority) {
        return new CrmUpdate(origin, key, kind, id, Map.of(), List.of(), Map.of(), priority);
    }

    private List<QueuedUpdate> claim() {
        return jdbc.queryForList(sql()).stream().map(QueuedUpdate::of).toList();
    }

    private static String sql() {
        try (InputStream sql = CrmUpdatesTest.class.getResourceAsStream("/sql/claim-crm-update.sql")) {
            return new String(sql.readAllBytes(), StandardCharsets.UTF_8)
                    .replace(":#${bean:salesforceLimits?method=admitsBackground}", "true");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
