package io.leadroutes.lead;

import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Leads that share one call to another system. */
public record LeadBatch(List<LeadEvent> leads) {

    public LeadBatch {
        leads = List.copyOf(leads);
    }

    /** Reads the rows of a claim. */
    public static LeadBatch of(List<Map<String, ?>> rows) {
        return new LeadBatch(rows.stream().map(LeadEvent::of).toList());
    }

    public int size() {
        return leads.size();
    }

    public List<UUID> eventIds() {
        return leads.stream().map(LeadEvent::eventId).toList();
    }

    public List<Claim> claims() {
        return leads.stream().map(LeadEvent::claim).toList();
    }
}
