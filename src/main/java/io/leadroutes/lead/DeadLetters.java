package io.leadroutes.lead;

import io.quarkus.arc.Unremovable;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Any;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import jakarta.transaction.Transactional;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * Dead letters, keyed on the X-Request-Id of the answer that failed, or of the call we sent when there was none.
 */
@ApplicationScoped
@Named("deadLetters")
@Unremovable
public class DeadLetters {

    private final JdbcTemplate jdbc;
    private final Iterable<? extends Replayable> outsideTheInbox;

    @Inject
    DeadLetters(DataSource dataSource, @Any Instance<Replayable> outsideTheInbox) {
        this(dataSource, (Iterable<Replayable>) outsideTheInbox);
    }

    /** Without CDI. */
    public DeadLetters(DataSource dataSource, Iterable<? extends Replayable> outsideTheInbox) {
        this.jdbc = new JdbcTemplate(dataSource);
        this.outsideTheInbox = outsideTheInbox;
    }

    /** The stage that failed, with the state from which a replay goes on. */
    public enum Stage {
        INTAKE(LeadState.RECEIVED), ENRICH(LeadState.RECEIVED), DECIDE(LeadState.ENRICHED),
        WRITE_BACK(LeadState.DECIDED),
        /** No stage of the inbox: {@link Replayable}. */
        CRM_UPDATE(null),
        /** No stage of the inbox: {@link Replayable}. */
        WEBHOOK_FETCH(null),
        /** A message that is no lead, no stage of the inbox: {@link Replayable}. */
        KAFKA_INTAKE(null);

        private final LeadState resumesAt;

        Stage(LeadState resumesAt) {
            this.resumesAt = resumesAt;
        }

        /** Empty when the letter is about no lead of the inbox. */
        Optional<LeadState> resumesAt() {
            return Optional.ofNullable(resumesAt);
        }
    }

    /** Why a letter is written. */
    public record Cause(String requestId, boolean fromResponse, String routeId, Stage stage, String failureClass,
            Optional<Integer> status, String message, int attempts) {
    }

    /**
     * A stored letter.
     *
     * @param cause   key of the group of letters with the same cause
     * @param replays how often its lead had been replayed before it came here
     */
    public record Letter(long id, String requestId, String requestIdKind, Optional<UUID> eventId, String routeId,
            Stage stage, String failureClass, Optional<Integer> status, String message, int attempts,
            Map<String, Object> payload, Instant firstSeen, Instant lastSeen, String state,
            Optional<String> closedReason, String cause, int replays) {

        /** False for a payload that never became a lead: there is nothing to send back to a stage. */
        public boolean isReplayable() {
            return eventId.isPresent();
        }
    }

    /**
     * Letters with the same stage, route, class, status and message, in which ids, numbers and the like do not count.
     *
     * @param requestId of the newest, as an example
     */
    public record Group(String cause, long count, Instant oldest, Instant newest, String requestId, String routeId,
            Stage stage, String failureClass, Optional<Integer> status, String message, boolean replayable) {
    }

    /** From where a replayed lead goes on. */
    public enum Mode {
        /** From the stage that failed; what is stored is used, so that ZoomInfo is not asked again for it. */
        RESUME,
        /** From the beginning: its answer is forgotten and ZoomInfo asked anew, at no second credit. A decision stays. */
        RESTART
    }

    /**
     * Ends a lead in a dead letter; the same failure seen again moves {@code lastSeen}.
     *
     * @return false, and nothing is stored, when the claim under which it failed is over: then another process has the
     *         lead, and what becomes of it is told there
     */
    @Transactional
    public boolean bury(LeadEvent lead, Cause cause) {
        int dead = jdbc.update("""
                update lead_event
                set state = 'DEAD', ended_at = coalesce(ended_at, now()), lease_until = null,
                    request_ids = case when request_ids @> to_jsonb(?::text) then request_ids
                                  else request_ids || to_jsonb(?::text) end,
                    timeline = timeline || jsonb_build_object('at', now(), 'stage', ?::text, 'detail', ?::text)
                where event_id = ? and fence = ? and state in (?, 'DEAD')""",
                cause.requestId(), cause.requestId(), cause.stage().name().toLowerCase(Locale.ROOT),
                "dead letter: " + cause.failureClass() + ", " + cause.message(), lead.eventId(), lead.fence(),
                lead.state().name());
        if (dead == 1) {
            store(cause, lead.eventId(), LeadJson.write(lead.lead().toMap()));
        }
        return dead == 1;
    }

    /** Keeps a payload that never became a lead event. */
    @Transactional
    public void keep(Map<String, Object> payload, Cause cause) {
        store(cause, null, LeadJson.write(payload));
    }

    /**
     * Keeps a letter about work outside the inbox, which a replay takes up again by its id.
     *
     * @param payload tells what it was about; without personal data as far as the work itself holds them
     */
    @Transactional
    public void keep(UUID workId, Map<String, Object> payload, Cause cause) {
        store(cause, workId, LeadJson.write(payload));
    }

    private void store(Cause cause, UUID eventId, String payload) {
        jdbc.update("""
                insert into dead_letter (request_id, request_id_kind, event_id, route_id, stage, failure_class, status,
                                         message, attempts, payload, replays)
                values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?::jsonb,
                        (select count(*) from dead_letter where event_id = ? and state = 'REPLAYED'))
                on conflict (request_id, route_id, coalesce(event_id, '00000000-0000-0000-0000-000000000000'))
                    where state = 'OPEN'
                do update set last_seen = now(), attempts = excluded.attempts, message = excluded.message""",
                cause.requestId(), cause.fromResponse() ? "RESPONSE" : "SENT", eventId, cause.routeId(),
                cause.stage().name(), cause.failureClass(), cause.status().orElse(null), cause.message(),
                cause.attempts(), payload, eventId);
    }

    /** The newest letters first; {@code before} continues behind the letter with that id. */
    public List<Letter> list(LetterFilter filter, Optional<Long> before, int limit) {
        LetterFilter.Condition where = filter.condition();
        before.ifPresent(id -> where.and("id < ?", id));
        return jdbc.queryForList("select * from dead_letter where " + where.sql() + " order by id desc limit ?",
                where.values(limit)).stream().map(DeadLetters::letter).toList();
    }

    /** The causes of the letters, the most frequent first. */
    public List<Group> groups(LetterFilter filter, int limit) {
        LetterFilter.Condition where = filter.condition();
        return jdbc.query("""
                select g.*, d.request_id, d.route_id, d.stage, d.failure_class, d.status, d.cause, d.event_id
                from (select cause_key, count(*) as letters, min(first_seen) as oldest, max(last_seen) as newest,
                             max(id) as example
                      from dead_letter where %s group by cause_key order by letters desc, cause_key limit ?) g
                join dead_letter d on d.id = g.example
                order by g.letters desc, g.cause_key""".formatted(where.sql()),
                (row, number) -> new Group(row.getString("cause_key"), row.getLong("letters"),
                        row.getTimestamp("oldest").toInstant(), row.getTimestamp("newest").toInstant(),
                        row.getString("request_id"), row.getString("route_id"), Stage.valueOf(row.getString("stage")),
                        row.getString("failure_class"), Optional.ofNullable(row.getObject("status", Integer.class)),
                        row.getString("cause"), row.getObject("event_id") != null), where.values(limit));
    }

    /**
     * Sends the leads of open letters back. A letter is replayed once: a second call finds nothing open and does
     * nothing.
     *
     * @param background true to put the leads behind all others
     * @return how many letters were replayed
     */
    @Transactional
    public int replay(List<Long> letterIds, Mode mode, boolean background) {
        List<Map<String, Object>> closed = jdbc.queryForList("""
                update dead_letter set state = 'REPLAYED', closed_at = now()
                where id = any (?) and state = 'OPEN' and event_id is not null
                returning event_id, stage""", (Object) letterIds.toArray(Long[]::new));
        // In one order, so that two of these never wait for each other.
        Map<UUID, Stage> events = new TreeMap<>();
        closed.forEach(row -> events.merge((UUID) row.get("event_id"), Stage.valueOf((String) row.get("stage")),
                (one, other) -> one.compareTo(other) > 0 ? one : other));
        outsideTheInbox.forEach(kind -> {
            List<UUID> ids = events.entrySet().stream().filter(event -> event.getValue() == kind.stage())
                    .map(Map.Entry::getKey).toList();
            if (!ids.isEmpty()) {
                kind.replay(ids);
            }
        });
        events.forEach((eventId, stage) -> stage.resumesAt().ifPresent(state -> jdbc.update("""
                update lead_event
                set state = case when ? and enrichment is not null and ? = 'RECEIVED' then 'ENRICHED' else ? end,
                    ended_at = null, attempts = 0, lease_until = null, available_at = now(),
                    enrichment = case when ? then enrichment end,
                    priority = case when ? then ? else priority end,
                    timeline = timeline || jsonb_build_object('at', now(), 'stage', 'replay', 'detail', ?::text)
                where event_id = ? and state = 'DEAD'""",
                mode == Mode.RESUME, state.name(), (mode == Mode.RESTART ? LeadState.RECEIVED : state).name(),
                mode == Mode.RESUME, background, IncomingLead.BULK,
                mode == Mode.RESTART ? "restarted" : "resumed at " + stage.name().toLowerCase(Locale.ROOT), eventId)));
        return closed.size();
    }

    /**
     * Closes open letters for good.
     *
     * @return how many were open
     */
    @Transactional
    public int discard(LetterFilter filter, String reason) {
        LetterFilter.Condition where = filter.open().condition();
        return jdbc.update("update dead_letter set closed_at = now(), state = 'DISCARDED', closed_reason = ? where "
                + where.sql(), Stream.concat(Stream.of(reason), Stream.of(where.values())).toArray());
    }

    private static Letter letter(Map<String, Object> row) {
        return new Letter(((Number) row.get("id")).longValue(), (String) row.get("request_id"),
                (String) row.get("request_id_kind"), Optional.ofNullable((UUID) row.get("event_id")),
                (String) row.get("route_id"), Stage.valueOf((String) row.get("stage")),
                (String) row.get("failure_class"),
                Optional.ofNullable((Number) row.get("status")).map(Number::intValue), (String) row.get("message"),
                ((Number) row.get("attempts")).intValue(), LeadJson.object(row.get("payload")),
                LeadEvent.instant(row.get("first_seen")), LeadEvent.instant(row.get("last_seen")),
                (String) row.get("state"), Optional.ofNullable((String) row.get("closed_reason")),
                (String) row.get("cause_key"), ((Number) row.get("replays")).intValue());
    }
}
