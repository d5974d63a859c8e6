package io.leadroutes.crm;

import java.util.List;
import java.util.Map;

/**
 * A change that ZoomInfo suggests for records of the CRM.
 *
 * @param origin            who asks for it: {@code webhook}, {@code bulk}, {@code prospect}, {@code websights} or
 *                          {@code compliance}
 * @param key               idempotency key; a second update with the same key does nothing
 * @param zoominfoId        ZoomInfo's id of the person, for {@link Kind#COMPANY} and {@link Kind#SIGNAL} of the company
 * @param profile           ZoomInfo's record as its enrichment returns it; for a person the company nested under
 *                          {@code company}
 * @param changedAttributes names of the ZoomInfo fields to take over; empty for all
 * @param fields            fields of the CRM as they are to be written, for a signal, an opt-out and a new lead
 * @param priority          1 for what is news (webhook, compliance), 2 for bulk work; the smaller goes first
 */
public record CrmUpdate(String origin, String key, Kind kind, String zoominfoId, Map<String, Object> profile,
        List<String> changedAttributes, Map<String, Object> fields, int priority) {

    private static final int KEY_LIMIT = 500;

    /** What is updated. */
    public enum Kind {
        /** All leads and contacts of the person, under the field policies. */
        PERSON,
        /** All accounts of the company, under the field policies. */
        COMPANY,
        /** A lead that is created unless the person is in the CRM already. */
        NEW_LEAD,
        /** A signal on the account of the company, created or brought up to date. */
        SIGNAL,
        /** The marks of an opt-out on all leads and contacts of the person, and nothing else. */
        OPT_OUT
    }

    public CrmUpdate {
        if (origin.isBlank() || key.isBlank() || key.length() > KEY_LIMIT) {
            throw new IllegalArgumentException("an update needs an origin and a key of at most 500 characters");
        }
        if (zoominfoId.isBlank()) {
            throw new IllegalArgumentException("an update needs the id of a person or company");
        }
        if (priority < 0 || priority > 9) {
            throw new IllegalArgumentException("the priority of an update is 0 to 9");
        }
        changedAttributes = List.copyOf(changedAttributes);
    }
}
