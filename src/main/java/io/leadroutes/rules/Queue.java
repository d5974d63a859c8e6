package io.leadroutes.rules;

/**
 * A CRM queue: always open.
 *
 * @param ownerId the queue's id in the CRM
 */
public record Queue(String id, String name, String ownerId) {
}
