package io.leadroutes.lead;

import io.leadroutes.lead.DeadLetters.Stage;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What dead letters are narrowed to; an empty value does not narrow.
 *
 * @param state     OPEN, REPLAYED or DISCARDED
 * @param cause     key of a group
 * @param requestId X-Request-Id
 * @param from      last seen then or later
 * @param until     last seen before
 */
public record LetterFilter(Optional<String> state, Optional<String> failureClass, Optional<String> routeId,
        Optional<Stage> stage, Optional<String> cause, Optional<String> requestId, Optional<Instant> from,
        Optional<Instant> until) {

    public static final LetterFilter ALL = new LetterFilter(Optional.empty(), Optional.empty(), Optional.empty(),
            Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

    /** The letters of one request. */
    public static LetterFilter ofRequest(String requestId) {
        return new LetterFilter(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(),
                Optional.of(requestId), Optional.empty(), Optional.empty());
    }

    /** The same, of open letters only. */
    public LetterFilter open() {
        return new LetterFilter(Optional.of("OPEN"), failureClass, routeId, stage, cause, requestId, from, until);
    }

    /** True when it names every letter, of whatever state. */
    public boolean isAll() {
        return open().equals(ALL.open());
    }

    /** A condition of SQL with the values of its parameters. */
    static final class Condition {
        private final StringBuilder sql = new StringBuilder("true");
        private final List<Object> values = new ArrayList<>();

        Condition and(String condition, Object... more) {
            sql.append(" and ").append(condition);
            values.addAll(List.of(more));
            return this;
        }

        String sql() {
            return sql.toString();
        }

        Object[] values(Object... more) {
            List<Object> all = new ArrayList<>(values);
            all.addAll(List.of(more));
            return all.toArray();
        }
    }

    Condition condition() {
        Condition where = new Condition();
        state.ifPresent(value -> where.and("state = ?", value));
        failureClass.ifPresent(value -> where.and("failure_class = ?", value));
        routeId.ifPresent(value -> where.and("route_id = ?", value));
        stage.ifPresent(value -> where.and("stage = ?", value.name()));
        cause.ifPresent(value -> where.and("cause_key = ?", value));
        requestId.ifPresent(value -> where.and("request_id = ?", value));
        from.ifPresent(value -> where.and("last_seen >= ?", OffsetDateTime.ofInstant(value, ZoneOffset.UTC)));
        until.ifPresent(value -> where.and("last_seen < ?", OffsetDateTime.ofInstant(value, ZoneOffset.UTC)));
        return where;
    }

    /** What it narrows to, for people and for {@link #of}. */
    Map<String, Object> toMap() {
        Map<String, Object> map = new LinkedHashMap<>();
        failureClass.ifPresent(value -> map.put("failureClass", value));
        routeId.ifPresent(value -> map.put("routeId", value));
        stage.ifPresent(value -> map.put("stage", value.name()));
        cause.ifPresent(value -> map.put("cause", value));
        requestId.ifPresent(value -> map.put("requestId", value));
        from.ifPresent(value -> map.put("from", value.toString()));
        until.ifPresent(value -> map.put("until", value.toString()));
        return map;
    }

    /** Open letters, narrowed as {@link #toMap} told. */
    static LetterFilter of(Map<String, Object> map) {
        return new LetterFilter(Optional.of("OPEN"), text(map, "failureClass"), text(map, "routeId"),
                text(map, "stage").map(Stage::valueOf), text(map, "cause"), text(map, "requestId"),
                text(map, "from").map(Instant::parse), text(map, "until").map(Instant::parse));
    }

    private static Optional<String> text(Map<String, Object> map, String name) {
        return Optional.ofNullable(map.get(name)).map(Object::toString);
    }
}
