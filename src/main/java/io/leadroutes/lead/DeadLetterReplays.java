package io.leadroutes.lead;

import io.leadroutes.lead.DeadLetters.Mode;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.arc.Unremovable;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Named;
import jakarta.transaction.Transactional;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import javax.sql.DataSource;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * Replays of many dead letters: at a pace, one order after the other, the oldest letter first, all replicas together.
 * A step is one transaction, so that a process may die at any moment and another goes on behind the last letter.
 */
@ApplicationScoped
@Named("deadLetterReplays")
@Unremovable
public class DeadLetterReplays {

    /** How often a lead may have been replayed before a replay of many passes it, unless said otherwise. */
    public static final int USUAL_MOST_REPLAYS = 5;

    private static final Logger LOG = Logger.getLogger(DeadLetterReplays.class);
    /** Waiting leads that make a replay stand back: more than the next call of the enrichment takes along. */
    private static final int WAITING_LEADS = 25;

    private final JdbcTemplate jdbc;
    private final DeadLetters letters;
    private final MeterRegistry meters;
    private final int perSecond;

    DeadLetterReplays(DataSource dataSource, DeadLetters letters, MeterRegistry meters,
            @ConfigProperty(name = "dead-letters.replay.per-second", defaultValue = "20") int perSecond) {
        this.jdbc = new JdbcTemplate(dataSource);
        this.letters = letters;
        this.meters = meters;
        this.perSecond = Math.max(1, perSecond);
    }

    /**
     * An order.
     *
     * @param background  true to put the leads behind all others
     * @param mostReplays letters whose lead was replayed so often are passed
     */
    public record Order(LetterFilter filter, Mode mode, boolean background, int mostReplays) {
    }

    /**
     * A replay of many letters.
     *
     * @param total         open letters that were named when it was ordered
     * @param notReplayable of these, payloads that never became a lead
     * @param tooOften      of these, passed because their lead was replayed {@code mostReplays} times
     * @param left          letters still to be replayed
     * @param waitsFor      why it makes no progress just now
     */
    public record Replay(UUID id, String state, Mode mode, boolean background, Map<String, Object> filter, int mostReplays,
            long total, long notReplayable, long tooOften, long replayed, long left, Instant createdAt,
            Optional<Instant> endedAt, Optional<String> waitsFor) {
    }

    /** Orders a replay of the letters that are open now. */
    @Transactional
    public UUID order(Order order) {
        UUID id = UUID.randomUUID();
        LetterFilter.Condition where = order.filter().open().condition();
        Map<String, Object> count = jdbc.queryForMap("""
                select count(*) as total, count(*) filter (where event_id is null) as not_replayable,
                       count(*) filter (where event_id is not null and replays >= %d) as too_often,
                       coalesce(max(id), 0) as until_id
                from dead_letter where %s""".formatted(order.mostReplays(), where.sql()), where.values());
        jdbc.update("""
                insert into dead_letter_replay (id, mode, background, filter, most_replays, until_id, total,
                                                not_replayable, too_often)
                values (?, ?, ?, ?::jsonb, ?, ?, ?, ?, ?)""", id, order.mode().name(), order.background(),
                LeadJson.write(order.filter().toMap()), order.mostReplays(), count.get("until_id"), count.get("total"),
                count.get("not_replayable"), count.get("too_often"));
        return id;
    }

    /**
     * Replays the next letters of the oldest order, as many as the pace allows in a second; nothing while others are at
     * it, and while live leads wait.
     *
     * @return how many letters
     */
    @Transactional
    public int step() {
        if (!jdbc.queryForObject("select pg_try_advisory_xact_lock(hashtext('leadroutes.dead-letter-replay'))",
                Boolean.class)) {
            return 0;
        }
        return jdbc.queryForList("""
                update dead_letter_replay set next_at = now() + interval '1 second'
                where id = (select id from dead_letter_replay where state = 'RUNNING' order by created_at, id limit 1)
                  and state = 'RUNNING' and next_at <= now()
                returning *""").stream().findFirst().map(this::step).orElse(0);
    }

    private int step(Map<String, Object> order) {
        Object id = order.get("id");
        if (liveLeadsWait()) {
            jdbc.update("update dead_letter_replay set waits_for = 'live leads' where id = ?", id);
            return 0;
        }
        LetterFilter.Condition where = remaining(order);
        List<Long> next = jdbc.queryForList("select id from dead_letter where " + where.sql() + " order by id limit ?",
                Long.class, where.values(perSecond));
        int replayed = next.isEmpty() ? 0 : letters.replay(next, Mode.valueOf((String) order.get("mode")),
                (Boolean) order.get("background"));
        boolean done = next.size() < perSecond;
        jdbc.update("""
                update dead_letter_replay
                set replayed = replayed + ?, last_id = ?, waits_for = null, state = case when ? then 'DONE' else state end,
                    ended_at = case when ? then now() end
                where id = ?""", replayed, next.isEmpty() ? order.get("last_id") : next.get(next.size() - 1), done, done,
                id);
        if (done) {
            LOG.infof("Replay %s of dead letters has ended", id);
        }
        meters.counter("leadroutes.dead.letters.replayed").increment(replayed);
        return replayed;
    }

    /** Letters of the order that are still open and behind the last one. */
    private static LetterFilter.Condition remaining(Map<String, Object> order) {
        return LetterFilter.of(LeadJson.object(order.get("filter"))).condition()
                .and("id > ? and id <= ?", order.get("last_id"), order.get("until_id"))
                .and("event_id is not null and replays < ?", order.get("most_replays"));
    }

    private boolean liveLeadsWait() {
        return jdbc.queryForObject("""
                select count(*) from (select 1 from lead_event where state = 'RECEIVED' and available_at <= now()
                                      and priority < ? limit ?) as waiting""", Integer.class, IncomingLead.BULK,
                WAITING_LEADS) == WAITING_LEADS;
    }

    /**
     * Ends a replay; what was replayed goes its way.
     *
     * @return false if it is not running
     */
    @Transactional
    public boolean cancel(UUID id) {
        return jdbc.update("""
                update dead_letter_replay set state = 'CANCELLED', ended_at = now(), waits_for = null
                where id = ? and state = 'RUNNING'""", id) == 1;
    }

    public Optional<Replay> find(UUID id) {
        return jdbc.queryForList("select * from dead_letter_replay where id = ?", id).stream().map(this::replay).findFirst();
    }

    /** The newest first. */
    public List<Replay> list(int limit) {
        return jdbc.queryForList("select * from dead_letter_replay order by created_at desc, id limit ?", limit).stream()
                .map(this::replay).toList();
    }

    private Replay replay(Map<String, Object> row) {
        long left = 0;
        if (row.get("state").equals("RUNNING")) {
            LetterFilter.Condition where = remaining(row);
            left = jdbc.queryForObject("select count(*) from dead_letter where " + where.sql(), Long.class, where.values());
        }
        return new Replay((UUID) row.get("id"), (String) row.get("state"), Mode.valueOf((String) row.get("mode")),
                (Boolean) row.get("background"), LeadJson.object(row.get("filter")), number(row, "most_replays").intValue(),
                number(row, "total").longValue(), number(row, "not_replayable").longValue(),
                number(row, "too_often").longValue(), number(row, "replayed").longValue(), left,
                LeadEvent.instant(row.get("created_at")), Optional.ofNullable(row.get("ended_at")).map(LeadEvent::instant),
                Optional.ofNullable((String) row.get("waits_for")));
    }

    private static Number number(Map<String, Object> row, String column) {
        return (Number) row.get(column);
    }
}
