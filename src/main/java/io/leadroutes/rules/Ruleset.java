package io.leadroutes.rules;

import java.util.List;
import java.util.Map;

/**
 * All rule files together, checked and compiled. Immutable; safe to use by many threads.
 *
 * @param version   SHA-256 of the content in 64 hex digits; comments, key order, indentation and quoting do not count
 * @param pools     by id, in the order of the file
 * @param people    by id, in the order of the file
 * @param queues    by id, in the order of the file
 * @param types     every variable rules may name
 * @param fields    CRM fields to fill, in the order of the file
 * @param canonical the content as canonical JSON (RFC 8785)
 * @param sources   file name → its text as read
 */
public record Ruleset(String version, ScoringRules scoring, RoutingRules routing, Map<String, Pool> pools,
        Map<String, Person> people, Map<String, Queue> queues, VariableTable types, List<FieldMapping> fields,
        String canonical, Map<String, String> sources) {

    /** The first 12 hex digits of the version, for people to read. */
    public String shortVersion() {
        return version.substring(0, 12);
    }
}
