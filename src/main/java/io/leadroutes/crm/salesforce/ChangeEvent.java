package io.leadroutes.crm.salesforce;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import io.leadroutes.lead.Lead;

/**
 * A change event of the object Lead (Change Data Capture Developer Guide, "ChangeEventHeader"). Its parts are getters
 * so that a route can filter on them: {@code ${body.changeType}}.
 *
 * @param changeType CREATE, UPDATE, DELETE, UNDELETE, one of these with GAP_ before it, or GAP_OVERFLOW
 * @param recordIds  one id; several where one transaction made the same change to several records
 * @param fields     the record's fields as they came, without the header
 */
public record ChangeEvent(String changeType, String changeOrigin, String commitUser,
        List<String> recordIds, Optional<Instant> commitTime, Map<String, Object> fields) {

    private static final Pattern RECORD_ID = Pattern.compile("[A-Za-z0-9]{15}([A-Za-z0-9]{3})?");

    /** Compound fields: their parts count as fields of the record. */
    private static final List<String> COMPOUND = List.of("Name", "Address");

    /** An event that cannot be read as a change of a lead. */
    static final class Unreadable extends RuntimeException {
        Unreadable(String message) {
            super(message);
        }
    }

    /**
     * Reads the JSON form that camel-salesforce makes of the Avro record.
     *
     * @throws Unreadable if the header or what is needed of it is missing
     */
    static ChangeEvent of(Map<String, ?> event) {
        if (!(event.get("ChangeEventHeader") instanceof Map<?, ?> header)) {
            throw new Unreadable("no ChangeEventHeader");
        }
        String changeType = text(header.get("changeType"));
        if (changeType.isEmpty()) {
            throw new Unreadable("ChangeEventHeader.changeType is missing");
        }
        List<String> ids = new ArrayList<>();
        if (header.get("recordIds") instanceof List<?> given) {
            given.forEach(id -> ids.add(text(id)));
        }
        if (changeType.equals("CREATE")) {
            if (ids.isEmpty()) {
                throw new Unreadable("ChangeEventHeader.recordIds is empty");
            }
            ids.stream().filter(id -> !RECORD_ID.matcher(id).matches()).findFirst().ifPresent(id -> {
                throw new Unreadable("ChangeEventHeader.recordIds holds what is no record id");
            });
        }
        Map<String, Object> fields = new LinkedHashMap<>();
        event.forEach((name, value) -> {
            if (!name.equals("ChangeEventHeader") && value != null) {
                fields.put(name, value);
            }
        });
        return new ChangeEvent(changeType, text(header.get("changeOrigin")), text(header.get("commitUser")),
                List.copyOf(ids), time(header.get("commitTimestamp")), fields);
    }

    /** True for what we wrote ourselves. */
    public boolean isOwnWrite() {
        return List.of(changeOrigin.split("[;,]")).contains(SalesforceConnection.CLIENT);
    }

    /** True when the bus tells that changes happened without telling which. */
    public boolean isGap() {
        return changeType.startsWith("GAP_");
    }

    public String getChangeType() {
        return changeType;
    }

    /**
     * One lead a record.
     *
     * @throws Unreadable if a compound field is no record
     */
    List<Lead> leads() {
        Map<String, Object> flat = new LinkedHashMap<>();
        fields.forEach((name, value) -> {
            if (!COMPOUND.contains(name)) {
                flat.put(name, value);
            } else if (value instanceof Map<?, ?> parts) {
                parts.forEach((part, content) -> flat.put(part.toString(), content));
            } else if (name.equals("Name") && value instanceof String whole) {
                flat.putIfAbsent("LastName", whole);
            } else {
                throw new Unreadable("field " + name + " is no compound value");
            }
        });
        return recordIds.stream().map(id -> CreatedLead.of(id, flat)).toList();
    }

    private static Optional<Instant> time(Object millis) {
        return millis instanceof Number number && number.longValue() > 0
                ? Optional.of(Instant.ofEpochMilli(number.longValue())) : Optional.empty();
    }

    private static String text(Object value) {
        return value == null ? "" : value.toString();
    }
}
