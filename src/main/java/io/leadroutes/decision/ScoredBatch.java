package io.leadroutes.decision;

import io.leadroutes.lead.LeadEvent;
import io.leadroutes.rules.Ruleset;
import java.util.ArrayList;
import java.util.List;

/**
 * Claimed leads under one version of the rules.
 *
 * @param undecided leads that could not be scored or decided
 */
public record ScoredBatch(Ruleset rules, List<ScoredLead> scored, List<Undecided> undecided) {

    /** A lead that ends in a dead letter, and why. */
    public record Undecided(LeadEvent lead, DecisionFailedException cause) {
    }

    public ScoredBatch {
        scored = List.copyOf(scored);
        undecided = List.copyOf(undecided);
    }

    ScoredBatch only(ScoredLead lead) {
        return new ScoredBatch(rules, List.of(lead), List.of());
    }

    ScoredBatch andUndecided(List<Undecided> more) {
        List<Undecided> all = new ArrayList<>(undecided);
        all.addAll(more);
        return new ScoredBatch(rules, scored, all);
    }
}
