package io.leadroutes.decision;

import io.leadroutes.facts.FactSheet;
import io.leadroutes.lead.LeadEvent;
import io.leadroutes.routing.Route;
import io.leadroutes.scoring.Score;

/** A lead with all that its rules said, before a pool chooses a person. */
public record ScoredLead(LeadEvent event, FactSheet sheet, Score score, Route route) {
}
