package io.leadroutes.webhook;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One record of a delivery.
 *
 * @param zoominfoId        id of the person or company, as text
 * @param changedAttributes names of what changed; empty if the delivery does not tell
 * @param profile           the record as it came, without {@code changedAttributes}
 * @param optedOut          whether it tells that the person has opted out
 * @param complete          whether every attribute that changed came with its value
 */
record ChangedRecord(String zoominfoId, List<String> changedAttributes, Map<String, Object> profile, boolean optedOut,
        boolean complete) {

    Optional<String> email() {
        return Optional.ofNullable(profile.get("email")).map(Object::toString).filter(text -> !text.isBlank());
    }
}
