package io.leadroutes.webhook;

import java.util.List;

/**
 * A delivery that was read.
 *
 * @param webhookId id of the webhook that it says it belongs to
 * @param bodyHash  hex SHA-256 of the body as it came
 */
record Delivery(String webhookId, ObjectType objectType, List<ChangedRecord> records, String bodyHash) {

    /** What a record is. */
    enum ObjectType {
        CONTACT, COMPANY
    }
}
