package io.leadroutes.sandbox.world;

/**
 * A short fact about companies under which they can be found.
 *
 * @param tag          unique, as in {@code software.crm}; what a search asks for
 * @param label        for people
 * @param group        what kind of fact it is
 * @param parentCategory the group's heading
 * @param category     category of the technology behind it; empty for none
 * @param vendor       vendor of the technology behind it; empty for none
 */
public record Hashtag(String tag, String label, String group, String parentCategory, String category, String vendor) {
}
