package io.leadroutes.decision;

import io.leadroutes.crash.CrashPoint;
import io.leadroutes.facts.FactSheet;
import io.leadroutes.lead.Claim;
import io.leadroutes.lead.LeadJson;
import io.leadroutes.receipt.Receipt;
import io.leadroutes.receipt.ReceiptJson;
import io.leadroutes.receipt.ReceiptWriter.Decided;
import io.leadroutes.receipt.ReceiptWriter;
import io.leadroutes.routing.Choice;
import io.leadroutes.routing.OwnerChooser;
import io.leadroutes.routing.PoolBook;
import io.leadroutes.routing.PoolPick;
import io.leadroutes.routing.Router;
import io.leadroutes.routing.Target;
import io.leadroutes.rules.Facts;
import io.leadroutes.rules.Ruleset;
import io.leadroutes.scoring.Score;
import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Any;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.jboss.logging.Logger;
import org.springframework.dao.ConcurrencyFailureException;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * Stores decisions: receipts, assignments, pool counters and the leads' new state move in one transaction
 * (routing specification §4.7). A lead that has a decision keeps it; then no counter moves.
 */
@ApplicationScoped
public class Decisions {

    private static final Logger LOG = Logger.getLogger(Decisions.class);
    private static final int TRIES = 6;
    private static final Score UNSCORED = new Score(0, "", "", false, Map.of(), BigDecimal.ZERO, BigDecimal.ZERO,
            List.of(), Optional.empty());

    private final JdbcTemplate jdbc;
    private final Consumer<Runnable> inTransaction;
    private final Iterable<? extends DecisionListener> listeners;
    private final ReceiptWriter receipts = new ReceiptWriter();
    private volatile String storedVersion = "";

    @Inject
    Decisions(DataSource dataSource, @Any Instance<DecisionListener> listeners) {
        this(new JdbcTemplate(dataSource), work -> QuarkusTransaction.requiringNew().run(work), listeners);
    }

    Decisions(JdbcTemplate jdbc, Consumer<Runnable> inTransaction) {
        this(jdbc, inTransaction, List.of());
    }

    /** Without CDI. */
    public Decisions(JdbcTemplate jdbc, Consumer<Runnable> inTransaction,
            Iterable<? extends DecisionListener> listeners) {
        this.jdbc = jdbc;
        this.inTransaction = inTransaction;
        this.listeners = listeners;
    }

    /** @param repeated true when the decision was there before */
    public record Outcome(UUID eventId, UUID decisionId, boolean repeated) {
    }

    /** A lead's own decision, if there is one, and the end of its chain of receipts. */
    private record Earlier(Optional<UUID> own, String lastHash) {
    }

    private record Lead(UUID eventId, String source, String recordId) {

        List<String> chain() {
            return List.of(source, recordId);
        }
    }

    private record Made(Lead lead, UUID assignmentId, Receipt receipt, Choice choice) {
    }

    /**
     * Decides the leads of a batch that are still waiting for a decision, one after the other by priority, time of
     * arrival and id. Leads that others have claimed or decided meanwhile are left alone.
     *
     * @return one outcome for each lead that has a decision now, those that were decided before included
     */
    public List<Outcome> decide(ScoredBatch batch) {
        if (batch.scored().isEmpty()) {
            return List.of();
        }
        List<Outcome> outcomes = new ArrayList<>();
        for (int attempt = 1;; attempt++) {
            try {
                outcomes.clear();
                inTransaction.accept(() -> {
                    outcomes.addAll(decideNow(batch));
                    CrashPoint.BEFORE_DECISION_COMMIT.reached();
                });
                CrashPoint.AFTER_DECISION_COMMIT.reached();
                storedVersion = batch.rules().version();
                return List.copyOf(outcomes);
            } catch (ConcurrencyFailureException | DuplicateKeyException e) {
                // Another transaction was faster; nothing of ours is stored, and on the next try we see what it did.
                storedVersion = "";
                if (attempt == TRIES) {
                    throw e;
                }
                LOG.debugf("Deciding %d leads again: %s", batch.scored().size(), e.getMessage());
            }
        }
    }

    /**
     * Decides leads again whose person was suppressed after their decision and before the write: a second decision
     * stops them, the assignment becomes {@code superseded}, and the member of the pool who had got the lead is owed
     * one more (routing specification, cases, 11). A lead whose last decision knew of the suppression is left alone.
     *
     * @return the leads that were decided again
     */
    public List<UUID> withdraw(Collection<Claim> claims, Ruleset rules) {
        List<UUID> withdrawn = new ArrayList<>();
        if (!claims.isEmpty()) {
            inTransaction.accept(() -> withdrawn.addAll(withdrawNow(claims, rules)));
        }
        return List.copyOf(withdrawn);
    }

    private record Former(Lead lead, int number, Map<String, Object> facts) {
    }

    private List<UUID> withdrawNow(Collection<Claim> claims, Ruleset rules) {
        Instant[] at = new Instant[1];
        List<Former> former = jdbc.query("""
                select e.event_id, e.source, e.record_id, d.number, d.facts, transaction_timestamp()
                from lead_event e
                join unnest(?::uuid[], ?::bigint[]) as v (event_id, fence) using (event_id, fence)
                join lateral (select number, facts from decision where event_id = e.event_id
                              order by number desc limit 1) d on true
                where e.state = 'DECIDED'
                  and coalesce(d.facts ->> 'consent.suppressed', 'false') <> 'true'
                order by e.priority, e.received_at, e.event_id for update of e""",
                (row, number) -> {
                    at[0] = row.getTimestamp(6).toInstant();
                    return new Former(new Lead(row.getObject(1, UUID.class), row.getString(2), row.getString(3)),
                            row.getInt(4), facts(LeadJson.object(row.getString(5))));
                }, Claim.ids(claims, claim -> claim), Claim.fences(claims, claim -> claim));
        if (former.isEmpty()) {
            return List.of();
        }
        storeRules(rules);
        Map<UUID, Earlier> earlier = earlier(former.stream().map(Former::lead).toList());
        Map<List<String>, String> chains = new HashMap<>();
        List<Made> made = new ArrayList<>();
        for (Former one : former) {
            chains.putIfAbsent(one.lead().chain(), earlier.get(one.lead().eventId()).lastHash());
            int number = one.number() + 1;
            Map<String, Object> known = new HashMap<>(one.facts());
            known.put("consent.suppressed", true);
            Choice nobody = new Choice(Optional.empty(), Optional.empty(), -1, Optional.empty(), List.of());
            Receipt receipt = receipts.write(new Decided(id("decision", one.lead().eventId(), number),
                    one.lead().eventId(), number, at[0], rules, new FactSheet(Facts.of(known), List.of(), List.of()),
                    UNSCORED, Router.suppressed(), nobody,
                    Optional.of(chains.get(one.lead().chain())).filter(hash -> !hash.isEmpty())));
            chains.put(one.lead().chain(), receipt.hash());
            made.add(new Made(one.lead(), id("assignment", one.lead().eventId(), number), receipt, nobody));
        }
        storeDecisions(made, rules, at[0]);
        supersede(made, rules, at[0]);
        jdbc.update("""
                update lead_event e
                set timeline = e.timeline || jsonb_build_object('at', now(), 'stage', 'consent', 'detail', v.headline)
                from unnest(?::uuid[], ?::text[]) as v (event_id, headline)
                where e.event_id = v.event_id""",
                column(made, one -> one.lead().eventId(), UUID[]::new),
                column(made, one -> one.receipt().headline(), String[]::new));
        return made.stream().map(one -> one.lead().eventId()).toList();
    }

    private record Picked(UUID assignment, String pool, String user) {
    }

    private void supersede(List<Made> made, Ruleset rules, Instant at) {
        List<Picked> picked = jdbc.query("""
                with gone as (
                    update assignment set state = 'superseded' where event_id = any (?) and state = 'open' returning id
                )
                select p.assignment_id, p.pool, p.user_id
                from gone join pool_event p on p.assignment_id = gone.id and p.kind = 'ASSIGN'
                order by p.pool, p.seq""",
                (row, number) -> new Picked(row.getObject(1, UUID.class), row.getString(2), row.getString(3)),
                (Object) column(made, one -> one.lead().eventId(), UUID[]::new)).stream()
                .filter(one -> rules.pools().containsKey(one.pool())).toList();
        PoolBook pools = PoolBook.open(jdbc, rules, picked.stream().map(Picked::pool).distinct().toList());
        picked.forEach(one -> pools.credit(one.pool(), one.user(), one.assignment()));
        pools.save(at);
    }

    /** Facts as they were stored: JSON knows no long, and an unknown variable is null there. */
    private static Map<String, Object> facts(Map<String, Object> stored) {
        Map<String, Object> facts = new HashMap<>();
        stored.forEach((name, value) -> {
            if (value != null) {
                facts.put(name, value instanceof Number number ? (Object) number.longValue() : value);
            }
        });
        return facts;
    }

    /** True when the database is out of reach, so that trying lead by lead makes no sense. */
    static boolean databaseIsAway(Throwable thrown) {
        return Stream.iterate(thrown, cause -> cause != null, Throwable::getCause).limit(20)
                .filter(SQLException.class::isInstance).map(SQLException.class::cast)
                .map(e -> Optional.ofNullable(e.getSQLState()).orElse("08"))
                .anyMatch(state -> state.startsWith("08") || state.startsWith("57P") || state.startsWith("53"));
    }

    private List<Outcome> decideNow(ScoredBatch batch) {
        Map<UUID, ScoredLead> scored = new HashMap<>();
        batch.scored().forEach(lead -> scored.put(lead.event().eventId(), lead));
        List<Lead> waiting = new ArrayList<>();
        List<UUID> others = new ArrayList<>();
        Instant[] at = new Instant[1];
        jdbc.query("""
                select event_id, source, record_id, state, transaction_timestamp(), fence from lead_event
                where event_id = any (?) order by priority, received_at, event_id for update""",
                row -> {
                    at[0] = row.getTimestamp(5).toInstant();
                    UUID eventId = row.getObject(1, UUID.class);
                    if (row.getString(4).equals("ENRICHED")
                            && row.getLong(6) == scored.get(eventId).event().fence()) {
                        waiting.add(new Lead(eventId, row.getString(2), row.getString(3)));
                    } else {
                        others.add(eventId);
                    }
                }, (Object) scored.keySet().toArray(UUID[]::new));
        List<Outcome> outcomes = new ArrayList<>(decided(others));
        if (waiting.isEmpty()) {
            return outcomes;
        }
        Map<UUID, Earlier> earlier = earlier(waiting);
        List<Lead> repeated = waiting.stream().filter(lead -> earlier.get(lead.eventId()).own().isPresent()).toList();
        List<Lead> open = waiting.stream().filter(lead -> earlier.get(lead.eventId()).own().isEmpty()).toList();
        if (!repeated.isEmpty()) {
            resume(repeated);
            repeated.forEach(lead -> outcomes.add(
                    new Outcome(lead.eventId(), earlier.get(lead.eventId()).own().orElseThrow(), true)));
        }
        if (!open.isEmpty()) {
            List<Made> made = make(batch.rules(), open, scored, earlier, at[0]);
            made.forEach(one -> outcomes.add(
                    new Outcome(one.lead().eventId(), one.receipt().decisionId(), false)));
        }
        return outcomes;
    }

    private List<Made> make(Ruleset rules, List<Lead> open, Map<UUID, ScoredLead> scored, Map<UUID, Earlier> earlier,
            Instant at) {
        storeRules(rules);
        PoolBook pools = PoolBook.open(jdbc, rules, open.stream().map(lead -> scored.get(lead.eventId()).route())
                .map(route -> OwnerChooser.poolNeeded(rules, route)).flatMap(Optional::stream).distinct().toList());
        Map<List<String>, String> chains = new HashMap<>();
        open.forEach(lead -> chains.putIfAbsent(lead.chain(), earlier.get(lead.eventId()).lastHash()));
        List<Made> made = new ArrayList<>();
        for (Lead lead : open) {
            ScoredLead known = scored.get(lead.eventId());
            FactSheet sheet = known.sheet();
            UUID assignmentId = id("assignment", lead.eventId(), 1);
            Choice choice = OwnerChooser.choose(rules, known.route(), pools, assignmentId);
            Receipt receipt = receipts.write(new Decided(id("decision", lead.eventId(), 1), lead.eventId(), 1, at, rules,
                    sheet, known.score(), known.route(), choice,
                    Optional.of(chains.get(lead.chain())).filter(hash -> !hash.isEmpty())));
            chains.put(lead.chain(), receipt.hash());
            made.add(new Made(lead, assignmentId, receipt, choice));
        }
        storeDecisions(made, rules, at);
        storeAssignments(made.stream().filter(one -> one.choice().owner().isPresent()).toList(), at);
        pools.save(at);
        storeStates(made);
        return made;
    }

    /** The same for every try, so that a repeat can never make a second one. */
    private static UUID id(String kind, UUID eventId, int number) {
        return UUID.nameUUIDFromBytes((kind + " " + number + " of " + eventId).getBytes(StandardCharsets.UTF_8));
    }

    private List<Outcome> decided(List<UUID> eventIds) {
        if (eventIds.isEmpty()) {
            return List.of();
        }
        return jdbc.query("""
                select distinct on (event_id) event_id, id from decision where event_id = any (?)
                order by event_id, number desc""",
                (row, number) -> new Outcome(row.getObject(1, UUID.class), row.getObject(2, UUID.class), true),
                (Object) eventIds.toArray(UUID[]::new));
    }

    private Map<UUID, Earlier> earlier(List<Lead> leads) {
        Map<UUID, Earlier> earlier = new HashMap<>();
        jdbc.query("""
                select v.event_id, own.id, coalesce(last.receipt_hash, '')
                from unnest(?::uuid[], ?::text[], ?::text[]) as v (event_id, source, record_id)
                left join lateral (select id from decision d where d.event_id = v.event_id
                                   order by number desc limit 1) own on true
                left join lateral (select receipt_hash from decision d
                                   where d.source = v.source and d.record_id = v.record_id
                                   order by seq desc limit 1) last on true""",
                row -> {
                    earlier.put(row.getObject(1, UUID.class),
                            new Earlier(Optional.ofNullable(row.getObject(2, UUID.class)), row.getString(3)));
                }, column(leads, Lead::eventId, UUID[]::new), column(leads, Lead::source, String[]::new),
                column(leads, Lead::recordId, String[]::new));
        return earlier;
    }

    /** Keeps the rules as they are, the first time they decide; they are the live ones then. */
    private void storeRules(Ruleset rules) {
        if (rules.version().equals(storedVersion)) {
            return;
        }
        jdbc.update("update ruleset set state = 'retired' where state = 'live' and version <> ?", rules.version());
        jdbc.update("""
                insert into ruleset (version, state, content, source) values (?, 'live', ?::jsonb, ?::jsonb)
                on conflict (version) do update set state = 'live' where ruleset.state <> 'live'""",
                rules.version(), rules.canonical(), LeadJson.write(new LinkedHashMap<>(rules.sources())));
    }

    private void storeDecisions(List<Made> made, Ruleset rules, Instant at) {
        jdbc.update("""
                insert into decision (id, event_id, number, source, record_id, version, facts, receipt, receipt_hash,
                                      previous_hash, at)
                select v.id, v.event_id, v.number, v.source, v.record_id, ?, v.facts::jsonb, v.receipt::jsonb, v.hash,
                       v.previous, ?
                from unnest(?::uuid[], ?::uuid[], ?::int[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[],
                            ?::text[])
                     with ordinality
                     as v (id, event_id, number, source, record_id, facts, receipt, hash, previous, place)
                order by v.place""",
                rules.version(), Timestamp.from(at),
                column(made, one -> one.receipt().decisionId(), UUID[]::new),
                column(made, one -> one.lead().eventId(), UUID[]::new),
                column(made, one -> one.receipt().decision(), Integer[]::new),
                column(made, one -> one.lead().source(), String[]::new),
                column(made, one -> one.lead().recordId(), String[]::new),
                column(made, one -> ReceiptJson.facts(one.receipt()), String[]::new),
                column(made, one -> ReceiptJson.body(one.receipt()), String[]::new),
                column(made, one -> one.receipt().hash(), String[]::new),
                column(made, one -> one.receipt().previous().orElse(""), String[]::new));
        List<UUID> decisionIds = made.stream().map(one -> one.receipt().decisionId()).toList();
        listeners.forEach(listener -> listener.decided(decisionIds));
    }

    private void storeAssignments(List<Made> made, Instant at) {
        if (made.isEmpty()) {
            return;
        }
        jdbc.update("""
                insert into assignment (id, event_id, number, decision_id, source, record_id, target, owner,
                                        owner_name, pool, pool_seq, at)
                select v.id, v.event_id, 1, v.decision_id, v.source, v.record_id, v.target, v.owner, v.owner_name,
                       v.pool, v.pool_seq, ?
                from unnest(?::uuid[], ?::uuid[], ?::uuid[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[],
                            ?::text[], ?::bigint[])
                     as v (id, event_id, decision_id, source, record_id, target, owner, owner_name, pool, pool_seq)""",
                Timestamp.from(at),
                column(made, Made::assignmentId, UUID[]::new),
                column(made, one -> one.lead().eventId(), UUID[]::new),
                column(made, one -> one.receipt().decisionId(), UUID[]::new),
                column(made, one -> one.lead().source(), String[]::new),
                column(made, one -> one.lead().recordId(), String[]::new),
                column(made, one -> one.choice().target().map(Target::toString).orElseThrow(), String[]::new),
                column(made, one -> one.choice().owner().orElseThrow().id(), String[]::new),
                column(made, one -> one.choice().owner().orElseThrow().name(), String[]::new),
                column(made, one -> one.choice().pick().map(PoolPick::pool).orElse(null), String[]::new),
                column(made, one -> one.choice().pick().map(PoolPick::seq).orElse(null), Long[]::new));
    }

    private void storeStates(List<Made> made) {
        jdbc.update("""
                update lead_event e
                set state = 'DECIDED', lease_until = null, attempts = 0,
                    timeline = e.timeline || jsonb_build_array(
                        jsonb_build_object('at', now(), 'stage', 'score', 'detail', v.score),
                        jsonb_build_object('at', now(), 'stage', 'assign', 'detail', v.headline))
                from unnest(?::uuid[], ?::text[], ?::text[]) as v (event_id, score, headline)
                where e.event_id = v.event_id""",
                column(made, one -> one.lead().eventId(), UUID[]::new),
                column(made, one -> one.receipt().score()
                        .map(score -> score.total() + " " + score.tier() + " " + score.grade()).orElse("not reached"),
                        String[]::new),
                column(made, one -> one.receipt().headline(), String[]::new));
    }

    private void resume(List<Lead> repeated) {
        jdbc.update("""
                update lead_event
                set state = 'DECIDED', lease_until = null, attempts = 0,
                    timeline = timeline || jsonb_build_object('at', now(), 'stage', 'assign', 'detail',
                               'the decision made before stays')
                where event_id = any (?)""", (Object) column(repeated, Lead::eventId, UUID[]::new));
    }

    private static <T, V> V[] column(List<T> rows, Function<T, V> of, IntFunction<V[]> array) {
        return rows.stream().map(of).toArray(array);
    }
}
