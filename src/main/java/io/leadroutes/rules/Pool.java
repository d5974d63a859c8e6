package io.leadroutes.rules;

import java.time.ZoneId;
import java.util.List;
import java.util.Optional;

/**
 * A team that shares leads.
 *
 * @param members in the order of the file, which breaks ties
 */
public record Pool(String id, Order order, Optional<ZoneId> zone, List<Member> members) {

    /** How the next member is chosen. */
    public enum Order {
        /** Whoever is owed most; weighted round robin. */
        OWED
    }

    /**
     * @param user   id in {@code people.yaml}
     * @param weight 0 (paused) to 1000
     */
    public record Member(String user, int weight) {
    }

    public Pool {
        members = List.copyOf(members);
    }
}
