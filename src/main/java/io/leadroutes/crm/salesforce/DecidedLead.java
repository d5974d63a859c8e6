package io.leadroutes.crm.salesforce;

import io.leadroutes.lead.Claim;
import io.leadroutes.lead.Lead;
import io.leadroutes.lead.LeadEvent;
import io.leadroutes.lead.LeadJson;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;

/**
 * A lead with the decision that is to be written.
 *
 * @param number   decision number of the event, from 1
 * @param ownerId  user or queue; empty when the owner is to stay as it is
 * @param rule     the rule that chose the owner
 * @param isolated true when a call with several records failed because of one, and this may be it
 */
record DecidedLead(LeadEvent event, int number, Instant decidedAt, String headline, Optional<Number> score,
        Optional<String> tier, Optional<String> grade, Optional<String> ownerId, Optional<String> ownerName,
        Optional<String> rule, boolean isolated) {

    static final String ISOLATED = "alone, because a call failed for one of its records: ";
    private static final int EXTERNAL_ID_LIMIT = 255;

    /** Reads a row of {@code sql/claim-decided.sql}. */
    static DecidedLead of(Map<String, ?> row) {
        Map<String, Object> receipt = LeadJson.object(row.get("receipt"));
        Map<?, ?> score = receipt.get("score") instanceof Map<?, ?> given ? given : Map.of();
        Map<?, ?> route = receipt.get("route") instanceof Map<?, ?> given ? given : Map.of();
        boolean assigns = "assign".equals(route.get("action"));
        return new DecidedLead(LeadEvent.of(row), ((Number) row.get("number")).intValue(),
                row.get("decided_at") instanceof OffsetDateTime at ? at.toInstant()
                        : ((Timestamp) row.get("decided_at")).toInstant(),
                text(receipt.get("headline")).orElse(""),
                Optional.ofNullable((Number) score.get("total")), text(score.get("tier")), text(score.get("grade")),
                assigns ? text(row.get("owner")) : Optional.empty(), text(row.get("owner_name")),
                text(route.get("rule")), text(row.get("parked_cause")).filter(c -> c.startsWith(ISOLATED)).isPresent());
    }

    private static Optional<String> text(Object value) {
        return Optional.ofNullable(value).map(Object::toString).filter(text -> !text.isBlank());
    }

    Claim claim() {
        return event.claim();
    }

    Lead lead() {
        return event.lead();
    }

    /** Written with the fields, so that a repeat recognises what it did before. At most 80 characters. */
    String operationKey() {
        return event.eventId() + ":" + number;
    }

    boolean fromSalesforce() {
        return lead().source().equals("salesforce");
    }

    /** Key of a record that came from elsewhere; a long one is kept apart by its hash. */
    String externalId() {
        String whole = lead().source() + ":" + lead().recordId();
        return whole.length() <= EXTERNAL_ID_LIMIT ? whole
                : whole.substring(0, EXTERNAL_ID_LIMIT - 65) + ":" + sha256(whole);
    }

    private static String sha256(String text) {
        try {
            return HexFormat.of().formatHex(
                    MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
