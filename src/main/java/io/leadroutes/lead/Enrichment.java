package io.leadroutes.lead;

import java.util.Map;
import java.util.Optional;

/**
 * What ZoomInfo answered for one lead.
 *
 * @param matchStatus ZoomInfo's match status, for example {@code FULL_MATCH} or {@code NO_MATCH}
 * @param person      the record as returned, {@code company} nested in it; empty without a match
 * @param credits     credits paid for it: 1 for a person who is new to the account, else 0
 */
public record Enrichment(String matchStatus, Map<String, Object> person, int credits) {

    /** ZoomInfo's person id, without a match empty. */
    public Optional<String> personId() {
        return Optional.ofNullable(person.get("id")).map(Object::toString);
    }

    /** The nested company record; empty without one. */
    @SuppressWarnings("unchecked")
    public Map<String, Object> company() {
        return person.get("company") instanceof Map<?, ?> company ? (Map<String, Object>) company : Map.of();
    }

    /** ZoomInfo's company id, if known. */
    public Optional<String> companyId() {
        return Optional.ofNullable(company().get("id")).map(Object::toString).filter(id -> !id.isBlank());
    }

    /** True when ZoomInfo found the person. */
    public boolean personFound() {
        return !person.isEmpty() && (matchStatus.equals("FULL_MATCH") || matchStatus.equals("CONTACT_ONLY_MATCH"));
    }
}
