package io.leadroutes.routing;

import io.leadroutes.lead.LeadJson;
import io.leadroutes.routing.PoolEvent.Excluded;
import io.leadroutes.routing.PoolEvent.Kind;
import io.leadroutes.routing.PoolEvent.Reason;
import io.leadroutes.routing.PoolLedger.Listed;
import io.leadroutes.rules.Pool;
import io.leadroutes.rules.Ruleset;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.IntFunction;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * The pools that one transaction needs, locked in the order of their ids, brought up to the rules' member lists, and
 * written back together. Lives as long as the transaction.
 */
public final class PoolBook {

    private record Entry(PoolEvent event, Optional<UUID> assignment) {
    }

    private final JdbcTemplate jdbc;
    private final Ruleset rules;
    private final Map<String, PoolLedger> ledgers = new TreeMap<>();
    private final Map<String, List<String>> storedUsers = new TreeMap<>();
    private final List<Entry> entries = new ArrayList<>();

    private PoolBook(JdbcTemplate jdbc, Ruleset rules) {
        this.jdbc = jdbc;
        this.rules = rules;
    }

    /** Locks and reads the pools; a pool that is new gets its row. */
    public static PoolBook open(JdbcTemplate jdbc, Ruleset rules, Collection<String> pools) {
        PoolBook book = new PoolBook(jdbc, rules);
        if (!pools.isEmpty()) {
            book.lock(new TreeSet<>(pools));
            book.ledgers.forEach((id, ledger) -> {
                book.storedUsers.put(id, List.copyOf(ledger.users()));
                List<Listed> listed = rules.pools().get(id).members().stream()
                        .map(member -> new Listed(member.user(), member.weight())).toList();
                ledger.follow(listed).forEach(event -> book.entries.add(new Entry(event, Optional.empty())));
            });
        }
        return book;
    }

    private void lock(SortedSet<String> pools) {
        String[] ids = pools.toArray(String[]::new);
        readRows(ids);
        if (ledgers.size() < ids.length) {
            jdbc.update("insert into pool_state (pool) select p from unnest(?::text[]) as p order by p "
                    + "on conflict (pool) do nothing", (Object) ids);
            readRows(ids);
        }
        // Only after the locks: a statement sees what was committed when it began.
        jdbc.query("select pool, user_id, weight, numerator from pool_member_state where pool = any (?)",
                row -> {
                    ledgers.get(row.getString(1)).restore(row.getString(2), row.getInt(3),
                            row.getBigDecimal(4).toBigIntegerExact());
                }, (Object) ids);
    }

    private void readRows(String[] ids) {
        jdbc.query("select pool, seq, denominator from pool_state where pool = any (?) order by pool for update",
                row -> {
                    ledgers.put(row.getString(1), new PoolLedger(row.getString(1), row.getLong(2),
                            row.getBigDecimal(3).toBigIntegerExact()));
                }, (Object) ids);
    }

    /** True when some member could take a lead. */
    static boolean somebodyThere(Ruleset rules, String pool) {
        return rules.pools().containsKey(pool) && !eligible(rules, rules.pools().get(pool)).isEmpty();
    }

    /** Everybody with a weight whom the people file has as active. */
    private static List<String> eligible(Ruleset rules, Pool pool) {
        return pool.members().stream().filter(member -> member.weight() > 0).map(Pool.Member::user)
                .filter(user -> active(rules, user)).toList();
    }

    private static List<Excluded> excluded(Ruleset rules, Pool pool) {
        return pool.members().stream().filter(member -> member.weight() > 0).map(Pool.Member::user)
                .filter(user -> !active(rules, user)).map(user -> new Excluded(user, Reason.INACTIVE)).toList();
    }

    private static boolean active(Ruleset rules, String user) {
        return rules.people().containsKey(user) && rules.people().get(user).active();
    }

    /** Takes the next member of a pool that is open; empty when nobody there can take a lead. */
    Optional<PoolPick> pick(String pool, UUID assignment) {
        Pool definition = rules.pools().get(pool);
        List<String> eligible = eligible(rules, definition);
        if (eligible.isEmpty()) {
            return Optional.empty();
        }
        List<Excluded> excluded = excluded(rules, definition);
        PoolLedger.Pick pick = ledgers.get(pool).assign(eligible, excluded);
        pick.events().forEach(event -> entries.add(new Entry(event,
                event.kind() == Kind.ASSIGN ? Optional.of(assignment) : Optional.empty())));
        return Optional.of(new PoolPick(pool, pick.seq(), pick.user(), eligible, pick.owed(), excluded));
    }

    /** Makes an assignment good that did not count; nothing happens when the member has left the pool. */
    public void credit(String pool, String user, UUID assignment) {
        PoolLedger ledger = ledgers.get(pool);
        if (ledger.users().contains(user)) {
            ledger.credit(user).forEach(event -> entries.add(new Entry(event,
                    event.kind() == Kind.CREDIT ? Optional.of(assignment) : Optional.empty())));
        }
    }

    /** Writes what changed, one statement a table. */
    public void save(Instant at) {
        if (entries.isEmpty()) {
            return;
        }
        jdbc.update("""
                insert into pool_event (pool, seq, kind, user_id, weight, assignment_id, eligible, excluded, before,
                                        after, version, at)
                select v.pool, v.seq, v.kind, v.user_id, v.weight, v.assignment_id, v.eligible::jsonb,
                       v.excluded::jsonb, v.before::jsonb, v.after::jsonb, ?, ?
                from unnest(?::text[], ?::bigint[], ?::text[], ?::text[], ?::int[], ?::uuid[], ?::text[], ?::text[],
                            ?::text[], ?::text[])
                     as v (pool, seq, kind, user_id, weight, assignment_id, eligible, excluded, before, after)""",
                rules.version(), Timestamp.from(at),
                column(entry -> entry.event().pool(), String[]::new),
                column(entry -> entry.event().seq(), Long[]::new),
                column(entry -> entry.event().kind().name(), String[]::new),
                column(entry -> entry.event().user().orElse(null), String[]::new),
                column(entry -> entry.event().weight().orElse(null), Integer[]::new),
                column(entry -> entry.assignment().orElse(null), UUID[]::new),
                column(entry -> LeadJson.write(entry.event().eligible()), String[]::new),
                column(entry -> LeadJson.write(entry.event().excluded()), String[]::new),
                column(entry -> LeadJson.write(texts(entry.event().before())), String[]::new),
                column(entry -> LeadJson.write(texts(entry.event().after())), String[]::new));
        List<PoolLedger> changed = entries.stream().map(entry -> entry.event().pool()).distinct().map(ledgers::get)
                .toList();
        saveStates(changed, at);
        saveMembers(changed);
    }

    private void saveStates(List<PoolLedger> changed, Instant at) {
        jdbc.update("""
                update pool_state p set denominator = v.denominator::numeric, seq = v.seq, updated_at = ?
                from unnest(?::text[], ?::text[], ?::bigint[]) as v (pool, denominator, seq)
                where p.pool = v.pool""",
                Timestamp.from(at),
                changed.stream().map(PoolLedger::pool).toArray(String[]::new),
                changed.stream().map(ledger -> ledger.denominator().toString()).toArray(String[]::new),
                changed.stream().map(PoolLedger::seq).toArray(Long[]::new));
    }

    private void saveMembers(List<PoolLedger> changed) {
        List<String> pools = new ArrayList<>();
        List<String> users = new ArrayList<>();
        List<Integer> weights = new ArrayList<>();
        List<String> numerators = new ArrayList<>();
        List<String> leftPools = new ArrayList<>();
        List<String> leftUsers = new ArrayList<>();
        for (PoolLedger ledger : changed) {
            for (String user : ledger.users()) {
                pools.add(ledger.pool());
                users.add(user);
                weights.add(ledger.weight(user));
                numerators.add(ledger.numerator(user).toString());
            }
            for (String user : storedUsers.get(ledger.pool())) {
                if (!ledger.users().contains(user)) {
                    leftPools.add(ledger.pool());
                    leftUsers.add(user);
                }
            }
        }
        jdbc.update("""
                insert into pool_member_state (pool, user_id, weight, numerator)
                select v.pool, v.user_id, v.weight, v.numerator::numeric
                from unnest(?::text[], ?::text[], ?::int[], ?::text[]) as v (pool, user_id, weight, numerator)
                on conflict (pool, user_id) do update set weight = excluded.weight, numerator = excluded.numerator""",
                pools.toArray(String[]::new), users.toArray(String[]::new), weights.toArray(Integer[]::new),
                numerators.toArray(String[]::new));
        if (!leftPools.isEmpty()) {
            jdbc.update("""
                    delete from pool_member_state m
                    using unnest(?::text[], ?::text[]) as v (pool, user_id)
                    where m.pool = v.pool and m.user_id = v.user_id""",
                    leftPools.toArray(String[]::new), leftUsers.toArray(String[]::new));
        }
    }

    /**
     * Folds the stored events of a pool and compares the result with its stored state.
     *
     * @return the first difference; empty when there is none
     */
    public static Optional<String> verify(JdbcTemplate jdbc, String pool) {
        List<PoolEvent> events = jdbc.query("""
                select pool, seq, kind, user_id, weight, eligible, excluded, before, after
                from pool_event where pool = ? order by seq""", (row, number) -> event(row), pool);
        PoolReplay.Result replayed = PoolReplay.fold(pool, events);
        if (replayed.difference().isPresent()) {
            return replayed.difference();
        }
        String stored = jdbc.queryForObject("""
                select (select seq || ' over ' || denominator::text from pool_state where pool = ?) || coalesce(
                       (select string_agg(' ' || user_id || ':' || weight || ':' || numerator::text, ''
                                          order by user_id collate "C")
                        from pool_member_state where pool = ?), '')""", String.class, pool, pool);
        PoolLedger ledger = replayed.ledger();
        StringBuilder folded = new StringBuilder(ledger.seq() + " over " + ledger.denominator());
        ledger.users().forEach(user -> folded.append(' ').append(user).append(':').append(ledger.weight(user))
                .append(':').append(ledger.numerator(user)));
        return folded.toString().equals(stored) ? Optional.empty()
                : Optional.of(pool + ": stored " + stored + ", replayed " + folded);
    }

    private static PoolEvent event(ResultSet row) throws SQLException {
        Map<String, Owed> before = owed(row.getString("before"));
        Map<String, Owed> after = owed(row.getString("after"));
        int weight = row.getInt("weight");
        Optional<Integer> newWeight = row.wasNull() ? Optional.empty() : Optional.of(weight);
        List<String> eligible = LeadJson.array(row.getString("eligible")).stream().map(Object::toString).toList();
        List<Excluded> excluded = LeadJson.array(row.getString("excluded")).stream().map(Map.class::cast)
                .map(one -> new Excluded((String) one.get("user"), Reason.valueOf((String) one.get("reason")))).toList();
        return new PoolEvent(row.getString("pool"), row.getLong("seq"), Kind.valueOf(row.getString("kind")),
                Optional.ofNullable(row.getString("user_id")), newWeight, eligible, excluded, before, after);
    }

    private static Map<String, String> texts(Map<String, Owed> owed) {
        Map<String, String> texts = new LinkedHashMap<>();
        owed.forEach((user, value) -> texts.put(user, value.toString()));
        return texts;
    }

    private static Map<String, Owed> owed(String json) {
        Map<String, Owed> owed = new LinkedHashMap<>();
        LeadJson.object(json).forEach((user, value) -> owed.put(user, Owed.parse(value.toString())));
        return owed;
    }

    private <T> T[] column(Function<Entry, T> of, IntFunction<T[]> array) {
        return entries.stream().map(of).toArray(array);
    }
}
