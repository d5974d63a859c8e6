package io.leadroutes.lead.credit;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.transaction.Transactional;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.IntFunction;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * Who was paid for within twelve months: a record of them costs no credit. A person is known by ZoomInfo's id, and by
 * the keyed hash of each e-mail address and each name with company under which ZoomInfo was asked or answered.
 */
@ApplicationScoped
public class Redeemed {

    /** How long ZoomInfo counts a record as under management: a repeat within it costs no credit. */
    static final String UNDER_MANAGEMENT = "interval '12 months'";
    /** A call is on its way for a while, and ZoomInfo's clock is not ours. */
    private static final String SURELY = UNDER_MANAGEMENT + " + interval '1 day'";

    private final JdbcTemplate jdbc;
    private final Duration answerMaxAge;
    private final AliasHash hash;
    private final Sql sql;

    @Inject
    Redeemed(DataSource dataSource, CreditBudgets budgets, AliasHash hash) {
        this(dataSource, budgets.answerMaxAge(), hash, Sql.NOW);
    }

    /** @param now the time, as an expression of PostgreSQL */
    public Redeemed(DataSource dataSource, Duration answerMaxAge, AliasHash hash, String now) {
        this.jdbc = new JdbcTemplate(dataSource);
        this.answerMaxAge = answerMaxAge;
        this.hash = hash;
        this.sql = new Sql(now);
    }

    /**
     * A person under management.
     *
     * @param answer ZoomInfo's last answer, where it is held and young enough
     */
    public record Person(String personId, Optional<Answer> answer) {
    }

    /**
     * An answer that is held.
     *
     * @param event  the lead for which it was given
     * @param record as JSON
     */
    public record Answer(UUID event, String matchStatus, String record) {
    }

    /** What was learnt of a person by asking for them. */
    public record Learnt(String personId, Optional<UUID> event, Identity asked, Collection<Identity> others) {
    }

    /** Those of the persons for whom a record costs nothing: paid for within twelve months. */
    public Set<String> underManagement(Collection<String> personIds) {
        return Set.copyOf(jdbc.queryForList(sql.at("""
                select person_id from redeemed_person
                where person_id = any (?) and redeemed_at > now() - """ + " " + SURELY), String.class,
                (Object) personIds.toArray(String[]::new)));
    }

    /** Those of the wanted who are under management, found by what they are asked for. */
    public <T> Map<T, Person> known(Map<T, Identity> wanted) {
        Map<String, List<T>> byHash = new HashMap<>();
        wanted.forEach((key, identity) -> hashes(identity.asked()).values()
                .forEach(one -> byHash.computeIfAbsent(one, h -> new ArrayList<>()).add(key)));
        Map<T, Person> known = new LinkedHashMap<>();
        if (!byHash.isEmpty()) {
            jdbc.query(sql.at("""
                    select a.hash, p.person_id, e.match_status, e.enrichment, e.event_id
                    from redeemed_alias a
                    join redeemed_person p on p.person_id = a.person_id
                    left join lead_event e on e.event_id = p.answer_event and e.person_id = p.person_id
                                              and p.answered_at > now() - make_interval(secs => ?)
                    where a.hash = any (?) and p.redeemed_at > now() - """ + " " + SURELY), row -> {
                        Optional<Answer> answer = row.getString(4) == null ? Optional.empty() : Optional.of(
                                new Answer(row.getObject(5, UUID.class), row.getString(3), row.getString(4)));
                        for (T key : byHash.get(row.getString(1))) {
                            known.put(key, new Person(row.getString(2), answer));
                        }
                    }, answerMaxAge.toMillis() / 1000.0, byHash.keySet().toArray(String[]::new));
        }
        return known;
    }

    /**
     * Marks each person who is new to the account as paid for; part of the caller's transaction.
     *
     * @return those who cost a credit
     */
    @Transactional
    public Set<String> redeem(Collection<String> personIds) {
        return redeem("redeemed_person", "person_id", personIds);
    }

    /** As {@link #redeem(Collection)}, for companies. */
    @Transactional
    public Set<String> redeemCompanies(Collection<String> companyIds) {
        return redeem("redeemed_company", "company_id", companyIds);
    }

    /** Rows are taken in one order, so that two of these never wait for each other. */
    private Set<String> redeem(String table, String column, Collection<String> ids) {
        return ids.isEmpty() ? Set.of() : Set.copyOf(jdbc.queryForList(sql.at("""
                insert into %1$s (%2$s, redeemed_at)
                select distinct id, now() from unnest(?::text[]) as v (id) order by id
                on conflict (%2$s) do update set redeemed_at = now()
                where %1$s.redeemed_at < now() - %3$s
                returning %2$s""".formatted(table, column, UNDER_MANAGEMENT)), String.class,
                (Object) ids.toArray(String[]::new)));
    }

    /**
     * Keeps by what persons are known from now on, and which leads hold ZoomInfo's newest answers about them. What
     * ZoomInfo was asked by counts more than what its record says; what only the records of several persons say is
     * no sign of any of them.
     */
    @Transactional
    public void learn(Collection<Learnt> all) {
        Map<String, Object[]> aliases = new TreeMap<>();
        Map<String, UUID> answers = new TreeMap<>();
        for (Learnt learnt : all) {
            learnt.event().ifPresent(event -> answers.put(learnt.personId(), event));
            Stream.concat(learnt.others().stream(), Stream.of(learnt.asked())).forEach(identity ->
                    hashes(identity).forEach((kind, one) -> merge(aliases, kind, one, learnt.personId(), false)));
        }
        for (Learnt learnt : all) {
            hashes(learnt.asked().asked()).forEach((kind, one) -> merge(aliases, kind, one, learnt.personId(), true));
        }
        if (!aliases.isEmpty()) {
            jdbc.update(sql.at("""
                    insert into redeemed_alias as a (kind, hash, person_id, asked, at)
                    select v.kind, v.hash, v.person_id, v.asked, now()
                    from unnest(?::text[], ?::text[], ?::text[], ?::boolean[]) as v (kind, hash, person_id, asked)
                    order by v.kind, v.hash
                    on conflict (kind, hash) do update
                    set person_id = case when excluded.asked then excluded.person_id
                                         when a.asked or a.person_id = excluded.person_id then a.person_id end,
                        asked = a.asked or excluded.asked, at = now()"""), column(aliases, 0, String[]::new),
                    column(aliases, 1, String[]::new), column(aliases, 2, String[]::new),
                    column(aliases, 3, Boolean[]::new));
        }
        if (!answers.isEmpty()) {
            jdbc.update(sql.at("""
                    update redeemed_person p set answer_event = v.event, answered_at = now()
                    from unnest(?::text[], ?::uuid[]) as v (person_id, event)
                    where p.person_id = v.person_id"""), answers.keySet().toArray(String[]::new),
                    answers.values().toArray(UUID[]::new));
        }
    }

    private static void merge(Map<String, Object[]> aliases, String kind, String hash, String personId, boolean asked) {
        aliases.merge(kind + hash, new Object[] {kind, hash, personId, asked}, (old, one) -> asked ? one
                : new Object[] {kind, hash, personId.equals(old[2]) ? personId : null, false});
    }

    private static <T> T[] column(Map<String, Object[]> rows, int index, IntFunction<T[]> array) {
        return rows.values().stream().map(row -> row[index]).toArray(array);
    }

    /** Kind → keyed hash. */
    private Map<String, String> hashes(Identity identity) {
        Map<String, String> hashes = new HashMap<>();
        identity.email().ifPresent(email -> hashes.put("email", hash.of("redeemed email", email)));
        identity.name().ifPresent(name -> hashes.put("name", hash.of("redeemed name", name)));
        return hashes;
    }

    /** Ids of the persons known by any of these. */
    public Set<String> personsOf(Collection<Identity> identities) {
        return Set.copyOf(jdbc.queryForList("""
                select distinct person_id from redeemed_alias where hash = any (?) and person_id is not null""",
                String.class, (Object) hashes(identities)));
    }

    /** How many ways there are in which persons are known, by their ids or by these. */
    public int aliases(Collection<String> personIds, Collection<Identity> identities) {
        return jdbc.queryForObject("select count(*) from redeemed_alias where person_id = any (?) or hash = any (?)",
                Integer.class, personIds.toArray(String[]::new), hashes(identities));
    }

    /** Forgets them. */
    @Transactional
    public int forget(Collection<String> personIds, Collection<Identity> identities) {
        return jdbc.update("delete from redeemed_alias where person_id = any (?) or hash = any (?)",
                personIds.toArray(String[]::new), hashes(identities));
    }

    /** Forgets by what persons were known whom nobody has asked for in a year: they cost a credit again. */
    @Transactional
    public int forgetOld() {
        return jdbc.update(sql.at("delete from redeemed_alias where at < now() - interval '13 months'"));
    }

    private String[] hashes(Collection<Identity> identities) {
        return identities.stream().flatMap(identity -> hashes(identity).values().stream()).toArray(String[]::new);
    }
}
