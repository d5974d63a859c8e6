package io.leadroutes.scoring;

import io.leadroutes.rules.Facts;
import io.leadroutes.rules.Ruleset;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;

/** Scores a lead. */
@ApplicationScoped
public class Scorer {

    /**
     * Scores one lead.
     *
     * @param events one element an event, each with the {@code event.*} variables, for groups with
     *               {@code forEach: events}
     */
    public Score score(Ruleset ruleset, Facts facts, List<Facts> events) {
        throw new UnsupportedOperationException("scoring follows in the next commit");
    }
}
