package io.leadroutes.routing;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One change of a pool's state. Folding a pool's events in the order of {@code seq} gives its state again.
 *
 * @param seq      1, 2, 3, … within the pool
 * @param user     whom it is about; empty for {@link Kind#REBASE}
 * @param weight   the new weight, for {@link Kind#JOIN} and {@link Kind#WEIGHT}
 * @param eligible in list order: for {@link Kind#ASSIGN} who could take the lead, else all members concerned
 * @param excluded members who could not, each with the reason
 * @param before   what the members that changed were owed
 * @param after    what they are owed now
 */
public record PoolEvent(String pool, long seq, Kind kind, Optional<String> user, Optional<Integer> weight,
        List<String> eligible, List<Excluded> excluded, Map<String, Owed> before, Map<String, Owed> after) {

    public enum Kind {
        ASSIGN, JOIN, LEAVE, WEIGHT, REBASE,
        /** An assignment that did not count is made good. */
        CREDIT
    }

    /** Why a member could not take the lead. */
    public enum Reason {
        INACTIVE
    }

    /** A member who could not take the lead. */
    public record Excluded(String user, Reason reason) {
    }
}
