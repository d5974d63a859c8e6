package io.leadroutes.receipt;

import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * Why a lead was routed as it was (routing specification §8.2), complete: the same facts under the same rules give the
 * same receipt. Holds no e-mail address, no phone number and no name of the lead's person.
 *
 * @param decision     1, 2, … of the event
 * @param at           database time of the decision, ISO 8601 in UTC
 * @param rulesVersion 64 hex digits
 * @param headline     one sentence of at most 240 characters
 * @param score        empty when a guard stopped the lead before
 * @param facts        every variable of the rules; null: unknown
 * @param hash         SHA-256 of the canonical JSON (RFC 8785) without this key
 * @param previous     hash of the lead's receipt before this one
 */
public record Receipt(int spec, UUID decisionId, UUID eventId, int decision, String at, String rulesVersion,
        String mode, String headline, List<Step> steps, Match match, Optional<Scored> score, Routed route,
        Optional<Pooled> pool, Optional<Assigned> assignment, Map<String, Object> facts, String hash,
        Optional<String> previous) {

    /** @param data the slots of {@code text} */
    public record Step(String stage, String code, String text, Map<String, Object> data) {
    }

    /** The account match. */
    public record Match(String status, String decidedBy) {
    }

    /** The score with the lines that sum to it. */
    public record Scored(int total, String tier, String grade, boolean disqualified, BigDecimal fit,
            BigDecimal intent, List<Line> lines) {
    }

    /** One line of the score. */
    public record Line(String rule, Optional<String> group, Optional<String> axis, Optional<BigDecimal> raw,
            BigDecimal points, String reason) {
    }

    /**
     * What guards and tables said.
     *
     * @param action {@code assign}, {@code stop} or {@code keepOwner}
     * @param target the target that took the lead
     */
    public record Routed(String action, Optional<String> target, Optional<String> table, Optional<String> rule,
            Optional<String> reason, boolean fallback, Optional<String> error, List<Rejected> rejected,
            List<PassedOver> passedOver) {
    }

    /** A row above the winner that did not match. */
    public record Rejected(String rule, String firstFailingColumn, Optional<String> value, String needed) {
    }

    /** A target that could not take the lead. */
    public record PassedOver(String target, String reason) {
    }

    /** @param owedBefore exact fractions, as compared: the lead at hand accrued, not yet given away */
    public record Pooled(String id, long seq, String picked, List<String> eligible, Map<String, String> owedBefore,
            List<Excluded> excluded) {
    }

    /** A member who could not take the lead. */
    public record Excluded(String user, String reason) {
    }

    /** The owner in the CRM. */
    public record Assigned(String ownerId, String ownerName) {
    }

    Receipt withHash(String sha256) {
        return new Receipt(spec, decisionId, eventId, decision, at, rulesVersion, mode, headline, steps, match, score,
                route, pool, assignment, facts, sha256, previous);
    }
}
