package io.leadroutes.crm.salesforce;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Decided leads on their way through one reading and one writing call: addressed all by record id, or all by external
 * id. Used by one thread at a time. Getters are for the route.
 */
public final class WriteBatch {

    private final boolean byRecordId;
    private final Map<DecidedLead, LeadWrite> open = new LinkedHashMap<>();
    private final Map<DecidedLead, Map<String, Object>> existing = new HashMap<>();
    private final Set<DecidedLead> withheld = new HashSet<>();

    WriteBatch(boolean byRecordId, List<DecidedLead> leads) {
        this.byRecordId = byRecordId;
        leads.forEach(lead -> open.put(lead, new LeadWrite(Map.of(), Set.of(), Map.of())));
    }

    /** What is to be written of one lead, and what had to be left out. */
    static final class LeadWrite {
        private final Map<String, Object> fields;
        private final Set<String> fromZoomInfo;
        private final Map<String, Instant> dates;
        private final List<String> dropped = new ArrayList<>();

        /**
         * @param fromZoomInfo names of those fields whose value is ZoomInfo's
         * @param dates        of the fields that ZoomInfo dates
         */
        LeadWrite(Map<String, Object> fields, Set<String> fromZoomInfo, Map<String, Instant> dates) {
            this.fields = new LinkedHashMap<>(fields);
            this.fromZoomInfo = Set.copyOf(fromZoomInfo);
            this.dates = Map.copyOf(dates);
        }

        Map<String, Object> fromZoomInfo() {
            Map<String, Object> some = new LinkedHashMap<>(fields);
            some.keySet().retainAll(fromZoomInfo);
            return some;
        }

        Map<String, Instant> dates() {
            return dates;
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

    /** @param record as it is; empty for one that this write would create */
    void plan(DecidedLead lead, LeadWrite write, Optional<Map<String, Object>> record) {
        open.put(lead, write);
        record.ifPresent(fields -> existing.put(lead, fields));
    }

    /** The record as it was read; empty for one that the planned write would create. */
    Optional<Map<String, Object>> record(DecidedLead lead) {
        return Optional.ofNullable(existing.get(lead));
    }

    /** Writes these marks and nothing else, because the person may not be written. */
    void withhold(DecidedLead lead, Map<String, Object> marks) {
        open.put(lead, new LeadWrite(marks, Set.of(), Map.of()));
        withheld.add(lead);
    }

    boolean withheld(DecidedLead lead) {
        return withheld.contains(lead);
    }

    void settled(DecidedLead lead) {
        open.remove(lead);
    }
}
