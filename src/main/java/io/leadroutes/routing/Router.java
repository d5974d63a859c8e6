package io.leadroutes.routing;

import io.leadroutes.rules.Facts;
import io.leadroutes.rules.Ruleset;
import io.leadroutes.scoring.Score;
import jakarta.enterprise.context.ApplicationScoped;

/** Asks guards, then a disqualifier, then tables, then the fallback chain where a lead goes. */
@ApplicationScoped
public class Router {

    /** Where the lead goes; never without a target unless a guard or a disqualifier ends it. */
    public Route route(Ruleset ruleset, Facts facts, Score score) {
        throw new UnsupportedOperationException("routing follows in the next commit");
    }
}
