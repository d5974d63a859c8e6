package io.leadroutes.rules;

/**
 * Somebody who can own leads.
 *
 * @param ownerId the person's user id in the CRM
 * @param active  false: never assigned, though pools may still name the person
 * @param always  true: takes leads at any time, so that a fallback chain may end here
 */
public record Person(String id, String name, String ownerId, boolean active, boolean always) {
}
