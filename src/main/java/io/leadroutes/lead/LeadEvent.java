package io.leadroutes.lead;

import java.sql.Timestamp;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * One lead on its way through the stages: a row of the inbox.
 *
 * @param requestId X-Request-Id made or accepted at intake
 * @param attempts  how often the present stage has claimed it
 * @param fence     of the claim under which it was read; writes name it
 */
public record LeadEvent(UUID eventId, String requestId, LeadState state, int attempts, long fence,
        Instant receivedAt, Lead lead, Optional<Enrichment> enrichment) {

    /** Reads a row of {@code lead_event} as a query returns it; the columns named here must be among those selected. */
    public static LeadEvent of(Map<String, ?> row) {
        return new LeadEvent((UUID) row.get("event_id"), (String) row.get("request_id"),
                LeadState.valueOf((String) row.get("state")), ((Number) row.get("attempts")).intValue(),
                ((Number) row.get("fence")).longValue(), instant(row.get("received_at")), Lead.fromMap(LeadJson.object(row.get("lead"))), enrichment(row));
    }

    /** The claim under which this was read. */
    public Claim claim() {
        return new Claim(eventId, fence);
    }

    private static Optional<Enrichment> enrichment(Map<String, ?> row) {
        return Optional.ofNullable(row.get("enrichment")).map(LeadJson::object).map(stored -> new Enrichment(
                String.valueOf(row.get("match_status")), stored, ((Number) row.get("credits")).intValue()));
    }

    /** A time of the database, as JDBC or camel-sql hand it over. */
    public static Instant instant(Object column) {
        return column instanceof OffsetDateTime time ? time.toInstant() : ((Timestamp) column).toInstant();
    }
}
