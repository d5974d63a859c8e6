package io.leadroutes.sandbox.salesforce;

import java.util.Optional;

/**
 * What became of one record of a write.
 *
 * @param id      18 characters; empty if the write was refused
 * @param created whether the record is new
 * @param refusal why nothing was written; empty on success
 */
record SaveResult(String id, boolean created, Optional<Refusal> refusal) {

    static SaveResult saved(String id, boolean created) {
        return new SaveResult(id, created, Optional.empty());
    }

    static SaveResult refused(Refusal refusal) {
        return new SaveResult("", false, Optional.of(refusal));
    }

    boolean success() {
        return refusal.isEmpty();
    }
}
