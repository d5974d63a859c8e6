package io.leadroutes.crm;

import io.leadroutes.lead.Claim;
import io.leadroutes.lead.LeadEvent;
import io.leadroutes.lead.LeadJson;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * A claimed update.
 *
 * @param attempts   claims so far
 * @param fence      of this claim; writes name it
 * @param createdAt  when it was queued
 * @param waitsFor   why the attempt before was put off
 */
public record QueuedUpdate(UUID id, String requestId, int attempts, long fence, Instant createdAt,
        Optional<String> waitsFor, CrmUpdate update) {

    /** From a row of {@code sql/claim-crm-update.sql}. */
    public static QueuedUpdate of(Map<String, ?> row) {
        return new QueuedUpdate((UUID) row.get("id"), (String) row.get("request_id"),
                ((Number) row.get("attempts")).intValue(), ((Number) row.get("fence")).longValue(), LeadEvent.instant(row.get("created_at")), Optional.ofNullable((String) row.get("waits_for")),
                new CrmUpdate((String) row.get("origin"), (String) row.get("key"),
                        CrmUpdate.Kind.valueOf((String) row.get("kind")), (String) row.get("zoominfo_id"),
                        LeadJson.object(row.get("profile")),
                        LeadJson.array(row.get("changed_attributes")).stream().map(Object::toString).toList(),
                        LeadJson.object(row.get("fields")), ((Number) row.get("priority")).intValue()));
    }

    public Claim claim() {
        return new Claim(id, fence);
    }
}
