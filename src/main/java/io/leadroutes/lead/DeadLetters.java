package io.leadroutes.lead;

import io.quarkus.arc.Unremovable;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Any;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import jakarta.transaction.Transactional;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
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

    /** A stored letter. */
    public record Letter(long id, String requestId, String requestIdKind, Optional<UUID> eventId, String routeId,
            Stage stage, String failureClass, Optional<Integer> status, String message, int attempts,
            Map<String, Object> payload, Instant firstSeen, Instant lastSeen, String state,
            Optional<String> closedReason) {
    }

    /** What a list of letters is narrowed to; an empty value does not narrow. */
    public record Filter(Optional<String> state, Optional<String> failureClass, Optional<String> routeId,
            Optional<String> requestId, Optional<Long> before, int limit) {
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
                                         message, attempts, payload)
                values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?::jsonb)
                on conflict (request_id, route_id, coalesce(event_id, '00000000-0000-0000-0000-000000000000'))
                    where state = 'OPEN'
                do update set last_seen = now(), attempts = excluded.attempts, message = excluded.message""",
                cause.requestId(), cause.fromResponse() ? "RESPONSE" : "SENT", eventId, cause.routeId(),
                cause.stage().name(), cause.failureClass(), cause.status().orElse(null), cause.message(),
                cause.attempts(), payload);
    }

    /** The newest letters first; {@code before} continues behind the letter with that id. */
    public List<Letter> list(Filter filter) {
        StringBuilder sql = new StringBuilder("select * from dead_letter where true");
        List<Object> values = new ArrayList<>();
        filter.state().ifPresent(value -> narrow(sql, values, " and state = ?", value));
        filter.failureClass().ifPresent(value -> narrow(sql, values, " and failure_class = ?", value));
        filter.routeId().ifPresent(value -> narrow(sql, values, " and route_id = ?", value));
        filter.requestId().ifPresent(value -> narrow(sql, values, " and request_id = ?", value));
        filter.before().ifPresent(value -> narrow(sql, values, " and id < ?", value));
        narrow(sql, values, " order by id desc limit ?", filter.limit());
        return jdbc.queryForList(sql.toString(), values.toArray()).stream().map(DeadLetters::letter).toList();
    }

    private static void narrow(StringBuilder sql, List<Object> values, String condition, Object value) {
        sql.append(condition);
        values.add(value);
    }

    /**
     * Sends the leads of open letters back to the stage that failed. A letter is replayed once: a second call
     * finds nothing open and does nothing.
     *
     * @return how many letters were replayed
     */
    @Transactional
    public int replay(List<Long> letterIds) {
        List<Map<String, Object>> closed = jdbc.queryForList("""
                update dead_letter set state = 'REPLAYED', closed_at = now()
                where id = any (?) and state = 'OPEN' and event_id is not null
                returning event_id, stage""", (Object) letterIds.toArray(Long[]::new));
        Map<UUID, Stage> events = new LinkedHashMap<>();
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
                set state = ?, ended_at = null, attempts = 0, lease_until = null, available_at = now(),
                    timeline = timeline || jsonb_build_object('at', now(), 'stage', 'replay', 'detail', ?::text)
                where event_id = ? and state = 'DEAD'""",
                state.name(), "resumed at " + stage.name().toLowerCase(Locale.ROOT), eventId)));
        return closed.size();
    }

    /**
     * Closes open letters for good.
     *
     * @return how many were open
     */
    @Transactional
    public int discard(String requestId, String reason) {
        return jdbc.update("""
                update dead_letter set state = 'DISCARDED', closed_at = now(), closed_reason = ?
                where request_id = ? and state = 'OPEN'""", reason, requestId);
    }

    private static Letter letter(Map<String, Object> row) {
        return new Letter(((Number) row.get("id")).longValue(), (String) row.get("request_id"),
                (String) row.get("request_id_kind"), Optional.ofNullable((UUID) row.get("event_id")),
                (String) row.get("route_id"), Stage.valueOf((String) row.get("stage")),
                (String) row.get("failure_class"),
                Optional.ofNullable((Number) row.get("status")).map(Number::intValue), (String) row.get("message"),
                ((Number) row.get("attempts")).intValue(), LeadJson.object(row.get("payload")),
                LeadEvent.instant(row.get("first_seen")), LeadEvent.instant(row.get("last_seen")),
                (String) row.get("state"), Optional.ofNullable((String) row.get("closed_reason")));
    }
}
