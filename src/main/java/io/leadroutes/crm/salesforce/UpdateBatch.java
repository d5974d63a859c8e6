package io.leadroutes.crm.salesforce;

import io.leadroutes.crm.CrmUpdates.RecordOutcome;
import io.leadroutes.crm.QueuedUpdate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;

/**
 * Updates on their way to Salesforce: what is still to be asked, what to be written, what became of each. Used by one
 * thread at a time. Getters are for the route.
 */
public final class UpdateBatch {

    private static final int MOST_RECORDS = 200;

    private final Map<UUID, Progress> open = new LinkedHashMap<>();
    private final Deque<Question> questions = new ArrayDeque<>();
    /** Object and field, then value without regard to case. */
    private final Map<String, Map<String, Map<String, Map<String, Object>>>> found = new LinkedHashMap<>();
    private final List<RecordWrite> writes = new ArrayList<>();
    private List<RecordWrite> sent = List.of();
    private boolean askedForWebsites;
    private boolean planned;

    UpdateBatch(Collection<QueuedUpdate> updates) {
        updates.forEach(update -> open.put(update.id(), new Progress(update)));
    }

    /** How a record is addressed. */
    public enum Target {
        /** By its id. */
        RECORDS,
        /** Leads by {@code LeadRoutes_Id__c}. */
        NEW_LEADS,
        /** Signals by {@code Operation_Key__c}. */
        SIGNALS
    }

    /** A query for records whose field has one of the values. */
    record Question(String object, String field, List<String> values) {
    }

    /** What became of an update so far. */
    static final class Progress {
        final QueuedUpdate update;
        final List<RecordOutcome> records = new ArrayList<>();
        String detail = "";
        Optional<String> waits = Optional.empty();
        Optional<RecordResults.Refused> refused = Optional.empty();
        boolean suppressed;
        /** How long it waits, where that does not grow with its own attempts. */
        Optional<Duration> pause = Optional.empty();

        Progress(QueuedUpdate update) {
            this.update = update;
        }
    }

    /** What is to be written of one record. */
    static final class RecordWrite {
        final QueuedUpdate update;
        final Target target;
        final String object;
        /** Record id, or the value of the external id. */
        final String key;
        final Map<String, Object> fields;
        final Set<String> fromZoomInfo;
        final Map<String, Instant> dates;
        final List<String> dropped = new ArrayList<>();

        RecordWrite(QueuedUpdate update, Target target, String object, String key, Map<String, Object> fields,
                Set<String> fromZoomInfo, Map<String, Instant> dates) {
            this.update = update;
            this.target = target;
            this.object = object;
            this.key = key;
            this.fields = new LinkedHashMap<>(fields);
            this.fromZoomInfo = Set.copyOf(fromZoomInfo);
            this.dates = Map.copyOf(dates);
        }

        Map<String, Object> valuesOfZoomInfo() {
            Map<String, Object> some = new LinkedHashMap<>(fields);
            some.keySet().retainAll(fromZoomInfo);
            return some;
        }
    }

    /** True while there are records to find. */
    public boolean isAsking() {
        return !questions.isEmpty();
    }

    /** True while there are records to write. */
    public boolean isWriting() {
        return !writes.isEmpty();
    }

    /** How the records of the request that was made last are addressed. */
    public String getTarget() {
        return sent.isEmpty() ? "" : sent.get(0).target.name();
    }

    /** Updates that have not ended, in the order of their claim. */
    List<Progress> open() {
        return List.copyOf(open.values());
    }

    Progress of(QueuedUpdate update) {
        return open.get(update.id());
    }

    void ended(Collection<UUID> ids) {
        open.keySet().removeAll(ids);
        writes.removeIf(write -> !open.containsKey(write.update.id()));
    }

    Deque<Question> questions() {
        return questions;
    }

    /** True the first time: websites are asked for once the other questions are answered. */
    boolean asksForWebsites() {
        boolean first = !askedForWebsites;
        askedForWebsites = true;
        return first;
    }

    void found(Question question, Collection<Map<String, Object>> records) {
        Map<String, Map<String, Map<String, Object>>> byValue = found.computeIfAbsent(question.object() + "."
                + question.field(), key -> new TreeMap<>(String.CASE_INSENSITIVE_ORDER));
        records.forEach(record -> byValue
                .computeIfAbsent(String.valueOf(record.get(question.field())), key -> new LinkedHashMap<>())
                .put(String.valueOf(record.get("Id")), record));
    }

    /** The records whose field has the value. */
    List<Map<String, Object>> records(String object, String field, String value) {
        return List.copyOf(found.getOrDefault(object + "." + field, Map.of()).getOrDefault(value, Map.of()).values());
    }

    /** Ids of all records of an object that were found. */
    Set<String> foundIds(String object) {
        Set<String> ids = new HashSet<>();
        found.forEach((key, byValue) -> {
            if (key.startsWith(object + ".")) {
                byValue.values().forEach(records -> ids.addAll(records.keySet()));
            }
        });
        return ids;
    }

    /** True once it is known what is to be written: an update without a write is through then. */
    boolean isPlanned() {
        return planned;
    }

    void planned() {
        planned = true;
    }

    void plan(RecordWrite write) {
        writes.add(write);
    }

    /** The records of the next call: addressed alike, objects together, none of them twice. */
    List<RecordWrite> next() {
        Target target = writes.get(0).target;
        Set<String> keys = new HashSet<>();
        sent = writes.stream().filter(write -> write.target == target)
                // Salesforce compares external ids without regard to case, record ids with it.
                .filter(write -> keys.add(target == Target.RECORDS ? write.key : write.key.toLowerCase(Locale.ROOT)))
                .limit(MOST_RECORDS).sorted((one, other) -> one.object.compareTo(other.object)).toList();
        return sent;
    }

    List<RecordWrite> sent() {
        return sent;
    }

    void done(RecordWrite write) {
        writes.remove(write);
    }

    boolean hasWrites(QueuedUpdate update) {
        return writes.stream().anyMatch(write -> write.update.id().equals(update.id()));
    }
}
