package io.leadroutes.decision;

import io.leadroutes.decision.ScoredBatch.Undecided;
import io.leadroutes.facts.FactSheet;
import io.leadroutes.facts.LeadFacts;
import io.leadroutes.lead.LeadEvent;
import io.leadroutes.routing.Router;
import io.leadroutes.rules.ActiveRules;
import io.leadroutes.rules.Ruleset;
import io.leadroutes.scoring.Score;
import io.leadroutes.scoring.Scorer;
import io.quarkus.arc.Unremovable;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** The score stage: facts, score and route of claimed leads, under one version of the rules. */
@ApplicationScoped
@Named("leadScoring")
@Unremovable
public class LeadScoring {

    private final Supplier<Ruleset> rules;
    private final LeadFacts facts;
    private final Scorer scorer;
    private final Router router;

    @Inject
    LeadScoring(ActiveRules rules, LeadFacts facts, Scorer scorer, Router router) {
        this(rules::current, facts, scorer, router);
    }

    LeadScoring(Supplier<Ruleset> rules, LeadFacts facts, Scorer scorer, Router router) {
        this.rules = rules;
        this.facts = facts;
        this.scorer = scorer;
        this.router = router;
    }

    /**
     * Scores the rows of a claim. A lead that cannot be scored is set aside; the others go on.
     *
     * @param rows as {@code sql/claim-enriched.sql} returns them; {@code claimed_at} is the database's time, which
     *             is the time that rules know, so that all replicas use one clock; {@code suppressed} says whether the person
     *             may not be routed
     */
    public ScoredBatch score(List<Map<String, Object>> rows) {
        Ruleset current = rules.get();
        List<ScoredLead> scored = new ArrayList<>();
        List<Undecided> undecided = new ArrayList<>();
        for (Map<String, Object> row : rows) {
            LeadEvent event = LeadEvent.of(row);
            Instant at = ((Timestamp) row.get("claimed_at")).toInstant();
            try {
                scored.add(score(current, event, at, suppressed(row)));
            } catch (RuntimeException e) {
                undecided.add(new Undecided(event, new DecisionFailedException(event.eventId(), e)));
            }
        }
        return new ScoredBatch(current, scored, undecided);
    }

    /** Consent is never taken for granted: a route that did not ask for it gets no decision. */
    private static boolean suppressed(Map<String, Object> row) {
        if (row.get("suppressed") instanceof Boolean suppressed) {
            return suppressed;
        }
        throw new IllegalStateException("the list of suppressions was not asked");
    }

    private ScoredLead score(Ruleset current, LeadEvent event, Instant at, boolean suppressed) {
        FactSheet sheet = facts.of(event, at, current.types(), suppressed);
        Score score = scorer.score(current, sheet.facts(), sheet.events());
        return new ScoredLead(event, sheet, score, router.route(current, sheet.facts(), score));
    }
}
