package io.leadroutes.rules;

import java.util.List;
import java.util.Optional;

/**
 * {@code routing.yaml}, checked. Targets are texts as written: {@code pool:x}, {@code user:x}, {@code queue:x},
 * {@code account.owner}, {@code contact.owner}, {@code previous}.
 *
 * @param fallback the chain for leads that no row took; ends in something that is always open
 */
public record RoutingRules(List<Guard> guards, List<Table> tables, List<String> fallback) {

    /** What a guard does with the lead. */
    public enum GuardAction {
        STOP, KEEP_OWNER, ASSIGN
    }

    /** @param target for {@link GuardAction#ASSIGN} only */
    public record Guard(String id, Condition when, GuardAction action, Optional<String> target, Template reason) {
    }

    /** How rows may overlap; all three run from top to bottom and the first match decides. */
    public enum Hit {
        FIRST, UNIQUE, ANY
    }

    public record Table(String id, Hit hit, boolean complete, List<RouteRow> rows) {
    }

    /**
     * @param assign first target
     * @param otherwise targets to try when the first cannot take the lead, before the fallback chain
     */
    public record RouteRow(String id, RowTest test, String assign, List<String> otherwise, Optional<Template> reason,
            Optional<String> note) {
    }
}
