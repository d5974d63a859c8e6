package io.leadroutes.routing;

import java.util.List;
import java.util.Optional;

/**
 * What guards and tables say about a lead, before a pool chooses a person.
 *
 * @param targets  the winner's target, its own alternatives, then the fallback chain, in the order to try; empty
 *                 unless {@link Action#ASSIGN}
 * @param fallbackFrom index in {@code targets} at which the fallback chain begins
 * @param table    id of the deciding table; empty for a guard, a disqualifier or the fallback
 * @param rule     id of the deciding row, guard or disqualifier; empty when nothing matched
 * @param reason   the row's own words with its variables filled in; empty when nothing matched
 * @param error    why a table was abandoned ({@code RULE_ERROR}), if one was
 * @param rejected rows of the deciding table above the winner, at most 20
 */
public record Route(Action action, List<Target> targets, int fallbackFrom, Optional<String> table,
        Optional<String> rule, String reason, Optional<String> error, List<RejectedRow> rejected) {

    public enum Action {
        ASSIGN, STOP, KEEP_OWNER
    }

    /** A row that did not match, with the first cell that failed. */
    public record RejectedRow(String rule, String firstFailingColumn, String value, String needed) {
    }
}
