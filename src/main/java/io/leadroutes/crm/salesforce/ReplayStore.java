package io.leadroutes.crm.salesforce;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.Optional;
import javax.sql.DataSource;
import org.springframework.jdbc.core.JdbcTemplate;

/** How far each topic has been taken in. Replay ids are opaque base64 text and are never compared or computed. */
@ApplicationScoped
public class ReplayStore {

    private final JdbcTemplate jdbc;

    ReplayStore(DataSource dataSource) {
        this.jdbc = new JdbcTemplate(dataSource);
    }

    /**
     * Notes of which organisation the events are, and forgets a position that belongs to another: its id may name any
     * event here.
     *
     * @return true when a position was forgotten
     */
    @Transactional
    boolean belongsTo(String topic, String org) {
        boolean foreign = jdbc.update("""
                update salesforce_replay set replay_id = null, updated_at = now()
                where topic = ? and org <> ? and replay_id is not null""", topic, org) == 1;
        jdbc.update("""
                insert into salesforce_replay (topic, org) values (?, ?)
                on conflict (topic) do update set org = excluded.org""", topic, org);
        return foreign;
    }

    /** The id of the last event that was taken in; empty when there was none or when the bus has refused it. */
    Optional<String> position(String topic) {
        return jdbc.queryForList("select replay_id from salesforce_replay where topic = ? and replay_id is not null",
                String.class, topic).stream().findFirst();
    }

    /** Moves the position, joining the running transaction. */
    @Transactional
    void advance(String topic, String replayId, Optional<Instant> eventTime) {
        jdbc.update("""
                insert into salesforce_replay (topic, replay_id, event_time, updated_at) values (?, ?, ?, now())
                on conflict (topic) do update
                set replay_id = excluded.replay_id, event_time = excluded.event_time, updated_at = now()""",
                topic, replayId, eventTime.map(Timestamp::from).orElse(null));
    }

    /** Forgets a position that the bus refuses: the next subscription begins at the earliest event it still has. */
    @Transactional
    void forget(String topic) {
        jdbc.update("update salesforce_replay set replay_id = null, updated_at = now() where topic = ?", topic);
    }
}
