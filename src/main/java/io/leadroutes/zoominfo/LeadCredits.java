package io.leadroutes.zoominfo;

import io.leadroutes.lead.Claim;
import io.leadroutes.lead.Enrichment;
import io.leadroutes.lead.LeadBatch;
import io.leadroutes.lead.LeadEvent;
import io.leadroutes.lead.LeadJson;
import io.leadroutes.lead.LeadStages;
import io.leadroutes.lead.LeadStages.Answer;
import io.leadroutes.lead.credit.CreditLedger;
import io.leadroutes.lead.credit.CreditLedger.Demand;
import io.leadroutes.lead.credit.CreditLedger.Refusal;
import io.leadroutes.lead.credit.Identity;
import io.leadroutes.lead.credit.Redeemed;
import io.leadroutes.lead.credit.Redeemed.Person;
import io.leadroutes.lead.credit.WorkKind;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.camel.Exchange;
import org.apache.camel.support.SynchronizationAdapter;
import org.jboss.logging.Logger;

/** The credits of live leads: who of a batch is covered, whom ZoomInfo need not be asked about, and by what it is asked. */
@ApplicationScoped
public class LeadCredits {

    private static final Logger LOG = Logger.getLogger(LeadCredits.class);

    private final LeadStages stages;
    private final CreditLedger ledger;
    private final Redeemed redeemed;
    private final Map<UUID, String> managed = new ConcurrentHashMap<>();

    LeadCredits(LeadStages stages, CreditLedger ledger, Redeemed redeemed) {
        this.stages = stages;
        this.ledger = ledger;
        this.redeemed = redeemed;
    }

    /**
     * Reserves a credit for each lead that may cost one. A person under management costs none: where ZoomInfo's last
     * answer is held and young enough, the lead gets it; else ZoomInfo is asked by the person's id, which is free
     * whatever else the lead says.
     *
     * @return the leads to ask ZoomInfo for; those that no budget covers are parked
     */
    LeadBatch cover(LeadBatch claimed, Exchange exchange) {
        Map<UUID, Identity> wanted = new LinkedHashMap<>();
        claimed.leads().stream().filter(lead -> ContactMatcher.matchInput(lead.lead()).isPresent())
                .forEach(lead -> wanted.put(lead.eventId(), Identity.ofLead(lead.lead().fields())));
        Map<UUID, Person> known = redeemed.known(wanted);
        List<Answer> held = new ArrayList<>();
        List<Demand> demands = new ArrayList<>();
        for (LeadEvent lead : claimed.leads()) {
            Optional<Person> person = Optional.ofNullable(known.get(lead.eventId()));
            if (person.isEmpty() && wanted.containsKey(lead.eventId())) {
                demands.add(new Demand(lead.eventId().toString(), lead.lead().source(), 1));
            }
            // A lead that comes again after its own answer is to be asked for anew.
            person.flatMap(Person::answer).filter(answer -> !answer.event().equals(lead.eventId())).ifPresent(answer -> held.add(new Answer(lead.claim(),
                    new Enrichment(answer.matchStatus(), LeadJson.object(answer.record()), 0), List.of())));
        }
        Map<String, Refusal> refused = ledger.reserve(WorkKind.LIVE, demands);
        stages.answered(held);
        park(claimed, refused);
        List<UUID> answered = held.stream().map(Answer::eventId).toList();
        LeadBatch covered = new LeadBatch(claimed.leads().stream().filter(lead -> !answered.contains(lead.eventId())
                && !refused.containsKey(lead.eventId().toString())).toList());
        askById(covered, known, exchange);
        return covered;
    }

    private void park(LeadBatch claimed, Map<String, Refusal> refused) {
        Map<Refusal, List<Claim>> byRefusal = new LinkedHashMap<>();
        claimed.leads().forEach(lead -> Optional.ofNullable(refused.get(lead.eventId().toString())).ifPresent(
                refusal -> byRefusal.computeIfAbsent(refusal, r -> new ArrayList<>()).add(lead.claim())));
        byRefusal.forEach((refusal, claims) -> {
            stages.park(claims, refusal.cause(), refusal.pause(Clock.systemUTC().instant()));
            LOG.warnf("%d lead(s) wait for credits: %s is spent or reserved; GET /api/usage shows all budgets",
                    claims.size(), refusal.budget());
        });
    }

    private void askById(LeadBatch covered, Map<UUID, Person> known, Exchange exchange) {
        List<UUID> mine = covered.eventIds().stream().filter(known::containsKey).toList();
        if (mine.isEmpty()) {
            return;
        }
        mine.forEach(event -> managed.put(event, known.get(event).personId()));
        exchange.getExchangeExtension().addOnCompletion(new SynchronizationAdapter() {
            @Override
            public void onDone(Exchange done) {
                mine.forEach(managed::remove);
            }
        });
    }

    /** What ZoomInfo is asked for a lead; empty when the lead says too little. */
    Optional<Map<String, Object>> input(LeadEvent lead) {
        return Optional.ofNullable(managed.get(lead.eventId())).filter(id -> id.matches("-?\\d{1,18}"))
                .map(id -> Map.<String, Object>of("personId", Long.valueOf(id)))
                .or(() -> ContactMatcher.matchInput(lead.lead()));
    }
}
