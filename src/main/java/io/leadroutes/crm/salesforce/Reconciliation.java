package io.leadroutes.crm.salesforce;

import io.leadroutes.lead.LeadEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.transaction.Transactional;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import javax.sql.DataSource;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * Where the search for created leads that did not come through the stream stands: one for all replicas, in the
 * database, by its clock.
 *
 * <p>A search looks at all leads created since the last complete one began, and a bit before. What made it necessary
 * does not matter to it, so that no cause can be forgotten.
 */
@ApplicationScoped
public class Reconciliation {

    /** Longer than two calls to Salesforce with what lies between; extended before each. */
    private static final Duration LEASE = Duration.ofSeconds(60);

    private final JdbcTemplate jdbc;
    private final Duration every;
    private final Duration overlap;
    private final Duration pause;

    @Inject
    Reconciliation(DataSource dataSource, SalesforceConfig config) {
        this(dataSource, config.reconcile().every(), config.reconcile().overlap(), config.reconcile().pause());
    }

    Reconciliation(DataSource dataSource, Duration every, Duration overlap, Duration pause) {
        this.jdbc = new JdbcTemplate(dataSource);
        this.every = every;
        this.overlap = overlap;
        this.pause = pause;
    }

    /**
     * A turn at the search.
     *
     * @param from     leads created since then are looked at
     * @param cursorAt SystemModstamp of the last that was looked at
     */
    record Turn(long fence, String cause, Instant from, Optional<Instant> cursorAt, Optional<String> cursorId) {
    }

    /**
     * What is known of it.
     *
     * @param completeUntil what was created before is in the inbox, transactions under way at that time aside
     */
    record Progress(boolean running, Optional<String> cause, Optional<Instant> startedAt, Optional<Instant> finishedAt,
            Optional<Instant> completeUntil, Optional<Instant> cursorAt, long lookedAt, long missed,
            Optional<String> waitsFor) {
    }

    /** The turn is over: another replica goes on with the search. */
    static final class LostTurn extends RuntimeException {
        LostTurn() {
            super("another replica goes on with the reconciliation");
        }
    }

    /** Asks for a search that begins after now; the first cause of several is told. */
    @Transactional
    void want(String cause) {
        jdbc.update("update salesforce_reconcile set wanted_cause = coalesce(wanted_cause, ?)", cause);
    }

    /** Takes a turn if a search is due or was left by another; at the first start nothing is due. */
    @Transactional
    Optional<Turn> take() {
        jdbc.update("update salesforce_reconcile set complete_until = now() where complete_until is null");
        return jdbc.queryForList("""
                update salesforce_reconcile
                set cause = case when running then cause else coalesce(wanted_cause, 'periodic') end,
                    wanted_cause = case when running then wanted_cause end,
                    range_from = case when running then range_from else complete_until - make_interval(secs => ?) end,
                    started_at = case when running then started_at else now() end,
                    cursor_at = case when running then cursor_at end,
                    cursor_id = case when running then cursor_id end,
                    looked_at = case when running then looked_at else 0 end,
                    missed = case when running then missed else 0 end,
                    running = true, waits_for = null, fence = fence + 1, lease_until = now() + make_interval(secs => ?)
                where lease_until < now() and not_before <= now()
                  and (running or wanted_cause is not null
                       or ? and coalesce(finished_at, complete_until) <= now() - make_interval(secs => ?))
                returning fence, cause, range_from, cursor_at, cursor_id""",
                seconds(overlap), seconds(LEASE), !every.isZero(), seconds(every)).stream().map(Reconciliation::turn)
                .findFirst();
    }

    private static Turn turn(Map<String, Object> row) {
        return new Turn(((Number) row.get("fence")).longValue(), (String) row.get("cause"),
                LeadEvent.instant(row.get("range_from")), Optional.ofNullable(row.get("cursor_at")).map(LeadEvent::instant),
                Optional.ofNullable((String) row.get("cursor_id")));
    }

    /**
     * Extends the turn, joining a running transaction, which then is this turn's alone.
     *
     * @throws LostTurn if it is over
     */
    @Transactional
    void hold(long fence) {
        whileOurs(jdbc.update("update salesforce_reconcile set lease_until = now() + make_interval(secs => ?) "
                + "where fence = ?", seconds(LEASE), fence));
    }

    /** Counts leads that were taken in. */
    @Transactional
    void took(long fence, int leads) {
        whileOurs(jdbc.update("update salesforce_reconcile set missed = missed + ? where fence = ?", leads, fence));
    }

    /** Notes the place from which another would go on. */
    @Transactional
    void reached(long fence, Instant cursorAt, String cursorId, int leads) {
        whileOurs(jdbc.update("""
                update salesforce_reconcile
                set cursor_at = ?, cursor_id = ?, looked_at = looked_at + ?, lease_until = now() + make_interval(secs => ?)
                where fence = ?""", Timestamp.from(cursorAt), cursorId, leads, seconds(LEASE), fence));
    }

    /** Ends the search: what was created before it began is in the inbox. */
    @Transactional
    void complete(long fence) {
        whileOurs(jdbc.update("""
                update salesforce_reconcile
                set running = false, complete_until = started_at, finished_at = now(), lease_until = now(),
                    not_before = now() + make_interval(secs => ?)
                where fence = ?""", seconds(pause), fence));
    }

    /** Leaves the search where it is, for a pause or, with {@code Duration.ZERO}, for whoever is next. */
    @Transactional
    void leave(long fence, String cause, Duration pause) {
        jdbc.update("""
                update salesforce_reconcile
                set waits_for = ?, lease_until = now(), not_before = now() + make_interval(secs => ?)
                where fence = ?""", cause, seconds(pause), fence);
    }

    private static void whileOurs(int rows) {
        if (rows == 0) {
            throw new LostTurn();
        }
    }

    Progress progress() {
        return jdbc.queryForObject("select * from salesforce_reconcile", (row, number) -> new Progress(
                row.getBoolean("running"), Optional.ofNullable(row.getString("cause")),
                time(row.getTimestamp("started_at")), time(row.getTimestamp("finished_at")),
                time(row.getTimestamp("complete_until")), time(row.getTimestamp("cursor_at")), row.getLong("looked_at"),
                row.getLong("missed"), Optional.ofNullable(row.getString("waits_for"))));
    }

    private static Optional<Instant> time(Timestamp time) {
        return Optional.ofNullable(time).map(Timestamp::toInstant);
    }

    private static double seconds(Duration duration) {
        return duration.toMillis() / 1000.0;
    }
}
