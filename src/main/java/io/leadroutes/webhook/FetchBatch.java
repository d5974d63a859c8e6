package io.leadroutes.webhook;

import io.leadroutes.lead.Claim;
import io.leadroutes.lead.LeadJson;
import io.leadroutes.webhook.Delivery.ObjectType;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Up to 25 records of one type whose values are asked for in one call. */
public record FetchBatch(ObjectType type, List<Wanted> records) {

    /**
     * A record that came without what changed.
     *
     * @param changed   names of what changed; empty for all
     * @param requestId X-Request-Id of the delivery
     * @param attempts  claims so far, this one included
     * @param claim     under which it is asked for
     */
    record Wanted(Claim claim, ObjectType type, String zoominfoId, List<String> changed, String requestId,
            int attempts) {

        UUID id() {
            return claim.id();
        }
    }

    static FetchBatch of(List<Map<String, ?>> rows) {
        ObjectType type = ObjectType.valueOf(rows.get(0).get("object_type").toString());
        return new FetchBatch(type, rows.stream()
                .map(row -> new Wanted(new Claim((UUID) row.get("id"), ((Number) row.get("fence")).longValue()), type,
                        row.get("zoominfo_id").toString(),
                        LeadJson.array(row.get("changed")).stream().map(Object::toString).toList(),
                        row.get("request_id").toString(), ((Number) row.get("attempts")).intValue()))
                .toList());
    }

    /** Whether these are persons; companies otherwise. */
    public boolean isContacts() {
        return type == ObjectType.CONTACT;
    }

    List<Claim> claims() {
        return records.stream().map(Wanted::claim).toList();
    }

    /** What to ask for, an input for each record; for the route. */
    public List<Map<String, Object>> getInputs() {
        return records.stream().map(record -> {
            Map<String, Object> input = new LinkedHashMap<>();
            input.put(isContacts() ? "personId" : "companyId", Long.parseLong(record.zoominfoId()));
            return input;
        }).toList();
    }
}
