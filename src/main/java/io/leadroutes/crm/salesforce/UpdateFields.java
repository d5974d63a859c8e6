package io.leadroutes.crm.salesforce;

import io.leadroutes.crm.CrmUpdate;
import io.leadroutes.crm.CrmUpdate.Kind;
import io.leadroutes.crm.FieldHistory.Written;
import io.leadroutes.crm.FieldPolicies;
import io.leadroutes.crm.FieldPolicies.Current;
import io.leadroutes.crm.FieldPolicies.Decision;
import io.leadroutes.crm.FieldValues;
import io.leadroutes.crm.Profile;
import io.leadroutes.crm.QueuedUpdate;
import io.leadroutes.crm.salesforce.UpdateBatch.RecordWrite;
import io.leadroutes.crm.salesforce.UpdateBatch.Target;
import io.leadroutes.rules.FieldMapping;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Which fields of which Salesforce object an update reads and writes. */
final class UpdateFields {

    static final String PERSON_ID = "ZoomInfo_Person_Id__c";
    static final String COMPANY_ID = "ZoomInfo_Company_Id__c";
    static final String WEBSITE = "Website";
    static final String SIGNAL = "Account_Signal__c";
    static final String SIGNAL_KEY = "Operation_Key__c";

    private static final String OPTED_OUT = "ZoomInfo_Opted_Out__c";
    /** The marks of an opt-out, with the ZoomInfo field where there is one. */
    private static final Map<String, String> OPT_OUT = optOut();
    private static final Set<String> OPT_OUT_READY = Set.of(OPTED_OUT, "HasOptedOutOfEmail", "DoNotCall");
    /** What a lead needs to be of use, where the rules do not say where it comes from. */
    private static final Map<String, String> NEW_LEAD = newLead();
    private static final Set<String> SIGNAL_FIELDS = Set.of("Name", "OwnerId", "Account__c", "Score__c", "Page_Views__c",
            "First_Seen__c", "Last_Seen__c", "Pages__c", "Source__c", SIGNAL_KEY);
    /** Not written again once the signal is there: somebody may have named or reassigned it. */
    private static final Set<String> SIGNAL_ONCE = Set.of("Name", "OwnerId", "First_Seen__c");
    private static final Set<String> ESSENTIAL = Set.of("Account__c", SIGNAL_KEY);

    private UpdateFields() {
    }

    private static Map<String, String> optOut() {
        Map<String, String> fields = new LinkedHashMap<>();
        fields.put("ZoomInfo_Notice_Date__c", "person.noticeProvidedDate");
        fields.put("ZoomInfo_Within_EU__c", "person.withinEu");
        fields.put("ZoomInfo_Within_California__c", "person.withinCalifornia");
        fields.put("ZoomInfo_Within_Canada__c", "person.withinCanada");
        return fields;
    }

    private static Map<String, String> newLead() {
        Map<String, String> fields = new LinkedHashMap<>();
        fields.put("FirstName", "person.firstName");
        fields.put("LastName", "person.lastName");
        fields.put("Email", "person.email");
        fields.put("Company", "company.name");
        return fields;
    }

    /** The fields to read of an object before it is written. */
    static List<String> toRead(String object, String key, List<FieldMapping> mappings, Set<String> unknown) {
        Set<String> fields = new LinkedHashSet<>(List.of("Id", "LastModifiedDate"));
        if (object.equals(SIGNAL)) {
            fields.addAll(SIGNAL_FIELDS.stream().sorted().toList());
        } else {
            fields.add("OwnerId");
            mappings.forEach(mapping -> fields.add(mapping.field()));
            if (!object.equals("Account")) {
                fields.addAll(OPT_OUT.keySet());
                fields.addAll(OPT_OUT_READY.stream().sorted().toList());
            }
            if (object.equals("Lead")) {
                fields.add("IsConverted");
            }
            if (object.equals("Account")) {
                fields.add("CreatedDate");
            }
        }
        fields.removeAll(unknown);
        fields.add(key);
        return new ArrayList<>(fields);
    }

    static Current current(Map<String, Object> record, Map<String, Map<String, Written>> written) {
        return LeadFields.current(record, written);
    }

    /** What the policies let through; empty when the record is as it should be. */
    static Optional<RecordWrite> refreshed(QueuedUpdate queued, String object, Map<String, Object> record,
            List<FieldMapping> mappings, Map<String, Map<String, Written>> written, Set<String> unknown, Instant now) {
        Decision decision = FieldPolicies.decide(mappings, Profile.of(queued), queued.update().changedAttributes(),
                current(record, written), now);
        Map<String, Object> fields = new LinkedHashMap<>(decision.fields());
        fields.keySet().removeAll(unknown);
        if (fields.isEmpty()) {
            return Optional.empty();
        }
        // On a lead the key belongs to the decision of the main job, which recognises its own write by it.
        if (!object.equals("Lead") && !unknown.contains(LeadFields.OPERATION)) {
            fields.put(LeadFields.OPERATION, queued.id().toString());
        }
        return Optional.of(new RecordWrite(queued, Target.RECORDS, object, String.valueOf(record.get("Id")), fields,
                decision.fields().keySet(), decision.dates()));
    }

    /** The marks of an opt-out that the record does not have yet, and nothing else. */
    static Optional<RecordWrite> optedOut(QueuedUpdate queued, String object, Map<String, Object> record,
            Set<String> unknown) {
        Profile profile = Profile.of(queued);
        Map<String, Object> marks = new LinkedHashMap<>();
        marks.put(OPTED_OUT, true);
        marks.put("HasOptedOutOfEmail", true);
        OPT_OUT.forEach((field, from) -> profile.value(from).ifPresent(value -> marks.put(field, value)));
        queued.update().fields().forEach((field, value) -> {
            if (OPT_OUT.containsKey(field) || field.equals("DoNotCall")) {
                FieldValues.worthWriting(value).ifPresent(known -> marks.put(field, known));
            }
        });
        marks.keySet().removeAll(unknown);
        marks.entrySet().removeIf(mark -> FieldValues.same(mark.getValue(), record.get(mark.getKey())));
        return marks.isEmpty() ? Optional.empty() : Optional.of(new RecordWrite(queued, Target.RECORDS, object,
                String.valueOf(record.get("Id")), marks, Set.of(), Map.of()));
    }

    /** Under this id a prospect becomes a lead. */
    static String leadId(CrmUpdate update) {
        Object given = update.fields().get(LeadFields.EXTERNAL_ID);
        return given == null || given.toString().isBlank() ? "zoominfo:" + update.zoominfoId() : given.toString();
    }

    static RecordWrite newLead(QueuedUpdate queued, List<FieldMapping> mappings, Set<String> unknown, Instant now) {
        Profile profile = Profile.of(queued);
        Map<String, Object> fields = new LinkedHashMap<>();
        NEW_LEAD.forEach((field, from) -> profile.value(from).ifPresent(value -> fields.put(field, value)));
        Decision decision = FieldPolicies.decide(mappings, profile, List.of(), Current.NEW, now);
        fields.putAll(decision.fields());
        fields.put(PERSON_ID, queued.update().zoominfoId());
        fields.putAll(queued.update().fields());
        fields.putIfAbsent("LastName", LeadFields.NOT_PROVIDED);
        fields.putIfAbsent("Company", LeadFields.NOT_PROVIDED);
        fields.keySet().forEach(Soql::name);
        fields.keySet().removeAll(unknown);
        fields.remove(LeadFields.EXTERNAL_ID);
        return new RecordWrite(queued, Target.NEW_LEADS, "Lead", leadId(queued.update()), fields,
                decision.fields().keySet(), decision.dates());
    }

    static String signalKey(CrmUpdate update) {
        Object given = update.fields().get(SIGNAL_KEY);
        return given == null || given.toString().isBlank() ? update.key() : given.toString();
    }

    /**
     * The signal on an account; empty when it is there and says the same.
     *
     * @param present the signal as it is, if it is there
     */
    static Optional<RecordWrite> signal(QueuedUpdate queued, Map<String, Object> account,
            Optional<Map<String, Object>> present, Set<String> unknown) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("Name", "Signal of " + FieldValues.worthWriting(queued.update().profile().get("name"))
                .map(Object::toString).orElse("company " + queued.update().zoominfoId()));
        Optional.ofNullable(account.get("OwnerId")).ifPresent(owner -> fields.put("OwnerId", owner));
        fields.putAll(queued.update().fields());
        fields.put("Account__c", account.get("Id"));
        fields.computeIfPresent("Name", (key, name) -> cut(name.toString(), 80));
        fields.keySet().forEach(Soql::name);
        fields.keySet().removeAll(unknown);
        fields.remove(SIGNAL_KEY);
        present.ifPresent(record -> {
            fields.keySet().removeAll(SIGNAL_ONCE);
            fields.entrySet().removeIf(field -> sameAs(field.getValue(), record.get(field.getKey())));
        });
        return fields.isEmpty() ? Optional.empty() : Optional.of(new RecordWrite(queued, Target.SIGNALS, SIGNAL,
                signalKey(queued.update()), fields, Set.of(), Map.of()));
    }

    /** Times are compared as times, ids by the characters that count. */
    private static boolean sameAs(Object one, Object other) {
        if (FieldValues.same(one, other)) {
            return true;
        }
        if (one == null || other == null) {
            return false;
        }
        Optional<Instant> time = Profile.time(one.toString());
        return time.isPresent() && time.equals(Profile.time(other.toString()))
                || RecordResults.sameId(one.toString(), other.toString()) && one.toString().length() <= 18
                        && other.toString().length() <= 18;
    }

    private static String cut(String text, int limit) {
        return text.length() <= limit ? text : text.substring(0, text.offsetByCodePoints(0,
                text.codePointCount(0, limit - 1)));
    }

    /** True if the rest of the record may be written without this field. */
    static boolean mayBeDropped(RecordWrite write, String field) {
        return switch (write.target) {
            case RECORDS -> true;
            case NEW_LEADS -> LeadFields.mayBeDropped(field) || field.equals(LeadFields.OWNER);
            case SIGNALS -> !ESSENTIAL.contains(field);
        };
    }

    /** True when what is left to write says nothing by itself. */
    static boolean empty(RecordWrite write) {
        return write.fields.keySet().stream().allMatch(LeadFields.OPERATION::equals);
    }

    /** Spellings of a web site, as people type it; empty without a domain. */
    static List<String> websites(CrmUpdate update) {
        String domain = update.profile().get("website") instanceof String website ? FieldValues.normal(website)
                .replaceFirst("^[a-z]+://", "").replaceFirst("^www\\.", "").replaceAll("/.*$", "") : "";
        if (update.kind() != Kind.SIGNAL || !domain.matches("[a-z0-9.-]{1,100}\\.[a-z]{2,20}")) {
            return List.of();
        }
        List<String> all = new ArrayList<>();
        for (String start : List.of("", "www.", "https://", "http://", "https://www.", "http://www.")) {
            all.add(start + domain);
            all.add(start + domain + "/");
        }
        return all.stream().map(site -> site.toLowerCase(Locale.ROOT)).toList();
    }
}
