package io.leadroutes.crm.salesforce;

import io.leadroutes.crm.FieldHistory.Written;
import io.leadroutes.crm.FieldPolicies;
import io.leadroutes.crm.FieldPolicies.Current;
import io.leadroutes.crm.FieldPolicies.Decision;
import io.leadroutes.crm.FieldValues;
import io.leadroutes.crm.Profile;
import io.leadroutes.crm.salesforce.WriteBatch.LeadWrite;
import io.leadroutes.lead.Lead;
import io.leadroutes.rules.FieldMapping;
import io.leadroutes.rules.FieldMapping.Policy;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Which fields of the Salesforce object Lead a decision writes. */
final class LeadFields {

    static final String OPERATION = "LeadRoutes_Operation__c";
    static final String EXTERNAL_ID = "LeadRoutes_Id__c";
    static final String OWNER = "OwnerId";
    static final String LAST_MODIFIED = "LastModifiedDate";

    /** What Salesforce's own users type into a required field that they cannot fill. */
    static final String NOT_PROVIDED = "[not provided]";

    private static final int REASON_LIMIT = 255;

    /** Without these the record would not be what was decided; a record that cannot have them is a dead letter. */
    private static final Set<String> ESSENTIAL = Set.of("Id", "id", EXTERNAL_ID, OWNER, "LastName", "Company");

    private static final List<String> OPT_OUT = List.of("ZoomInfo_Opted_Out__c", "HasOptedOutOfEmail");

    /** Fields of a lead that came from elsewhere, written where the record has nothing. */
    private static final Map<String, String> FROM_LEAD = fromLead();

    private LeadFields() {
    }

    private static Map<String, String> fromLead() {
        Map<String, String> fields = new LinkedHashMap<>();
        fields.put("FirstName", "firstName");
        fields.put("LastName", "lastName");
        fields.put("Email", "email");
        fields.put("Company", "company");
        fields.put("Website", "website");
        fields.put("Phone", "phone");
        fields.put("Title", "title");
        fields.put("Street", "street");
        fields.put("City", "city");
        fields.put("State", "state");
        fields.put("PostalCode", "postalCode");
        fields.put("Country", "country");
        return fields;
    }

    /** The fields to read before writing. */
    static List<String> toRead(boolean byRecordId, List<FieldMapping> mappings, Set<String> unknown) {
        Set<String> fields = new LinkedHashSet<>(List.of("Id", OPERATION, LAST_MODIFIED));
        if (!byRecordId) {
            fields.add(EXTERNAL_ID);
            fields.addAll(FROM_LEAD.keySet());
        }
        mappings.forEach(mapping -> fields.add(mapping.field()));
        fields.addAll(OPT_OUT);
        fields.removeAll(unknown);
        return new ArrayList<>(fields);
    }

    /** A record as it was read, with what we wrote to it before. */
    static Current current(Map<String, Object> record, Map<String, Map<String, Written>> written) {
        return new Current(record, Optional.ofNullable(record.get(LAST_MODIFIED)).map(Object::toString)
                .flatMap(Profile::time), written.getOrDefault(String.valueOf(record.get("Id")), Map.of()));
    }

    /**
     * The fields to write: the decision always, the rest under the field policies.
     *
     * @param record  as it is
     * @param unknown fields this org does not have
     */
    static LeadWrite toWrite(DecidedLead decided, List<FieldMapping> mappings, Current record, Set<String> unknown,
            Instant now) {
        Map<String, ?> current = record.fields();
        Map<String, Object> fields = new LinkedHashMap<>();
        if (!decided.fromSalesforce()) {
            fill(fields, decided.lead(), current);
        }
        Map<String, Object> known = new LinkedHashMap<>(current);
        known.putAll(fields);
        // What the lead itself says is as new as anything.
        List<FieldMapping> open = mappings.stream().filter(mapping -> mapping.policy() == Policy.ALWAYS
                || !fields.containsKey(mapping.field())).toList();
        Decision decision = decided.event().enrichment().map(enrichment -> FieldPolicies.decide(open,
                Profile.of(enrichment), List.of(), new Current(known, record.lastModified(), record.written()), now))
                .orElse(new Decision(Map.of(), Map.of(), Map.of()));
        fields.putAll(decision.fields());
        if (!decided.fromSalesforce()) {
            require(fields, current, "LastName");
            require(fields, current, "Company");
        }
        decided.ownerId().ifPresent(owner -> fields.put(OWNER, owner));
        decided.score().ifPresent(score -> fields.put("LeadRoutes_Score__c", score));
        decided.grade().ifPresent(grade -> fields.put("LeadRoutes_Grade__c", grade));
        decided.tier().ifPresent(tier -> fields.put("LeadRoutes_Tier__c", tier));
        if (!decided.headline().isEmpty()) {
            fields.put("LeadRoutes_Reason__c", cut(decided.headline()));
        }
        fields.put(OPERATION, decided.operationKey());
        decided.event().enrichment().ifPresent(enrichment -> {
            enrichment.personId().ifPresent(id -> fields.put("ZoomInfo_Person_Id__c", id));
            enrichment.companyId().ifPresent(id -> fields.put("ZoomInfo_Company_Id__c", id));
        });
        fields.keySet().removeAll(unknown);
        return new LeadWrite(fields, decision.fields().keySet(), decision.dates());
    }

    /** The marks of a person who may not be written, as far as the record does not have them. */
    static Map<String, Object> optOut(Map<String, ?> current, Set<String> unknown) {
        Map<String, Object> fields = new LinkedHashMap<>();
        OPT_OUT.stream().filter(field -> !unknown.contains(field) && !Boolean.TRUE.equals(current.get(field)))
                .forEach(field -> fields.put(field, true));
        return fields;
    }

    /** True if the rest of the record may be written without this field. */
    static boolean mayBeDropped(String field) {
        return !ESSENTIAL.contains(field);
    }

    private static void fill(Map<String, Object> fields, Lead lead, Map<String, ?> current) {
        FROM_LEAD.forEach((field, name) -> {
            if (FieldValues.blank(current.get(field))) {
                lead.field(name).flatMap(FieldValues::worthWriting).ifPresent(value -> fields.put(field, value));
            }
        });
    }

    private static void require(Map<String, Object> fields, Map<String, ?> current, String field) {
        Object present = current.get(field);
        if (!fields.containsKey(field) && (present == null || present.toString().isBlank())) {
            fields.put(field, NOT_PROVIDED);
        }
    }

    /** Cut between characters, not through one. */
    private static String cut(String headline) {
        return headline.length() <= REASON_LIMIT ? headline
                : headline.substring(0, headline.offsetByCodePoints(0,
                        headline.codePointCount(0, REASON_LIMIT - 1)));
    }
}
