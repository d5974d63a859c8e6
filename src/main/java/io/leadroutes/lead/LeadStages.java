package io.leadroutes.lead;

import io.quarkus.arc.Unremovable;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Named;
import jakarta.transaction.Transactional;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
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

    private final JdbcTemplate jdbc;
    private final CreditLedger ledger;
    private final LostClaims lost;

    public LeadStages(DataSource dataSource, CreditLedger ledger, LostClaims lost) {
        this.jdbc = new JdbcTemplate(dataSource);
        this.ledger = ledger;
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
     * Stores the answers before anything is done with them, and counts one credit for each person who is new
     * to the account. An answer whose claim is over is passed over and counts nothing.
     *
     * @return the number of credits
     */
    @Transactional
    public int enriched(List<Answer> all) {
        // Locked in one order, so that two of these never wait for each other.
        Set<UUID> waiting = Set.copyOf(jdbc.queryForList("""
                select e.event_id
                from lead_event e join unnest(?::uuid[], ?::bigint[]) as v (event_id, fence) using (event_id, fence)
                where e.state = 'ENRICHING'
                order by e.event_id for update of e""", UUID.class,
                Claim.ids(all, Answer::claim), Claim.fences(all, Answer::claim)));
        lost.report("ENRICH", all.size() - waiting.size());
        List<Answer> answers = all.stream().filter(answer -> waiting.contains(answer.eventId())).toList();
        if (answers.isEmpty()) {
            return 0;
        }
        Set<String> charged = ledger.redeem(answers.stream().map(answer -> answer.enrichment().personId())
                .flatMap(Optional::stream).toList());
        jdbc.update("""
                with answer as (
                    select v.*, case when v.person_id = any (?::text[])
                                     and row_number() over (partition by v.person_id order by v.event_id) = 1
                                then 1 else 0 end as credits
                    from unnest(?::uuid[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[])
                         as v (event_id, match_status, person_id, company_id, enrichment, request_ids)
                )
                update lead_event e
                set state = 'ENRICHED', lease_until = null, attempts = 0, match_status = a.match_status,
                    person_id = a.person_id, company_id = a.company_id, credits = e.credits + a.credits,
                    enrichment = a.enrichment::jsonb, request_ids = e.request_ids || a.request_ids::jsonb,
                    timeline = e.timeline || jsonb_build_object('at', now(), 'stage', 'enrich', 'detail',
                               a.match_status || ', ' || a.credits || case a.credits when 1 then ' credit' else ' credits' end)
                from answer a
                where e.event_id = a.event_id and e.state = 'ENRICHING'""",
                charged.toArray(String[]::new),
                answers.stream().map(Answer::eventId).toArray(UUID[]::new),
                texts(answers, answer -> answer.enrichment().matchStatus()),
                texts(answers, answer -> answer.enrichment().personId().orElse(null)),
                texts(answers, answer -> answer.enrichment().companyId().orElse(null)),
                texts(answers, answer -> LeadJson.write(answer.enrichment().person())),
                texts(answers, answer -> LeadJson.write(answer.requestIds())));
        return charged.size();
    }

    /** Forgets all that the leads say but which record they are. */
    @Transactional
    public void forget(Collection<UUID> eventIds) {
        jdbc.update("""
                update lead_event
                set lead = jsonb_build_object('source', source, 'recordId', record_id, 'version', version)
                where event_id = any (?)""", (Object) eventIds.toArray(UUID[]::new));
    }

    /** Lays leads aside for a cause that is not theirs; they come back by themselves after {@code pause}. */
    @Transactional
    public void park(Collection<Claim> claims, String cause, Duration pause) {
        int parked = jdbc.update("""
                update lead_event e
                set state = 'PARKED', parked_cause = ?, lease_until = null, attempts = 0,
                    available_at = now() + make_interval(secs => ?),
                    timeline = case when parked_cause is not distinct from ? then timeline
                               else timeline || jsonb_build_object('at', now(), 'stage', 'enrich', 'detail', 'parked: ' || ?::text) end
                from unnest(?::uuid[], ?::bigint[]) as v (event_id, fence)
                where e.event_id = v.event_id and e.fence = v.fence and e.state = 'ENRICHING'""",
                cause, pause.toMillis() / 1000.0, cause, cause, Claim.ids(claims, claim -> claim),
                Claim.fences(claims, claim -> claim));
        lost.report("ENRICH", claims.size() - parked);
    }

    /** Credits paid so far: one for each person under management. */
    public long creditsSettled() {
        return jdbc.queryForObject("select count(*) from redeemed_person", Long.class);
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
     * Brings back leads whose pause is over and leads whose claim ran out because a process died.
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
                    where (state = 'PARKED' and available_at <= now()) or (state = 'ENRICHING' and lease_until < now())
                    for update skip locked)""");
    }

    private static String[] texts(List<Answer> answers, Function<Answer, String> of) {
        return answers.stream().map(of).toArray(String[]::new);
    }
}
