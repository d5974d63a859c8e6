package io.leadroutes.crm.salesforce;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Decided leads on their way through one reading and one writing call: addressed all by record id, or all by external
 * id. Used by one thread at a time. Getters are for the route.
 */
public final class WriteBatch {

    private final boolean byRecordId;
    private final Map<DecidedLead, LeadWrite> open = new LinkedHashMap<>();

    WriteBatch(boolean byRecordId, List<DecidedLead> leads) {
        this.byRecordId = byRecordId;
        leads.forEach(lead -> open.put(lead, new LeadWrite(Map.of(), false, false)));
    }

    /** What is to be written of one lead, and what had to be left out. */
    static final class LeadWrite {
        private final Map<String, Object> fields;
        private final boolean recordExists;
        private final boolean withheld;
        private final List<String> dropped = new ArrayList<>();

        LeadWrite(Map<String, Object> fields, boolean recordExists, boolean withheld) {
            this.fields = new LinkedHashMap<>(fields);
            this.recordExists = recordExists;
            this.withheld = withheld;
        }

        /** False for a record that this write would create. */
        boolean recordExists() {
            return recordExists;
        }

        /** True when the person may not be written and only the mark of it is. */
        boolean withheld() {
            return withheld;
        }

        Map<String, Object> fields() {
            return fields;
        }

        List<String> dropped() {
            return dropped;
        }

        void drop(String field, String why) {
            fields.remove(field);
            dropped.add(field + " (" + why + ")");
        }
    }

    public boolean isByRecordId() {
        return byRecordId;
    }

    /** True while there are records to write. */
    public boolean isUnfinished() {
        return !open.isEmpty();
    }

    /** The leads that are neither written nor given up, in the order of the request. */
    List<DecidedLead> unsettled() {
        return List.copyOf(open.keySet());
    }

    LeadWrite write(DecidedLead lead) {
        return open.get(lead);
    }

    void plan(DecidedLead lead, Map<String, Object> fields, boolean recordExists) {
        open.put(lead, new LeadWrite(fields, recordExists, false));
    }

    /** Writes these marks and nothing else. */
    void withhold(DecidedLead lead, Map<String, Object> marks) {
        open.put(lead, new LeadWrite(marks, true, true));
    }

    void settled(DecidedLead lead) {
        open.remove(lead);
    }
}
