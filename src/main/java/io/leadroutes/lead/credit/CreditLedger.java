package io.leadroutes.lead.credit;

import io.leadroutes.lead.credit.CreditBudgets.Budget;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.arc.Unremovable;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import jakarta.transaction.Transactional;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import javax.sql.DataSource;
import org.jboss.logging.Logger;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * The credits: reserved before a call, settled from its answer, the rest given back. All replicas share it; each change
 * is made under the lock of the account's row, so that settled and reserved credits never pass a budget. A
 * reservation belongs to the work, not to the process: work that is taken over keeps it.
 *
 * <p>The account's lock is taken last: whoever changes the ledger within a transaction of their own takes no other lock
 * after it.
 */
@ApplicationScoped
@Named("creditLedger")
@Unremovable
public class CreditLedger {

    /** Source of the rows that count all sources together. */
    static final String ALL = "";
    /** Day of the rows that count all days together. */
    static final String EVER = "infinity";

    private static final Logger LOG = Logger.getLogger(CreditLedger.class);
    /** When work is tried again that no turn of a day frees; raised budgets and refunds wake it earlier. */
    private static final Duration LATEST = Duration.ofHours(1);

    private final JdbcTemplate jdbc;
    private final CreditBudgets budgets;
    private final MeterRegistry meters;
    private final Sql sql;
    private final Map<String, Long> left = new ConcurrentHashMap<>();

    @Inject
    CreditLedger(DataSource dataSource, CreditBudgets budgets, MeterRegistry meters) {
        this(dataSource, budgets, meters, Sql.NOW);
    }

    /** @param now the time, as an expression of PostgreSQL */
    public CreditLedger(DataSource dataSource, CreditBudgets budgets, MeterRegistry meters, String now) {
        this.jdbc = new JdbcTemplate(dataSource);
        this.budgets = budgets;
        this.meters = meters;
        this.sql = new Sql(now);
    }

    /**
     * What work may cost.
     *
     * @param holder  the work, the same whoever does it: the id of a lead event or of a bulk job
     * @param source  whose budgets it is taken from
     * @param credits the most that it costs
     */
    public record Demand(String holder, String source, long credits) {
    }

    /**
     * Why a demand is not covered.
     *
     * @param budget   key of the budget that has no room
     * @param resumeAt when to try again at the latest: the next day for a budget of each day
     */
    public record Refusal(String budget, Instant resumeAt) {

        /** The cause under which work is laid aside. */
        public String cause() {
            return CAUSE + ": " + budget;
        }

        /** How long until the time to try again. */
        public Duration pause(Instant now) {
            Duration until = Duration.between(now, resumeAt);
            return until.isNegative() ? Duration.ZERO : until;
        }
    }

    /** With it begins the cause of whatever waits for room in a budget. */
    public static final String CAUSE = "CREDIT_BUDGET";

    /**
     * What work has cost.
     *
     * @param source  for work that has no reservation
     * @param charged credits paid
     * @param over    whether the work is over; then what is left of its reservation is given back
     */
    public record Settlement(String holder, String source, long charged, boolean over) {
    }

    /**
     * Reserves credits for work, before it is done. Who has a reservation keeps it, and it counts for today from now on
     * if today has room.
     *
     * @return those who are not covered; nothing is reserved anew for them
     */
    @Transactional
    public Map<String, Refusal> reserve(WorkKind kind, Collection<Demand> demands) {
        Map<String, Refusal> refused = new LinkedHashMap<>();
        if (demands.isEmpty()) {
            return refused;
        }
        Day today = lock();
        Map<String, Reservation> held = reservations(demands.stream().map(Demand::holder).toList());
        Uses uses = new Uses(demands.stream().map(Demand::source).toList(), today);
        List<Reservation> granted = new ArrayList<>();
        for (Demand demand : demands) {
            Optional<Reservation> before = Optional.ofNullable(held.get(demand.holder()));
            before.ifPresent(uses::release);
            Optional<Budget> full = uses.full(kind, demand);
            if (full.isPresent()) {
                before.ifPresent(uses::take);
                refused.put(demand.holder(), new Refusal(full.get().key(),
                        full.get().daily() ? today.end() : today.now().plus(LATEST)));
            } else if (demand.credits() > 0) {
                Reservation reservation = new Reservation(demand.holder(), kind.word(), demand.source(), today.date(),
                        demand.credits());
                uses.take(reservation);
                granted.add(reservation);
                count("reserved", demand.source(), demand.credits() - before.map(Reservation::credits).orElse(0L));
            }
        }
        store(granted);
        uses.save();
        uses.tell();
        return refused;
    }

    /**
     * Settles calls from their answers; part of the caller's transaction. Credits that nobody had reserved are counted
     * all the same: they are paid.
     */
    @Transactional
    public void settle(Collection<Settlement> settlements) {
        if (settlements.isEmpty()) {
            return;
        }
        Day today = lock();
        Map<String, Reservation> held = reservations(settlements.stream().map(Settlement::holder).toList());
        Uses uses = new Uses(List.of(), today);
        List<Reservation> kept = new ArrayList<>();
        Set<String> over = new LinkedHashSet<>();
        long unreserved = 0;
        for (Settlement one : settlements) {
            Optional<Reservation> before = Optional.ofNullable(held.get(one.holder()));
            String source = before.map(Reservation::source).orElse(one.source());
            String day = before.map(Reservation::day).orElse(today.date());
            long reserved = before.map(Reservation::credits).orElse(0L);
            long left = one.over() ? 0 : Math.max(0, reserved - one.charged());
            long refunded = Math.max(0, reserved - one.charged() - left);
            unreserved += Math.max(0, one.charged() - reserved);
            uses.move(source, day, left - reserved, one.charged(), refunded);
            count("settled", source, one.charged());
            count("refunded", source, refunded);
            if (left == 0) {
                over.add(one.holder());
                held.remove(one.holder());
            } else if (left != reserved) {
                Reservation rest = new Reservation(one.holder(), before.get().work(), source, day, left);
                kept.add(rest);
                held.put(one.holder(), rest);
            }
        }
        jdbc.update("delete from credit_reservation where holder = any (?)", (Object) over.toArray(String[]::new));
        store(kept);
        uses.save();
        if (unreserved > 0) {
            LOG.warnf("%d credit(s) were paid for records that were taken to be under management, or of which nothing was "
                    + "reserved; they count", unreserved);
        }
    }

    /** Gives back what is reserved for work that has cost nothing and will cost nothing. */
    @Transactional
    public void refund(Collection<String> holders) {
        settle(holders.stream().map(holder -> new Settlement(holder, ALL, 0, true)).toList());
    }

    /**
     * How many credits a source may reserve now; {@link Long#MAX_VALUE} without a budget. Only a look: nothing is
     * locked.
     */
    Map<String, Long> room(WorkKind kind, Collection<String> sources) {
        Uses uses = new Uses(sources, today());
        Map<String, Long> room = new HashMap<>();
        for (String source : sources) {
            room.put(source, budgets.of(source).stream().mapToLong(budget -> budgets.limit(budget, kind) - uses.used(budget))
                    .min().orElse(Long.MAX_VALUE));
        }
        uses.tell();
        return room;
    }

    /** Lets other work have what is reserved for work that it does again. */
    @Transactional
    public void pass(String holder, String to) {
        jdbc.update(sql.at("update credit_reservation set holder = ?, reserved_at = now() where holder = ?"), to, holder);
    }

    private record Reservation(String holder, String work, String source, String day, long credits) {
    }

    /** @param end when the next day begins */
    private record Day(String date, Instant now, Instant end) {
    }

    /** Holds all changes of the ledger until the end of the transaction. */
    void lockAccount() {
        jdbc.update("insert into credit_use (source, day) values (?, 'infinity') on conflict do nothing", ALL);
        jdbc.queryForList("select 1 from credit_use where source = ? and day = 'infinity' for update", ALL);
    }

    /** Locks the account and tells the day. */
    private Day lock() {
        lockAccount();
        return today();
    }

    private Day today() {
        Instant now = jdbc.queryForObject(sql.at("select now()::timestamptz"), Timestamp.class).toInstant();
        LocalDate date = now.atZone(budgets.zone()).toLocalDate();
        return new Day(date.toString(), now, date.plusDays(1).atStartOfDay(budgets.zone()).toInstant());
    }

    private Map<String, Reservation> reservations(Collection<String> holders) {
        Map<String, Reservation> held = new HashMap<>();
        jdbc.query("select holder, kind, source, day::text, credits from credit_reservation where holder = any (?)", row -> {
            held.put(row.getString(1), new Reservation(row.getString(1), row.getString(2), row.getString(3),
                    row.getString(4), row.getLong(5)));
        }, (Object) holders.toArray(String[]::new));
        return held;
    }

    private void store(List<Reservation> all) {
        if (!all.isEmpty()) {
            jdbc.update(sql.at("""
                    insert into credit_reservation (holder, kind, source, day, credits, reserved_at)
                    select v.holder, v.kind, v.source, v.day, v.credits, now()
                    from unnest(?::text[], ?::text[], ?::text[], ?::date[], ?::bigint[])
                         as v (holder, kind, source, day, credits)
                    on conflict (holder) do update
                    set kind = excluded.kind, source = excluded.source, day = excluded.day, credits = excluded.credits,
                        reserved_at = excluded.reserved_at"""),
                    all.stream().map(Reservation::holder).toArray(String[]::new),
                    all.stream().map(Reservation::work).toArray(String[]::new),
                    all.stream().map(Reservation::source).toArray(String[]::new),
                    all.stream().map(Reservation::day).toArray(String[]::new),
                    all.stream().map(Reservation::credits).toArray(Long[]::new));
        }
    }

    private record Key(String source, String day) implements Comparable<Key> {

        @Override
        public int compareTo(Key other) {
            int bySource = source.compareTo(other.source);
            return bySource != 0 ? bySource : day.compareTo(other.day);
        }
    }

    /** What is used of the budgets, and what is about to change in it. */
    private final class Uses {

        private final Day today;
        private final Map<Key, Long> used = new HashMap<>();
        private final Map<Key, long[]> moves = new TreeMap<>();

        /** Reads the use of these sources; none is read when nothing has to be covered. */
        Uses(Collection<String> sources, Day today) {
            this.today = today;
            if (!sources.isEmpty()) {
                Set<String> all = new HashSet<>(sources);
                all.add(ALL);
                jdbc.query("select source, day::text, reserved + settled from credit_use "
                        + "where source = any (?) and day = any (?::date[])", row -> {
                            used.put(new Key(row.getString(1), row.getString(2)), row.getLong(3));
                        }, all.toArray(String[]::new), new String[] {EVER, today.date()});
            }
        }

        /** The first budget that has no room for the demand. */
        Optional<Budget> full(WorkKind kind, Demand demand) {
            return budgets.of(demand.source()).stream().filter(budget -> demand.credits() > 0
                    && used(budget) + demand.credits() > budgets.limit(budget, kind)).findFirst();
        }

        long used(Budget budget) {
            return used.getOrDefault(new Key(budget.source(), budget.daily() ? today.date() : EVER), 0L);
        }

        void take(Reservation reservation) {
            move(reservation.source(), reservation.day(), reservation.credits(), 0, 0);
        }

        void release(Reservation reservation) {
            move(reservation.source(), reservation.day(), -reservation.credits(), 0, 0);
        }

        void move(String source, String day, long reserved, long settled, long refunded) {
            if (reserved == 0 && settled == 0 && refunded == 0) {
                return;
            }
            for (Key key : Set.of(new Key(source, day), new Key(source, EVER), new Key(ALL, day), new Key(ALL, EVER))) {
                long[] move = moves.computeIfAbsent(key, k -> new long[3]);
                move[0] += reserved;
                move[1] += settled;
                move[2] += refunded;
                used.merge(key, reserved + settled, Long::sum);
            }
        }

        void save() {
            moves.values().removeIf(move -> move[0] == 0 && move[1] == 0 && move[2] == 0);
            if (moves.isEmpty()) {
                return;
            }
            jdbc.update("""
                    insert into credit_use as u (source, day)
                    select * from unnest(?::text[], ?::date[]) on conflict do nothing""", sources(), days());
            jdbc.update("""
                    update credit_use u
                    set reserved = u.reserved + v.reserved, settled = u.settled + v.settled, refunded = u.refunded + v.refunded
                    from unnest(?::text[], ?::date[], ?::bigint[], ?::bigint[], ?::bigint[])
                         as v (source, day, reserved, settled, refunded)
                    where u.source = v.source and u.day = v.day""", sources(), days(), column(0), column(1), column(2));
        }

        private String[] sources() {
            return moves.keySet().stream().map(Key::source).toArray(String[]::new);
        }

        private String[] days() {
            return moves.keySet().stream().map(Key::day).toArray(String[]::new);
        }

        private Long[] column(int index) {
            return moves.values().stream().map(move -> move[index]).toArray(Long[]::new);
        }

        /** What is left of each budget, for the metrics. */
        void tell() {
            budgets.all().stream().filter(budget -> budget.source().isEmpty()
                    || used.containsKey(new Key(budget.source(), EVER)))
                    .forEach(budget -> left(budget, budget.limit() - used(budget)));
        }
    }

    private void left(Budget budget, long credits) {
        if (left.put(budget.key(), credits) == null) {
            Gauge.builder("leadroutes.credits.left", left, all -> all.get(budget.key()))
                    .description("Credits that are left of a budget").tag("budget", budget.key()).register(meters);
        }
    }

    private void count(String what, String source, long credits) {
        if (credits > 0) {
            meters.counter("leadroutes.credits." + what, "source", source).increment(credits);
        }
    }
}
