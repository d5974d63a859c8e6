package io.leadroutes.routing;

import io.leadroutes.routing.Choice.Owner;
import io.leadroutes.routing.Choice.Skipped;
import io.leadroutes.routing.Choice.Why;
import io.leadroutes.rules.Person;
import io.leadroutes.rules.Queue;
import io.leadroutes.rules.Ruleset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** Goes through the targets of a route and takes the first that can take the lead. */
public final class OwnerChooser {

    private OwnerChooser() {
    }

    /** The pool that {@link #choose} will ask, if it will ask one; known before any lock. */
    public static Optional<String> poolNeeded(Ruleset rules, Route route) {
        return route.targets().stream().filter(target -> hindrance(rules, target).isEmpty()).findFirst()
                .filter(target -> target.kind() == Target.Kind.POOL).map(Target::id);
    }

    /**
     * @param assignment id that the assignment will have, should there be one
     * @throws IllegalStateException if no target can take the lead, which the check of a fallback chain excludes but
     *                               for an inactive person at its end
     */
    public static Choice choose(Ruleset rules, Route route, PoolBook pools, UUID assignment) {
        if (route.action() != Route.Action.ASSIGN) {
            return new Choice(Optional.empty(), Optional.empty(), -1, Optional.empty(), List.of());
        }
        List<Skipped> skipped = new ArrayList<>();
        for (int i = 0; i < route.targets().size(); i++) {
            Target target = route.targets().get(i);
            Optional<Why> hindrance = hindrance(rules, target);
            if (hindrance.isPresent()) {
                skipped.add(new Skipped(target, hindrance.get()));
                continue;
            }
            Optional<PoolPick> pick = target.kind() == Target.Kind.POOL ? pools.pick(target.id(), assignment)
                    : Optional.empty();
            Owner owner = switch (target.kind()) {
                case QUEUE -> owner(rules.queues().get(target.id()));
                case POOL -> owner(rules.people().get(pick.orElseThrow().user()));
                default -> owner(rules.people().get(target.id()));
            };
            return new Choice(Optional.of(owner), Optional.of(target), i, pick, List.copyOf(skipped));
        }
        throw new IllegalStateException("none of the targets " + route.targets() + " can take a lead");
    }

    private static Optional<Why> hindrance(Ruleset rules, Target target) {
        return switch (target.kind()) {
            case USER -> !rules.people().containsKey(target.id()) ? Optional.of(Why.UNKNOWN)
                    : rules.people().get(target.id()).active() ? Optional.empty() : Optional.of(Why.INACTIVE);
            case QUEUE -> rules.queues().containsKey(target.id()) ? Optional.empty() : Optional.of(Why.UNKNOWN);
            case POOL -> !rules.pools().containsKey(target.id()) ? Optional.of(Why.UNKNOWN)
                    : PoolBook.somebodyThere(rules, target.id()) ? Optional.empty() : Optional.of(Why.NOBODY);
            case ACCOUNT_OWNER, CONTACT_OWNER, PREVIOUS -> Optional.of(Why.NOT_MATCHED);
        };
    }

    private static Owner owner(Person person) {
        return new Owner(person.ownerId(), person.name());
    }

    private static Owner owner(Queue queue) {
        return new Owner(queue.ownerId(), queue.name());
    }
}
