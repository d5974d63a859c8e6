package io.leadroutes.lead;

import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/**
 * One lead on its way through the stages: a row of the inbox.
 *
 * @param requestId X-Request-Id made or accepted at intake
 * @param attempts  how often the present stage has claimed it
 */
public record LeadEvent(UUID eventId, String requestId, LeadState state, int attempts, Instant receivedAt, Lead lead,
        Optional<Enrichment> enrichment) {
}
