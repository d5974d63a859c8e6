package io.leadroutes.sandbox.salesforce;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.leadroutes.sandbox.control.SandboxTime;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * The records. Reads see committed and, within the writing thread's transaction, uncommitted rows; writes run one
 * transaction after the other. A transaction's changes reach the change log when its outermost part ends.
 */
final class RecordStore {

    /** A committed change of one record; {@code before} is null for a new record, {@code after} for a deleted one. */
    record Change(Row before, Row after, Caller caller) {

        ObjectType type() {
            return (after == null ? before : after).type;
        }

        String id() {
            return (after == null ? before : after).id();
        }
    }

    static final String INTEGRATION_USER = SalesforceId.of("005", 99);
    static final String WEB_FORM_USER = SalesforceId.of("005", 98);

    private final Catalog catalog;
    private final SandboxTime time;
    private Predicate<String> locked = id -> false;
    private Supplier<Duration> stampLag = () -> Duration.ZERO;
    private final ChangeLog log;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<ObjectType, ConcurrentSkipListMap<String, Row>> tables = new HashMap<>();
    private final Map<Field, Map<String, String>> unique = new ConcurrentHashMap<>();
    private final Map<ObjectType, Long> numbers = new HashMap<>();
    private final Map<String, LongAdder> writesByUser = new ConcurrentHashMap<>();

    private final List<Runnable> undo = new ArrayList<>();
    private final List<Change> changes = new ArrayList<>();
    private Instant transactionTime = Instant.EPOCH;
    private int depth;

    RecordStore(Catalog catalog, SandboxTime time, ChangeLog log) {
        this.catalog = catalog;
        this.time = time;
        this.log = log;
        for (ObjectType type : catalog.objects()) {
            tables.put(type, new ConcurrentSkipListMap<>());
            numbers.put(type, 0L);
            for (Field field : type.uniqueFields) {
                unique.put(field, new ConcurrentHashMap<>());
            }
        }
        seed();
    }

    private void seed() {
        inTransaction(() -> {
            String[][] people = {{"Ana", "Ruiz"}, {"Ben", "Ode"}, {"Cy", "Lam"}, {"Dana", "Weiss"}, {"Eli", "Novak"},
                    {"Fay", "Okoro"}, {"Gus", "Lind"}, {"Hana", "Mori"}, {"Olga", "Petrov"}};
            for (int i = 0; i < people.length; i++) {
                user(i + 1, people[i][0], people[i][1], people[i][0].toLowerCase(Locale.ROOT), true);
            }
            user(90, "Ina", "Former", "former", false);
            user(98, "Web", "Form", "web-form", true);
            user(99, "LeadRoutes", "Integration", "integration", true);
            queue(1, "Unassigned");
            queue(2, "Nurture");
            queue(3, "Review");
            queue(4, "Privacy");
            undo.clear();
            changes.clear();
            return null;
        });
    }

    /** The number before that of the first record; of objects that are not planted at the start. */
    void numberFrom(long number) {
        numbers.replaceAll((type, used) -> used == 0 ? number : used);
    }

    /** How long before the commit a record gets its dates, as in a long transaction. */
    void stampedBeforeCommit(Supplier<Duration> lag) {
        stampLag = lag;
    }

    /** Forgets everything but the users and queues. No record id is used a second time. */
    void reset() {
        lock.lock();
        try {
            tables.values().forEach(Map::clear);
            unique.values().forEach(Map::clear);
            writesByUser.clear();
            seed();
        } finally {
            lock.unlock();
        }
    }

    private void user(int number, String first, String last, String name, boolean active) {
        Row row = new Row(catalog.user);
        row.set("Username", name + "@leadroutes.example");
        row.set("FirstName", first);
        row.set("LastName", last);
        row.set("Name", first + " " + last);
        row.set("Email", name + "@leadroutes.example");
        row.set("Alias", name.substring(0, Math.min(8, name.length())));
        row.set("IsActive", active);
        row.set("UserType", number == 98 ? "AutomatedProcess" : "Standard");
        row.set("TimeZoneSidKey", "America/Los_Angeles");
        plant(row, number);
    }

    private void queue(int number, String name) {
        Row row = new Row(catalog.group);
        row.set("Name", name);
        row.set("DeveloperName", name);
        row.set("Type", "Queue");
        plant(row, number);
    }

    private void plant(Row row, int number) {
        row.set(row.type.id, SalesforceId.of(row.type.keyPrefix, number));
        row.set("IsDeleted", false);
        audit(row, true, INTEGRATION_USER);
        numbers.merge(row.type, (long) number, Math::max);
        put(null, row);
    }

    /** Runs a piece of work as one transaction, or as a part of the one this thread is in. */
    <T> T inTransaction(Supplier<T> work) {
        lock.lock();
        boolean done = false;
        try {
            if (depth++ == 0) {
                transactionTime = time.now().minus(stampLag.get()).truncatedTo(ChronoUnit.SECONDS);
            }
            T result = work.get();
            done = true;
            return result;
        } finally {
            if (--depth == 0) {
                if (done) {
                    commit();
                } else {
                    rollBackTo(0);
                }
                undo.clear();
                changes.clear();
            }
            lock.unlock();
        }
    }

    private void commit() {
        for (Change change : changes) {
            if (change.caller().userId().equals(INTEGRATION_USER)) {
                writesByUser.computeIfAbsent(change.id(), id -> new LongAdder()).increment();
            }
        }
        log.append(changes);
    }

    /** A point of the running transaction to which {@link #rollBackTo} can return. */
    int mark() {
        return undo.size();
    }

    void rollBackTo(int mark) {
        for (int i = undo.size() - 1; i >= mark; i--) {
            undo.remove(i).run();
        }
    }

    /** Records for which this holds cannot be changed now. */
    void lockedWhen(Predicate<String> condition) {
        locked = condition;
    }

    /** How often the integration user wrote each record that it wrote. */
    Map<String, LongAdder> writesByIntegrationUser() {
        return writesByUser;
    }

    Optional<Row> find(ObjectType type, String id) {
        return Optional.ofNullable(tables.get(type).get(id));
    }

    /** A record that is there and not deleted. */
    Optional<Row> live(String id) {
        return catalog.ofId(id).flatMap(type -> find(type, id)).filter(row -> !row.deleted());
    }

    /** Rows in the order of their ids, deleted ones included. */
    Collection<Row> rows(ObjectType type) {
        return tables.get(type).values();
    }

    /** Ids of the records that have a value in an external id field; letter case does not matter. */
    List<String> byExternalId(ObjectType type, Field field, String value) {
        if (field.is(Field.Trait.UNIQUE)) {
            String id = unique.get(field).get(value.toLowerCase(Locale.ROOT));
            return id == null ? List.of() : List.of(id);
        }
        return rows(type).stream()
                .filter(row -> !row.deleted() && row.get(field) instanceof String s && s.equalsIgnoreCase(value))
                .map(Row::id).toList();
    }

    SaveResult create(Caller caller, ObjectType type, ObjectNode given) {
        return saving(() -> {
            Row row = new Row(type);
            row.set("IsDeleted", false);
            for (Field field : type.fields) {
                if (field.type() == Field.Type.BOOLEAN && row.get(field) == null) {
                    row.set(field, false);
                }
            }
            type.field("OwnerId").ifPresent(field -> row.set(field, caller.userId()));
            if (type == catalog.lead) {
                row.set("Status", "Open - Not Contacted");
                row.set("IsUnreadByOwner", true);
            }
            apply(row, given, Field.Trait.CREATE);
            long number = numbers.merge(type, 1L, Long::sum);
            row.set(type.id, SalesforceId.of(type.keyPrefix, number));
            audit(row, true, caller.userId());
            checkUnique(row);
            put(null, row);
            changes.add(new Change(null, row, caller));
            int at = changes.size() - 1;
            undo.add(() -> changes.remove(at));
            return SaveResult.saved(row.id(), true);
        });
    }

    SaveResult update(Caller caller, ObjectType type, String id, ObjectNode given) {
        return saving(() -> {
            Row before = find(type, id).orElseThrow(Refusal::notFound);
            checkChangeable(before);
            if (type == catalog.lead && Boolean.TRUE.equals(before.get("IsConverted"))) {
                throw new Refusal(400, "CANNOT_UPDATE_CONVERTED_LEAD", "cannot reference converted lead");
            }
            Row after = before.copy();
            apply(after, given, Field.Trait.UPDATE);
            audit(after, false, caller.userId());
            checkUnique(after);
            put(before, after);
            changes.add(new Change(before, after, caller));
            int at = changes.size() - 1;
            undo.add(() -> changes.remove(at));
            return SaveResult.saved(id, false);
        });
    }

    /** Updates the record with that external id (or record id), or makes one; several such records are refused. */
    SaveResult upsert(Caller caller, ObjectType type, Field key, String value, ObjectNode given) {
        return saving(() -> {
            ObjectNode fields = given.deepCopy();
            fields.remove(key.name());
            if (key.type() == Field.Type.ID) {
                if (value.isEmpty()) {
                    return create(caller, type, fields);
                }
                String id = SalesforceId.parse(value).filter(i -> i.startsWith(type.keyPrefix))
                        .orElseThrow(() -> malformed(type, value));
                return update(caller, type, id, fields);
            }
            if (value.isBlank()) {
                throw new Refusal(400, "MISSING_ARGUMENT", key.name() + " not specified", key.name());
            }
            List<String> ids = byExternalId(type, key, value);
            if (ids.size() > 1) {
                throw new Refusal(300, "DUPLICATE_EXTERNAL_ID", key.name() + ": more than one record found for external"
                        + " id field: " + ids, key.name());
            }
            if (ids.isEmpty()) {
                fields.set(key.name(), JsonNodeFactory.instance.textNode(value));
                return create(caller, type, fields);
            }
            return update(caller, type, ids.get(0), fields);
        });
    }

    SaveResult delete(Caller caller, ObjectType type, String id) {
        return saving(() -> {
            Row before = find(type, id).orElseThrow(Refusal::notFound);
            checkChangeable(before);
            Row after = before.copy();
            after.set("IsDeleted", true);
            audit(after, false, caller.userId());
            put(before, after);
            changes.add(new Change(before, null, caller));
            int at = changes.size() - 1;
            undo.add(() -> changes.remove(at));
            return SaveResult.saved(id, false);
        });
    }

    private void checkChangeable(Row row) {
        if (row.deleted()) {
            throw new Refusal(404, "ENTITY_IS_DELETED", "entity is deleted");
        }
        if (locked.test(row.id())) {
            throw new Refusal(400, "UNABLE_TO_LOCK_ROW",
                    "unable to obtain exclusive access to this record or 1 records: " + row.id());
        }
    }

    static Refusal malformed(ObjectType type, String id) {
        return new Refusal(400, "MALFORMED_ID", type.name + " ID: id value of incorrect type: " + id, "Id");
    }

    private SaveResult saving(Supplier<SaveResult> work) {
        return inTransaction(() -> {
            int mark = mark();
            try {
                return work.get();
            } catch (Refusal refusal) {
                rollBackTo(mark);
                return SaveResult.refused(refusal);
            }
        });
    }

    private void apply(Row row, ObjectNode given, Field.Trait needed) {
        ObjectType type = row.type;
        List<String> forbidden = new ArrayList<>();
        var entries = given.fields();
        while (entries.hasNext()) {
            Map.Entry<String, JsonNode> entry = entries.next();
            if (entry.getKey().equals("attributes")) {
                continue;
            }
            Field field = type.field(entry.getKey()).orElseThrow(() -> new Refusal(400, "INVALID_FIELD",
                    "No such column '" + entry.getKey() + "' on sobject of type " + type.name));
            if (!field.is(needed)) {
                forbidden.add(field.name());
                continue;
            }
            Object value = Values.read(field, entry.getValue());
            if (field.type() == Field.Type.REFERENCE) {
                checkReference(field, (String) value);
            }
            row.set(field, value);
        }
        if (!forbidden.isEmpty()) {
            throw new Refusal(400, "INVALID_FIELD_FOR_INSERT_UPDATE", "Unable to create/update fields: "
                    + String.join(", ", forbidden) + ". Please check the security settings of this field and verify"
                    + " that it is read/write for your profile or permission set.", forbidden);
        }
        List<String> missing = type.requiredFields.stream().filter(f -> row.get(f) == null).map(Field::name).toList();
        if (!missing.isEmpty()) {
            throw new Refusal(400, "REQUIRED_FIELD_MISSING",
                    "Required fields are missing: [" + String.join(", ", missing) + "]", missing);
        }
        if (type.field("LastName").isPresent()) {
            Object first = row.get("FirstName");
            row.set("Name", (first == null ? "" : first + " ") + row.get("LastName"));
        }
    }

    private void checkReference(Field field, String id) {
        if (id == null) {
            if (field.name().equals("OwnerId")) {
                throw new Refusal(400, "INVALID_CROSS_REFERENCE_KEY", "Owner ID: owner cannot be blank", "OwnerId");
            }
            return;
        }
        ObjectType target = catalog.ofId(id).filter(t -> field.referenceTo().contains(t.name))
                .orElseThrow(() -> new Refusal(400, "MALFORMED_ID",
                        field.label() + ": id value of incorrect type: " + id, field.name()));
        Row referred = find(target, id).filter(row -> !row.deleted()).orElseThrow(() -> new Refusal(400,
                "INVALID_CROSS_REFERENCE_KEY", "invalid cross reference id", field.name()));
        if (field.name().equals("OwnerId") && target == catalog.user
                && !Boolean.TRUE.equals(referred.get("IsActive"))) {
            throw new Refusal(400, "OPERATION_WITH_INACTIVE_USER",
                    "operation performed with inactive user [" + id + "] as owner of "
                            + field.relationship().toLowerCase(Locale.ROOT), field.name());
        }
    }

    private void checkUnique(Row row) {
        for (Field field : row.type.uniqueFields) {
            if (row.get(field) instanceof String value) {
                String holder = unique.get(field).get(value.toLowerCase(Locale.ROOT));
                if (holder != null && !holder.equals(row.id())) {
                    throw new Refusal(400, "DUPLICATE_VALUE", "duplicate value found: " + field.name()
                            + " duplicates value on record with id: " + holder.substring(0, 15), field.name());
                }
            }
        }
    }

    private void audit(Row row, boolean created, String userId) {
        Instant now = transactionTime;
        if (created) {
            row.set("CreatedDate", now);
            row.set("CreatedById", userId);
        }
        row.set("LastModifiedDate", now);
        row.set("LastModifiedById", userId);
        row.set("SystemModstamp", now);
    }

    private void put(Row before, Row after) {
        index(before, after);
        String id = after.id();
        tables.get(after.type).put(id, after);
        undo.add(() -> {
            index(after, before);
            if (before == null) {
                tables.get(after.type).remove(id);
            } else {
                tables.get(after.type).put(id, before);
            }
        });
    }

    private void index(Row before, Row after) {
        ObjectType type = (after == null ? before : after).type;
        for (Field field : type.uniqueFields) {
            Map<String, String> ids = unique.get(field);
            if (before != null && !before.deleted() && before.get(field) instanceof String old) {
                ids.remove(old.toLowerCase(Locale.ROOT), before.id());
            }
            if (after != null && !after.deleted() && after.get(field) instanceof String now) {
                ids.put(now.toLowerCase(Locale.ROOT), after.id());
            }
        }
    }
}
