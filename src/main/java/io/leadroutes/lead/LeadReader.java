package io.leadroutes.lead;

import jakarta.enterprise.context.ApplicationScoped;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import javax.sql.DataSource;
import org.springframework.jdbc.core.JdbcTemplate;

/** Reads lead events for people: one with its whole story, or pages of the newest. */
@ApplicationScoped
public class LeadReader {

    private static final String COLUMNS = "event_id, source, record_id, state, received_at, ended_at, parked_cause, "
            + "lead, match_status, person_id, company_id, credits, writes, request_ids, timeline";

    private final JdbcTemplate jdbc;

    LeadReader(DataSource dataSource) {
        this.jdbc = new JdbcTemplate(dataSource);
    }

    /** A lead event as stored. */
    public record Story(UUID eventId, String source, String recordId, LeadState state, Instant receivedAt,
            Optional<Instant> endedAt, Optional<String> parkedCause, Map<String, Object> lead,
            Optional<String> matchStatus, Optional<String> personId, Optional<String> companyId, int credits,
            List<Object> writes, List<Object> requestIds, List<Object> timeline) {

        /** Where a page that ends with this event goes on. */
        public String cursor() {
            return Base64.getUrlEncoder().withoutPadding()
                    .encodeToString((receivedAt + "|" + eventId).getBytes(StandardCharsets.UTF_8));
        }
    }

    /** What a list is narrowed to. {@code text} is looked for in names, company, e-mail and ids. */
    public record Filter(Optional<LeadState> state, Optional<String> text, Optional<String> source, int limit,
            Optional<String> cursor) {
    }

    public Optional<Story> find(UUID eventId) {
        return jdbc.queryForList("select " + COLUMNS + " from lead_event where event_id = ?", eventId).stream()
                .map(LeadReader::story).findFirst();
    }

    /**
     * The newest events first.
     *
     * @throws IllegalArgumentException if the cursor is not one that {@link Story#cursor()} gave
     */
    public List<Story> list(Filter filter) {
        StringBuilder sql = new StringBuilder("select " + COLUMNS + " from lead_event where true");
        List<Object> values = new ArrayList<>();
        filter.state().ifPresent(state -> {
            sql.append(" and state = ?");
            values.add(state.name());
        });
        filter.source().ifPresent(source -> {
            sql.append(" and source = ?");
            values.add(source);
        });
        filter.text().ifPresent(text -> {
            sql.append("""
                    \s and (concat_ws(' ', lead ->> 'firstName', lead ->> 'lastName') ilike ? or lead ->> 'company' ilike ?
                          or lead ->> 'email' ilike ? or record_id = ? or request_ids @> to_jsonb(?::text)
                          or event_id::text = ?)""");
            String like = "%" + text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%";
            values.addAll(List.of(like, like, like, text, text, text));
        });
        filter.cursor().ifPresent(cursor -> {
            String[] parts = new String(Base64.getUrlDecoder().decode(cursor), StandardCharsets.UTF_8).split("\\|");
            if (parts.length != 2) {
                throw new IllegalArgumentException("not a cursor");
            }
            sql.append(" and (received_at, event_id) < (?, ?)");
            values.add(OffsetDateTime.ofInstant(parse(parts[0]), ZoneOffset.UTC));
            values.add(UUID.fromString(parts[1]));
        });
        sql.append(" order by received_at desc, event_id desc limit ?");
        values.add(filter.limit());
        return jdbc.queryForList(sql.toString(), values.toArray()).stream().map(LeadReader::story).toList();
    }

    private static Instant parse(String instant) {
        try {
            return Instant.parse(instant);
        } catch (DateTimeParseException e) {
            throw new IllegalArgumentException("not a cursor", e);
        }
    }

    private static Story story(Map<String, Object> row) {
        return new Story((UUID) row.get("event_id"), (String) row.get("source"), (String) row.get("record_id"),
                LeadState.valueOf((String) row.get("state")), LeadEvent.instant(row.get("received_at")),
                Optional.ofNullable(row.get("ended_at")).map(LeadEvent::instant),
                Optional.ofNullable((String) row.get("parked_cause")), LeadJson.object(row.get("lead")),
                Optional.ofNullable((String) row.get("match_status")),
                Optional.ofNullable((String) row.get("person_id")),
                Optional.ofNullable((String) row.get("company_id")), ((Number) row.get("credits")).intValue(),
                LeadJson.array(row.get("writes")), LeadJson.array(row.get("request_ids")),
                LeadJson.array(row.get("timeline")));
    }
}
