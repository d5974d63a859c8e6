package io.leadroutes.lead;

import io.leadroutes.lead.credit.CreditLedger.Settlement;
import io.leadroutes.lead.credit.CreditLedger;
import io.leadroutes.lead.credit.CreditWaiting;
import io.leadroutes.lead.credit.Identity;
import io.leadroutes.lead.credit.Redeemed.Learnt;
import io.leadroutes.lead.credit.Redeemed;
import io.quarkus.arc.Unremovable;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Named;
import jakarta.transaction.Transactional;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import javax.sql.DataSource;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * Moves leads from state to state; each call is one transaction and touches only leads that still are where it expects
 * them.
 */
@ApplicationScoped
@Named("leadStages")
@Unremovable
public class LeadStages {

    /** The longest that the pause of a parked cause grows to by doubling. */
    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(15);

    private final JdbcTemplate jdbc;
    private final CreditLedger ledger;
    private final Redeemed redeemed;
    private final LostClaims lost;

    public LeadStages(DataSource dataSource, CreditLedger ledger, Redeemed redeemed, LostClaims lost) {
        this.jdbc = new JdbcTemplate(dataSource);
        this.ledger = ledger;
        this.redeemed = redeemed;
        this.lost = lost;
    }

    /**
     * A lead's answer from ZoomInfo.
     *
     * @param claim      under which it was asked for
     * @param requestIds ids of the calls made for it, ours and ZoomInfo's
     */
    public record Answer(Claim claim, Enrichment enrichment, List<String> requestIds) {

        public UUID eventId() {
            return claim.id();
        }
    }

    /**
     * Stores the answers before anything is done with them, and settles one credit for each person who is new
     * to the account, or company where no person was found. An answer whose claim is over is passed over and counts
     * nothing.
     *
     * @return the number of credits
     */
    @Transactional
    public int enriched(List<Answer> all) {
        return store(all, false);
    }

    /** Stores answers about persons under management that were held already: no call was made, and they are no newer. */
    @Transactional
    public void answered(List<Answer> all) {
        store(all, true);
    }

    private int store(List<Answer> all, boolean held) {
        Map<UUID, Waiting> waiting = new HashMap<>();
        // Locked in one order, so that two of these never wait for each other.
        jdbc.query("""
                select e.event_id, e.source, e.lead
                from lead_event e join unnest(?::uuid[], ?::bigint[]) as v (event_id, fence) using (event_id, fence)
                where e.state = 'ENRICHING'
                order by e.event_id for update of e""", row -> {
                    waiting.put(row.getObject(1, UUID.class), new Waiting(row.getString(2),
                            Identity.ofLead(LeadJson.object(row.getString(3)))));
                }, Claim.ids(all, Answer::claim), Claim.fences(all, Answer::claim));
        lost.report("ENRICH", all.size() - waiting.size());
        List<Answer> answers = all.stream().filter(answer -> waiting.containsKey(answer.eventId())).toList();
        if (answers.isEmpty()) {
            return 0;
        }
        Map<UUID, Integer> charged = held ? Map.of() : charged(answers);
        jdbc.update("""
                update lead_event e
                set state = 'ENRICHED', lease_until = null, attempts = 0, match_status = a.match_status,
                    person_id = a.person_id, company_id = a.company_id, credits = e.credits + a.credits,
                    enrichment = a.enrichment::jsonb, request_ids = e.request_ids || a.request_ids::jsonb,
                    timeline = e.timeline || jsonb_build_object('at', now(), 'stage', 'enrich', 'detail',
                               a.match_status || ', ' || a.credits || case a.credits when 1 then ' credit' else ' credits' end || ?::text)
                from unnest(?::uuid[], ?::int[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[])
                     as a (event_id, credits, match_status, person_id, company_id, enrichment, request_ids)
                where e.event_id = a.event_id and e.state = 'ENRICHING'""",
                held ? ", answered from the store" : "",
                answers.stream().map(Answer::eventId).toArray(UUID[]::new),
                answers.stream().map(answer -> charged.getOrDefault(answer.eventId(), 0)).toArray(Integer[]::new),
                texts(answers, answer -> answer.enrichment().matchStatus()),
                texts(answers, answer -> answer.enrichment().personId().orElse(null)),
                texts(answers, answer -> answer.enrichment().companyId().orElse(null)),
                texts(answers, answer -> LeadJson.write(answer.enrichment().person())),
                texts(answers, answer -> LeadJson.write(answer.requestIds())));
        if (!held) {
            redeemed.learn(answers.stream().filter(answer -> answer.enrichment().personFound())
                    .flatMap(answer -> answer.enrichment().personId().map(id -> new Learnt(id,
                            Optional.of(answer.eventId()), waiting.get(answer.eventId()).identity(),
                            List.of(Identity.ofRecord(answer.enrichment().person())))).stream()).toList());
            ended(answers);
        }
        ledger.settle(answers.stream().map(answer -> new Settlement(answer.eventId().toString(),
                waiting.get(answer.eventId()).source(), charged.getOrDefault(answer.eventId(), 0), true)).toList());
        return charged.size();
    }

    /** A lead whose answer is awaited. */
    private record Waiting(String source, Identity identity) {
    }

    /** One credit for the first lead of each person, or of each company without a person, who is new to the account. */
    private Map<UUID, Integer> charged(List<Answer> answers) {
        Set<String> persons = new HashSet<>(redeemed.redeem(answers.stream()
                .map(answer -> answer.enrichment().personId()).flatMap(Optional::stream).toList()));
        Set<String> companies = new HashSet<>(redeemed.redeemCompanies(answers.stream()
                .map(LeadStages::companyAlone).flatMap(Optional::stream).toList()));
        Map<UUID, Integer> charged = new HashMap<>();
        for (Answer answer : answers) {
            if (answer.enrichment().personId().filter(persons::remove).isPresent()
                    || companyAlone(answer).filter(companies::remove).isPresent()) {
                charged.put(answer.eventId(), 1);
            }
        }
        return charged;
    }

    private static Optional<String> companyAlone(Answer answer) {
        return answer.enrichment().personId().isPresent() ? Optional.empty() : answer.enrichment().companyId();
    }

    /** Forgets all that the leads say but which record they are. */
    @Transactional
    public void forget(Collection<UUID> eventIds) {
        jdbc.update("""
                update lead_event
                set lead = jsonb_build_object('source', source, 'recordId', record_id, 'version', version)
                where event_id = any (?)""", (Object) eventIds.toArray(UUID[]::new));
    }

    /**
     * Lays leads aside for a cause that is not theirs and concerns each lead by itself, as a credit budget does. After
     * the pause a call's worth of them is tried ({@link #tryParked}); when one of these is served all go on, else the
     * pause doubles. Credits that are reserved for them stay so.
     */
    @Transactional
    public void park(Collection<Claim> claims, String cause, Duration pause) {
        parked(claims, cause, pause);
    }

    /** The same for leads whose call has surely cost nothing: what is reserved for them is given back. */
    @Transactional
    public void parkUnpaid(Collection<Claim> claims, String cause, Duration pause) {
        refund(parked(claims, cause, pause));
    }

    private Map<UUID, Integer> parked(Collection<Claim> claims, String cause, Duration pause) {
        jdbc.update("""
                insert into lead_park as p (cause, retry_at) values (?, now() + make_interval(secs => ?))
                on conflict (cause) do update
                set tries = p.tries + 1,
                    retry_at = now() + make_interval(secs => least(? * power(2, least(p.tries + 1, 20)), greatest(?, ?)))
                where p.retry_at <= now()""", cause, seconds(pause), seconds(pause), seconds(pause),
                seconds(LONGEST_PAUSE));
        return layAside(claims, cause, false);
    }

    /**
     * Lays leads aside until the circuit that keeps them from being asked for is closed ({@link #goOn}). Credits that are
     * reserved for them stay so: a call may have been charged.
     */
    @Transactional
    public void hold(Collection<Claim> claims, String cause) {
        layAside(claims, cause, true);
    }

    /** The same for leads whose call has surely cost nothing. */
    @Transactional
    public void holdUnpaid(Collection<Claim> claims, String cause) {
        refund(layAside(claims, cause, true));
    }

    /** Gives back what is reserved for leads, unless an earlier claim ran out of which nobody knows how it ended. */
    private void refund(Map<UUID, Integer> claimed) {
        ledger.refund(claimed.keySet().stream().filter(event -> claimed.get(event) <= 1).map(UUID::toString).toList());
    }

    /** @return those that were still ours, with the number of their claims */
    private Map<UUID, Integer> layAside(Collection<Claim> claims, String cause, boolean failed) {
        Map<UUID, Integer> parked = new HashMap<>();
        jdbc.query("""
                update lead_event e
                set state = 'PARKED', parked_cause = ?, lease_until = null, attempts = 0,
                    parks = e.parks + case when ? then 1 else 0 end,
                    parked_at = case when ? then coalesce(e.parked_at, now()) else e.parked_at end,
                    timeline = case when e.parked_cause is not distinct from ? then e.timeline
                               else e.timeline || jsonb_build_object('at', now(), 'stage', 'enrich', 'detail', 'parked: ' || ?::text) end
                from unnest(?::uuid[], ?::bigint[]) as v (event_id, fence), lead_event o
                where e.event_id = v.event_id and e.fence = v.fence and e.state = 'ENRICHING' and o.event_id = e.event_id
                returning e.event_id, o.attempts""", row -> {
                    parked.put(row.getObject(1, UUID.class), row.getInt(2));
                }, cause, failed, failed, cause, cause, Claim.ids(claims, claim -> claim),
                Claim.fences(claims, claim -> claim));
        lost.report("ENRICH", claims.size() - parked.size());
        return parked;
    }

    /** Parks all leads that wait for the enrichment, while the circuit is open. */
    @Transactional
    public int holdWaiting(String cause) {
        return jdbc.update("""
                update lead_event
                set state = 'PARKED', parked_cause = ?,
                    timeline = case when parked_cause is not distinct from ? then timeline
                               else timeline || jsonb_build_object('at', now(), 'stage', 'enrich', 'detail', 'parked: ' || ?::text) end
                where event_id in (select event_id from lead_event where state = 'RECEIVED' for update skip locked)""",
                cause, cause, cause);
    }

    /** Lets all leads go on that were held; in one statement, so that the claims take them by priority and age. */
    @Transactional
    public int goOn() {
        return jdbc.update("""
                update lead_event set state = 'RECEIVED'
                where event_id in (
                    select event_id from lead_event e
                    where state = 'PARKED' and not exists (select 1 from lead_park p where p.cause = e.parked_cause)
                    for update skip locked)""");
    }

    /**
     * Lets one held lead go on, to find out whether the circuit can be closed; none while one is on its way. One that
     * has failed before goes after those that have not: it may be what fails.
     */
    @Transactional
    public int tryHeld() {
        return jdbc.update("""
                update lead_event set state = 'RECEIVED'
                where not exists (select 1 from lead_event where state in ('RECEIVED', 'ENRICHING'))
                  and event_id in (
                    select event_id from lead_event e
                    where state = 'PARKED' and not exists (select 1 from lead_park p where p.cause = e.parked_cause)
                    order by parks, priority, received_at limit 1
                    for update skip locked)""");
    }

    /** Lets a call's worth of leads of each cause go on whose pause is over; none while others of it are on their way. */
    @Transactional
    public int tryParked() {
        int tried = 0;
        for (String cause : jdbc.queryForList("select cause from lead_park where retry_at <= now() order by cause "
                + "for update skip locked", String.class)) {
            boolean underWay = jdbc.queryForObject("""
                    select exists (select 1 from lead_event
                                   where state in ('RECEIVED', 'ENRICHING') and parked_cause = ?)""", Boolean.class, cause);
            int some = underWay ? 1 : jdbc.update("""
                    update lead_event set state = 'RECEIVED'
                    where event_id in (select event_id from lead_event where state = 'PARKED' and parked_cause = ?
                                       order by priority, received_at limit 25 for update skip locked)""", cause);
            if (some == 0) {
                jdbc.update("delete from lead_park where cause = ?", cause);
            }
            tried += underWay ? 0 : some;
        }
        return tried;
    }

    /** The pause of a cause is over: there is word that it has ended. */
    public void tryAgain(String cause) {
        jdbc.update("update lead_park set retry_at = now() where cause = ? and retry_at > now()", cause);
    }

    /**
     * What these leads were parked for has ended, as one of them was served. That there was room for one in a budget
     * says nothing of the others: they are woken one by one ({@link CreditWaiting}).
     */
    private void ended(Collection<Answer> served) {
        jdbc.update("""
                with over as (
                    delete from lead_park p using lead_event e
                    where e.event_id = any (?) and e.parked_cause = p.cause and p.cause not like ? || '%' returning p.cause
                )
                update lead_event set state = 'RECEIVED'
                where event_id in (select event_id from lead_event
                                   where state = 'PARKED' and parked_cause in (select cause from over)
                                   for update skip locked)""",
                served.stream().map(Answer::eventId).toArray(UUID[]::new), CreditLedger.CAUSE);
    }

    /** When a call for this lead failed first and it was parked for it; empty if that never was. */
    public Optional<Instant> parkedAt(UUID eventId) {
        return jdbc.queryForList("select parked_at from lead_event where event_id = ? and parked_at is not null",
                Timestamp.class, eventId).stream().findFirst().map(Timestamp::toInstant);
    }

    /**
     * Leads that are parked.
     *
     * @param retryAt when some of them are tried again; empty when that is a circuit's business
     */
    public record Parked(String cause, long leads, Instant since, int tries, Optional<Instant> retryAt) {
    }

    /** What is parked, by cause. */
    public List<Parked> parked() {
        return jdbc.query("""
                select e.parked_cause, count(*), coalesce(min(p.since), min(coalesce(e.parked_at, e.received_at))),
                       coalesce(min(p.tries), 0), min(p.retry_at)
                from lead_event e left join lead_park p on p.cause = e.parked_cause
                where e.state = 'PARKED' group by e.parked_cause order by e.parked_cause""",
                (row, number) -> new Parked(row.getString(1), row.getLong(2), row.getTimestamp(3).toInstant(),
                        row.getInt(4), Optional.ofNullable(row.getTimestamp(5)).map(Timestamp::toInstant)));
    }

    private static double seconds(Duration pause) {
        return pause.toMillis() / 1000.0;
    }

    /**
     * Gives leads back whose call was not made: they can be claimed at once and have lost no attempt. Nothing more can
     * be written under these claims.
     */
    @Transactional
    public void release(Collection<Claim> claims) {
        jdbc.update("""
                update lead_event e
                set state = 'RECEIVED', lease_until = null, attempts = greatest(e.attempts - 1, 0), fence = e.fence + 1
                from unnest(?::uuid[], ?::bigint[]) as v (event_id, fence)
                where e.event_id = v.event_id and e.fence = v.fence and e.state = 'ENRICHING'""",
                Claim.ids(claims, claim -> claim), Claim.fences(claims, claim -> claim));
    }

    /**
     * Brings back leads whose claim ran out because a process died.
     *
     * @return how many
     */
    @Transactional
    public int resume() {
        return jdbc.update("""
                update lead_event
                set state = 'RECEIVED', lease_until = null
                where event_id in (
                    select event_id from lead_event
                    where state = 'ENRICHING' and lease_until < now()
                    for update skip locked)""");
    }

    private static String[] texts(List<Answer> answers, Function<Answer, String> of) {
        return answers.stream().map(of).toArray(String[]::new);
    }
}
