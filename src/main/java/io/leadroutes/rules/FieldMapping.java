package io.leadroutes.rules;

/**
 * A CRM field that is filled from ZoomInfo when it is blank.
 *
 * @param object CRM object, {@code Lead}
 * @param field  API name of the CRM field
 * @param from   {@code person.<contact output field>} or {@code company.<field of the nested company>}
 */
public record FieldMapping(String object, String field, String from) {
}
