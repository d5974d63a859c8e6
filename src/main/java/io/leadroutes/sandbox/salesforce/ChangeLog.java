package io.leadroutes.sandbox.salesforce;

import io.leadroutes.sandbox.control.SandboxTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** The event bus: change events in the order of their commits, kept for the retention time. */
final class ChangeLog {

    /** Events that are kept at most, whatever the retention time. */
    private static final int MOST = 500_000;

    /**
     * One entry.
     *
     * @param schema empty for a mere mark of time, which no subscriber gets
     */
    record Event(long sequence, Instant at, String id, Optional<EventSchema> schema, byte[] payload) {
    }

    /** A piece of the log: events of the topic, and the sequence number up to which the log was looked through. */
    record Page(List<Event> events, long lookedThrough) {
    }

    private final SandboxTime time;
    private final Map<ObjectType, EventSchema> schemas = new LinkedHashMap<>();
    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
    private final List<Event> events = new ArrayList<>();
    private final Supplier<Duration> retention;
    private final BooleanSupplier merging;
    private long head;
    private long published;

    /**
     * A log that keeps events for {@code retention} and, while {@code merging}, makes one event with several record
     * ids of equal changes in one transaction.
     */
    ChangeLog(Catalog catalog, SandboxTime time, Supplier<Duration> retention, BooleanSupplier merging) {
        this.time = time;
        this.retention = retention;
        this.merging = merging;
        for (ObjectType type : catalog.objects()) {
            if (type.changeEvents) {
                schemas.put(type, new EventSchema(type));
            }
        }
    }

    Collection<EventSchema> schemas() {
        return schemas.values();
    }

    /** Called after each commit; must be quick. */
    void onAppend(Runnable listener) {
        listeners.add(listener);
    }

    /** Writes the events of one transaction. */
    void append(List<RecordStore.Change> changes) {
        List<List<RecordStore.Change>> groups = group(changes);
        if (groups.isEmpty()) {
            return;
        }
        synchronized (this) {
            Instant now = time.now();
            String transaction = randomId();
            long commitNumber = now.toEpochMilli() * 1_000_000 + head % 1_000_000;
            int number = 0;
            for (List<RecordStore.Change> group : groups) {
                RecordStore.Change first = group.get(0);
                EventSchema schema = schemas.get(first.type());
                byte[] payload = schema.encode(first, group.stream().map(RecordStore.Change::id).toList(), transaction,
                        ++number, now, commitNumber);
                events.add(new Event(++head, now, randomId(), Optional.of(schema), payload));
                published++;
            }
            prune(now);
        }
        listeners.forEach(Runnable::run);
    }

    private List<List<RecordStore.Change>> group(List<RecordStore.Change> changes) {
        List<List<RecordStore.Change>> groups = new ArrayList<>();
        Map<List<Object>, List<RecordStore.Change>> open = new HashMap<>();
        for (RecordStore.Change change : changes) {
            if (!change.type().changeEvents) {
                continue;
            }
            List<Object> likeness = likeness(change);
            List<RecordStore.Change> group = merging.getAsBoolean() && !likeness.isEmpty() ? open.get(likeness) : null;
            if (group == null || group.stream().anyMatch(other -> other.id().equals(change.id()))) {
                group = new ArrayList<>();
                groups.add(group);
                open.put(likeness, group);
            }
            group.add(change);
        }
        return groups;
    }

    /** Equal for changes that can share an event; empty for those that never do. */
    private static List<Object> likeness(RecordStore.Change change) {
        if (change.before() == null) {
            return List.of();
        }
        List<Object> likeness = new ArrayList<>(List.of(change.type(), change.caller()));
        if (change.after() == null) {
            likeness.add("DELETE");
            return likeness;
        }
        for (Field field : change.type().fields) {
            Object now = change.after().get(field);
            if (!field.is(Field.Trait.SILENT) && !Objects.equals(now, change.before().get(field))) {
                likeness.add(field);
                likeness.add(Optional.ofNullable(now));
            }
        }
        return likeness;
    }

    /** Puts a mark of time into the log, so that a quiet subscriber gets a position that does not grow old. */
    synchronized long mark() {
        Instant now = time.now();
        events.add(new Event(++head, now, "", Optional.empty(), new byte[0]));
        prune(now);
        return head;
    }

    /** The newest sequence number; 0 if there was none. */
    synchronized long head() {
        return head;
    }

    /** The sequence number before the oldest event that is kept. */
    synchronized long beforeOldest() {
        prune(time.now());
        return head - events.size();
    }

    /** Whether an event with this sequence number is still kept. */
    synchronized boolean keeps(long sequence) {
        prune(time.now());
        return sequence > head - events.size() && sequence <= head;
    }

    /** Events after a sequence number, of one object or (empty) of all, at most {@code most}. */
    synchronized Page after(long sequence, Optional<ObjectType> type, int most) {
        List<Event> page = new ArrayList<>();
        long first = head - events.size() + 1;
        long at = Math.max(sequence + 1, first);
        while (at <= head && page.size() < most) {
            Event event = events.get((int) (at - first));
            if (event.schema().isPresent() && (type.isEmpty() || event.schema().get().type == type.get())) {
                page.add(event);
            }
            at++;
        }
        return new Page(page, Math.max(sequence, at - 1));
    }

    /** Change events since the start or the last reset. */
    synchronized long published() {
        return published;
    }

    synchronized void reset() {
        events.clear();
        published = 0;
    }

    private void prune(Instant now) {
        int old = Math.max(0, events.size() - MOST);
        Instant limit = now.minus(retention.get());
        while (old < events.size() && events.get(old).at().isBefore(limit)) {
            old++;
        }
        if (old > 0) {
            events.subList(0, old).clear();
        }
    }

    private static String randomId() {
        ThreadLocalRandom random = ThreadLocalRandom.current();
        return new UUID(random.nextLong(), random.nextLong()).toString();
    }
}
