package io.leadroutes.routing;

import io.leadroutes.routing.Route.Action;
import io.leadroutes.routing.Route.RejectedRow;
import io.leadroutes.rules.EvaluationException;
import io.leadroutes.rules.Facts;
import io.leadroutes.rules.Inputs;
import io.leadroutes.rules.RoutingRules;
import io.leadroutes.rules.RoutingRules.Guard;
import io.leadroutes.rules.RoutingRules.GuardAction;
import io.leadroutes.rules.RoutingRules.RouteRow;
import io.leadroutes.rules.RoutingRules.Table;
import io.leadroutes.rules.RowTest;
import io.leadroutes.rules.Ruleset;
import io.leadroutes.rules.ScoringRules.Disqualifier;
import io.leadroutes.scoring.Score;
import jakarta.enterprise.context.ApplicationScoped;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Asks guards, then the disqualifier that met the lead, then tables, then the fallback chain where a lead goes. */
@ApplicationScoped
public class Router {

    private static final int MOST_REJECTED = 20;
    /** The rule of a stop that no rule file has to write: nobody who is suppressed is ever routed. */
    public static final String SUPPRESSED = "suppressed";
    private static final String RULE_ERROR = "RULE_ERROR: ";

    /**
     * Where the lead goes; never without a target unless a guard or a disqualifier ends it, or the person is suppressed,
     * whatever the rules say. A guard that cannot be
     * evaluated counts as met. A table with a row that cannot be evaluated is abandoned, and the lead takes the
     * fallback chain, since a later, weaker row must not decide.
     *
     * @throws IllegalArgumentException if a fact is of another type than its variable
     */
    public Route route(Ruleset ruleset, Facts facts, Score score) {
        RoutingRules rules = ruleset.routing();
        Inputs lead = Inputs.of(ruleset.types(), facts);
        Optional<Route> guarded = guarded(rules, lead);
        if (facts.value("consent.suppressed").equals(Optional.of(true))) {
            return guarded.filter(route -> route.action() == Action.STOP).orElseGet(Router::suppressed);
        }
        if (guarded.isPresent()) {
            return guarded.get();
        }
        Optional<Route> disqualified = disqualified(ruleset, score, lead);
        if (disqualified.isPresent()) {
            return disqualified.get();
        }
        Inputs scored = lead.with(Facts.of(scoreFacts(score)));
        for (Table table : rules.tables()) {
            Optional<Route> route = table(rules, table, scored);
            if (route.isPresent()) {
                return route.get();
            }
        }
        return fallback(rules, Optional.empty());
    }

    /** The stop of a suppressed person. */
    public static Route suppressed() {
        return new Route(Action.STOP, List.of(), 0, Optional.empty(), Optional.of(SUPPRESSED),
                "the person has opted out or is suppressed", Optional.empty(), List.of());
    }

    private static Optional<Route> guarded(RoutingRules rules, Inputs lead) {
        for (Guard guard : rules.guards()) {
            Optional<String> error = Optional.empty();
            boolean met;
            try {
                met = guard.when().holds(lead);
            } catch (EvaluationException e) {
                met = true;
                error = Optional.of(RULE_ERROR + "guard " + guard.id() + " could not be evaluated: " + e.getMessage());
            }
            if (met) {
                return Optional.of(guarded(rules, guard, lead, error));
            }
        }
        return Optional.empty();
    }

    /** The {@code score.*} variables; axis sums are rounded half up to whole points. */
    public static Map<String, Object> scoreFacts(Score score) {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("score.total", (long) score.total());
        facts.put("score.tier", score.tier());
        facts.put("score.grade", score.grade());
        facts.put("score.disqualified", score.disqualified());
        facts.put("score.fit", whole(score.fit()));
        facts.put("score.intent", whole(score.intent()));
        facts.put("score.engagement", whole(score.axes().getOrDefault("engagement", BigDecimal.ZERO)));
        facts.put("score.source", whole(score.axes().getOrDefault("source", BigDecimal.ZERO)));
        return facts;
    }

    private static long whole(BigDecimal points) {
        return points.add(new BigDecimal("0.5")).setScale(0, RoundingMode.FLOOR).longValueExact();
    }

    private static Route guarded(RoutingRules rules, Guard guard, Inputs lead, Optional<String> error) {
        Action action = switch (guard.action()) {
            case STOP -> Action.STOP;
            case KEEP_OWNER -> Action.KEEP_OWNER;
            case ASSIGN -> Action.ASSIGN;
        };
        List<Target> targets = guard.action() == GuardAction.ASSIGN
                ? targets(List.of(guard.target().orElseThrow()), rules) : List.of();
        return new Route(action, targets, targets.isEmpty() ? 0 : 1, Optional.empty(), Optional.of(guard.id()),
                guard.reason().fill(lead), error, List.of());
    }

    private static Optional<Route> disqualified(Ruleset ruleset, Score score, Inputs lead) {
        if (!score.disqualified() || score.route().isEmpty()) {
            return Optional.empty();
        }
        String id = score.lines().get(score.lines().size() - 1).rule();
        String reason = score.lines().get(score.lines().size() - 1).reason();
        Optional<String> rule = ruleset.scoring().disqualifiers().stream().map(Disqualifier::id).filter(id::equals)
                .findFirst();
        if (score.route().get().equals("none")) {
            return Optional.of(new Route(Action.STOP, List.of(), 0, Optional.empty(), rule, reason, Optional.empty(),
                    List.of()));
        }
        return Optional.of(new Route(Action.ASSIGN, targets(List.of(score.route().get()), ruleset.routing()), 1,
                Optional.empty(), rule, reason, Optional.empty(), List.of()));
    }

    private static Optional<Route> table(RoutingRules rules, Table table, Inputs lead) {
        List<RejectedRow> rejected = new ArrayList<>();
        for (RouteRow row : table.rows()) {
            RowTest.Outcome outcome = row.test().evaluate(lead);
            if (outcome.failed()) {
                return Optional.of(fallback(rules, Optional.of(RULE_ERROR + "rule " + row.id() + " of table "
                        + table.id() + " could not be evaluated: " + outcome.needed())));
            }
            if (outcome.matched()) {
                List<String> own = new ArrayList<>(List.of(row.assign()));
                own.addAll(row.otherwise());
                return Optional.of(new Route(Action.ASSIGN, targets(own, rules), own.size(), Optional.of(table.id()),
                        Optional.of(row.id()), reason(row, lead), Optional.empty(), List.copyOf(rejected)));
            }
            if (rejected.size() < MOST_REJECTED) {
                rejected.add(new RejectedRow(row.id(), outcome.column(), outcome.value(), outcome.needed()));
            }
        }
        return Optional.empty();
    }

    private static Route fallback(RoutingRules rules, Optional<String> error) {
        return new Route(Action.ASSIGN, targets(List.of(), rules), 0, Optional.empty(), Optional.empty(), "", error,
                List.of());
    }

    /** The row's own words; without them, what the lead has in the columns the row asks. */
    private static String reason(RouteRow row, Inputs lead) {
        return row.reason().map(reason -> reason.fill(lead)).orElseGet(() -> row.test().facts(lead));
    }

    private static List<Target> targets(List<String> own, RoutingRules rules) {
        List<Target> targets = new ArrayList<>();
        own.forEach(text -> targets.add(target(text)));
        rules.fallback().stream().filter(text -> !own.contains(text)).forEach(text -> targets.add(target(text)));
        return List.copyOf(targets);
    }

    private static Target target(String text) {
        int colon = text.indexOf(':');
        String id = colon < 0 ? "" : text.substring(colon + 1);
        return new Target(switch (colon < 0 ? text : text.substring(0, colon)) {
            case "user" -> Target.Kind.USER;
            case "queue" -> Target.Kind.QUEUE;
            case "pool" -> Target.Kind.POOL;
            case "account.owner" -> Target.Kind.ACCOUNT_OWNER;
            case "contact.owner" -> Target.Kind.CONTACT_OWNER;
            case "previous" -> Target.Kind.PREVIOUS;
            default -> throw new IllegalArgumentException("not a target: " + text);
        }, id);
    }
}
