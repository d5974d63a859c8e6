package io.leadroutes.crm.salesforce;

import io.leadroutes.lead.Lead;
import java.util.LinkedHashMap;
import java.util.Map;

/** A lead that was created in Salesforce, as the inbox takes it: the same from the stream and from a reconciliation. */
final class CreatedLead {

    static final String SOURCE = "salesforce";

    /** A record is created once, so that this and the record id are the key of its creation, whoever tells of it. */
    static final String VERSION = "created";

    /** Fields that become a field of the lead; all others with a plain value become attributes under their own name. */
    private static final Map<String, String> LEAD_FIELDS = Map.ofEntries(Map.entry("FirstName", "firstName"),
            Map.entry("LastName", "lastName"), Map.entry("Email", "email"), Map.entry("Company", "company"),
            Map.entry("Website", "website"), Map.entry("Phone", "phone"), Map.entry("Title", "title"),
            Map.entry("Street", "street"), Map.entry("City", "city"), Map.entry("State", "state"),
            Map.entry("PostalCode", "postalCode"), Map.entry("Country", "country"));

    private CreatedLead() {
    }

    /** @param fields Salesforce's, without compound ones; empty values count as absent */
    static Lead of(String recordId, Map<String, ?> fields) {
        Map<String, String> known = new LinkedHashMap<>();
        Map<String, Object> attributes = new LinkedHashMap<>();
        fields.forEach((name, value) -> {
            if (value == null || value instanceof Map || value instanceof Iterable) {
                return;
            }
            String target = LEAD_FIELDS.get(name);
            if (target != null) {
                known.put(target, value.toString());
            } else if (!value.toString().isBlank()) {
                attributes.put(name, value);
            }
        });
        return new Lead(SOURCE, recordId, VERSION, known, attributes);
    }
}
