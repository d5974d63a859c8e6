package io.leadroutes.crm.salesforce;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.leadroutes.TestDatabase;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.Test;
import org.postgresql.ds.PGSimpleDataSource;
import org.springframework.jdbc.core.JdbcTemplate;

class ReconciliationTest {

    private static final String TOPIC = "/data/LeadChangeEvent";

    private final DataSource database = TestDatabase.fresh();
    private final JdbcTemplate jdbc = new JdbcTemplate(database);
    private final Reconciliation state = replica();

    private Reconciliation replica() {
        return new Reconciliation(database, Duration.ofHours(1), Duration.ofMinutes(15), Duration.ofMinutes(1));
    }

    @Test
    void oneReplicaSearchesAtATimeAndOneThatDiedStoresNothingMore() {
        assertThat(state.take()).as("nothing was missed before the first start").isEmpty();
        state.want("start");
        Reconciliation.Turn first = state.take().orElseThrow();
        assertThat(replica().take()).isEmpty();
        Instant place = Instant.parse("2026-11-28T10:00:00Z");
        state.reached(first.fence(), place, "00QSb0000000001MAA", 70);

        jdbc.update("update salesforce_reconcile set lease_until = now() - interval '1 second'");
        Reconciliation.Turn second = replica().take().orElseThrow();
        assertThat(second.cursorAt()).contains(place);
        assertThat(second.cursorId()).contains("00QSb0000000001MAA");
        assertThat(second.from()).isEqualTo(first.from());
        assertThatThrownBy(() -> state.took(first.fence(), 1)).isInstanceOf(Reconciliation.LostTurn.class);
        assertThatThrownBy(() -> state.complete(first.fence())).isInstanceOf(Reconciliation.LostTurn.class);
        state.leave(first.fence(), "too late", Duration.ofHours(1));
        assertThat(state.progress().waitsFor()).isEmpty();
    }

    @Test
    void eachSearchReachesBackBehindTheBeginOfTheLastCompleteOne() {
        state.want("start");
        Reconciliation.Turn first = state.take().orElseThrow();
        Instant began = state.progress().startedAt().orElseThrow();
        state.want("gap-event");
        state.complete(first.fence());
        assertThat(state.progress().completeUntil()).contains(began);
        assertThat(state.take()).as("one search does not follow the other at once").isEmpty();
        jdbc.update("update salesforce_reconcile set not_before = now()");

        Reconciliation.Turn second = state.take().orElseThrow();
        assertThat(second.cause()).as("a cause that came during a search wants another").isEqualTo("gap-event");
        assertThat(second.from()).isEqualTo(began.minus(Duration.ofMinutes(15)));
        state.leave(second.fence(), "Salesforce answered 503", Duration.ZERO);
        jdbc.update("update salesforce_reconcile set lease_until = now() - interval '1 second'");
        assertThat(state.take().orElseThrow().from()).isEqualTo(second.from());
        assertThat(state.progress().completeUntil()).contains(began);
    }

    @Test
    void withoutACauseASearchIsDueOnceInItsTime() {
        state.take();
        jdbc.update("update salesforce_reconcile set complete_until = now() - interval '59 minutes'");
        assertThat(state.take()).isEmpty();
        jdbc.update("update salesforce_reconcile set complete_until = now() - interval '61 minutes'");
        assertThat(new Reconciliation(database, Duration.ZERO, Duration.ZERO, Duration.ZERO).take()).isEmpty();
        assertThat(state.take().orElseThrow().cause()).isEqualTo("periodic");
    }

    @Test
    void aPositionOfAnotherOrganisationIsForgotten() {
        ReplayStore replay = new ReplayStore(database);
        replay.advance(TOPIC, "AAE=", Optional.empty());
        assertThat(replay.belongsTo(TOPIC, "00D1@https://a")).as("which it was before is not known").isFalse();
        assertThat(replay.belongsTo(TOPIC, "00D1@https://a")).isFalse();
        assertThat(replay.position(TOPIC)).contains("AAE=");
        assertThat(replay.belongsTo(TOPIC, "00D1@https://b")).isTrue();
        assertThat(replay.position(TOPIC)).isEmpty();
        replay.advance(TOPIC, "AAI=", Optional.empty());
        assertThat(replay.belongsTo(TOPIC, "00D1@https://b")).isFalse();
        assertThat(replay.position(TOPIC)).contains("AAI=");
    }

    @Test
    void leadsTakenUnderTheirCommitNumberKeepOneKeyAfterTheUpdate() {
        PGSimpleDataSource old = new PGSimpleDataSource();
        old.setUrl(TestDatabase.freshUrl());
        Flyway.configure().dataSource(old).locations("classpath:db/migration").target("13").load().migrate();
        JdbcTemplate before = new JdbcTemplate(old);
        before.update("""
                insert into lead_event (event_id, source, record_id, version, request_id, state, lead)
                select gen_random_uuid(), v.source, v.record_id, v.version, 'r', 'DONE', jsonb_build_object('version', v.version)
                from (values ('salesforce', '00Q1', '1795000000001000007'), ('salesforce', '00Q1', '1795000000002000008'),
                             ('salesforce', '00Q2', '1795000000003000009'), ('salesforce', '00Q3', '2'),
                             ('web', 'w', '1795000000001000007')) as v (source, record_id, version)""");
        before.update("insert into salesforce_replay (topic, replay_id, event_time) values (?, 'x', '2026-11-20T10:00:00Z')",
                TOPIC);
        Flyway.configure().dataSource(old).locations("classpath:db/migration").load().migrate();

        assertThat(before.queryForList("select source || ' ' || record_id || ' ' || version || ' ' || (lead ->> 'version') "
                + "from lead_event", String.class)).containsExactlyInAnyOrder("salesforce 00Q1 created created",
                "salesforce 00Q1 1795000000002000008 1795000000002000008", "salesforce 00Q2 created created",
                "salesforce 00Q3 2 2", "web w 1795000000001000007 1795000000001000007");
        assertThat(new Reconciliation(old, Duration.ofHours(1), Duration.ZERO, Duration.ZERO).progress().completeUntil())
                .as("what was created after the last event is looked for").contains(Instant.parse("2026-11-20T10:00:00Z"));
    }
}
