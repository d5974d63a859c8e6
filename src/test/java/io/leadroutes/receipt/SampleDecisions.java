package io.leadroutes.receipt;

import io.leadroutes.facts.FactSheet;
import io.leadroutes.receipt.ReceiptWriter.Decided;
import io.leadroutes.routing.Choice;
import io.leadroutes.routing.Owed;
import io.leadroutes.routing.PoolEvent.Excluded;
import io.leadroutes.routing.PoolEvent.Reason;
import io.leadroutes.routing.PoolPick;
import io.leadroutes.routing.Route;
import io.leadroutes.routing.Target;
import io.leadroutes.rules.Facts;
import io.leadroutes.rules.Person;
import io.leadroutes.rules.Pool;
import io.leadroutes.rules.Queue;
import io.leadroutes.rules.RoutingRules;
import io.leadroutes.rules.Ruleset;
import io.leadroutes.rules.VariableTable;
import io.leadroutes.scoring.Score;
import io.leadroutes.scoring.ScoreLine;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.stream.Stream;

/** A small team, its rules, and decisions made by hand or by chance. */
public final class SampleDecisions {

    public static final String VERSION = "ab".repeat(32);

    private SampleDecisions() {
    }

    /** Ana 2, Ben 1, Cy 1 in pool {@code west}; Ben and the user {@code gone} are inactive when asked for. */
    public static Ruleset rules(boolean benActive) {
        return rules(benActive, List.of(new Pool.Member("ana", 2), new Pool.Member("ben", 1), new Pool.Member("cy", 1)));
    }

    public static Ruleset rules(boolean benActive, List<Pool.Member> members) {
        Map<String, Person> people = new LinkedHashMap<>();
        Stream.of(person("ana", "Ana Ruiz", true), person("ben", "Ben Ode", benActive), person("cy", "Cy Lam", true),
                person("dana", "Dana Weiss", true), person("gone", "Gus Lind", false))
                .forEach(one -> people.put(one.id(), one));
        return new Ruleset(VERSION, null, new RoutingRules(List.of(), List.of(), List.of("queue:rest")),
                Map.of("west", new Pool("west", Pool.Order.OWED, Optional.empty(), members),
                        "empty", new Pool("empty", Pool.Order.OWED, Optional.empty(),
                                List.of(new Pool.Member("gone", 1), new Pool.Member("ana", 0)))),
                people, Map.of("rest", new Queue("rest", "Unassigned", "00G-rest")), VariableTable.builtIn(), List.of(),
                "{\"pools\":{}}", Map.of("pools.yaml", "spec: 1\n"));
    }

    private static Person person(String id, String name, boolean active) {
        return new Person(id, name, "005-" + id, active, false);
    }

    public static Score score(String... points) {
        List<ScoreLine> lines = Stream.of(points).map(text -> new ScoreLine("row-" + text.replaceAll("[^0-9]", "x"),
                Optional.of("seat"), Optional.of("fit"), Optional.of(new BigDecimal(text)), new BigDecimal(text),
                "VP seat")).toList();
        int total = lines.stream().map(ScoreLine::points).reduce(BigDecimal.ZERO, BigDecimal::add).intValueExact();
        return new Score(total, "Hot", "A2", false, Map.of("fit", new BigDecimal(total)), new BigDecimal(total),
                BigDecimal.ZERO, lines, Optional.empty());
    }

    public static Route row(String reason, Target... targets) {
        return new Route(Route.Action.ASSIGN, List.of(targets), targets.length - 1, Optional.of("territory"),
                Optional.of("us-west-ent"), reason, Optional.empty(),
                List.of(new Route.RejectedRow("account-owner", "account.match", "failed", "[resolved, verified]")));
    }

    public static Route fallback(Target... targets) {
        return new Route(Route.Action.ASSIGN, List.of(targets), 0, Optional.empty(), Optional.empty(), "",
                Optional.empty(), List.of());
    }

    public static Target target(Target.Kind kind, String id) {
        return new Target(kind, id);
    }

    public static FactSheet sheet(Map<String, ?> facts) {
        return new FactSheet(Facts.of(facts), List.of(), List.of());
    }

    static Decided decided(Ruleset rules, FactSheet sheet, Score score, Route route, Choice choice) {
        return new Decided(UUID.randomUUID(), UUID.randomUUID(), 1, Instant.parse("2026-11-23T12:00:00.123456Z"), rules,
                sheet, score, route, choice, Optional.empty());
    }

    /** A receipt with a score line and a pool pick. */
    public static Receipt anyReceipt(UUID event) {
        Target pool = target(Target.Kind.POOL, "west");
        return new ReceiptWriter().write(new Decided(UUID.randomUUID(), event, 1, Instant.parse("2026-11-23T12:00:00Z"),
                rules(true), sheet(Map.of("lead.country", "US", "lead.title", "VP seat")), score("12"),
                row("a VP seat", pool), pick(pool, 0, true, List.of()), Optional.empty()));
    }

    /** Any decision that the rules of {@link #rules} could lead to. */
    static Decided random(Random random) {
        boolean benActive = random.nextBoolean();
        Ruleset rules = rules(benActive);
        String[] reasons = {"", "large company on the West Coast", "asked by bob@acme.example to call +1 (415) 555-0100",
            "a reason, with commas, and (brackets) of its own", "word ".repeat(1 + random.nextInt(80)).strip()};
        String reason = reasons[random.nextInt(reasons.length)];
        FactSheet sheet = new FactSheet(Facts.of(Map.of("lead.country", "US", "lead.ownerId",
                random.nextBoolean() ? "005-ana" : "005-other")), List.of(),
                random.nextBoolean() ? List.of() : List.of("lead.state is not a state of US that is known here"));
        Score score = switch (random.nextInt(3)) {
            case 0 -> score();
            case 1 -> score("12", "-2");
            default -> score("8.75", "3.45", "0.000001", "-0.200001");
        };
        Target pool = target(Target.Kind.POOL, "west");
        Target queue = target(Target.Kind.QUEUE, "rest");
        Choice none = new Choice(Optional.empty(), Optional.empty(), -1, Optional.empty(), List.of());
        return switch (random.nextInt(6)) {
            case 0 -> decided(rules, sheet, score, row(reason, pool, queue), pick(pool, 0, benActive, List.of()));
            case 1 -> decided(rules, sheet, score, row(reason, target(Target.Kind.ACCOUNT_OWNER, ""), queue),
                    new Choice(Optional.of(new Choice.Owner("00G-rest", "Unassigned")), Optional.of(queue), 1,
                            Optional.empty(), List.of(new Choice.Skipped(target(Target.Kind.ACCOUNT_OWNER, ""),
                                    Choice.Why.NOT_MATCHED))));
            case 2 -> decided(rules, sheet, score, fallback(pool, queue), pick(pool, 0, benActive, List.of()));
            case 3 -> decided(rules, sheet, score, new Route(Route.Action.ASSIGN, List.of(queue), 0, Optional.empty(),
                    Optional.empty(), "", Optional.of("row x: overflow"), List.of()),
                    new Choice(Optional.of(new Choice.Owner("00G-rest", "Unassigned")), Optional.of(queue), 0,
                            Optional.empty(), List.of()));
            case 4 -> decided(rules, sheet, score, new Route(Route.Action.STOP, List.of(), 0, Optional.empty(),
                    Optional.of("competitor"), "works for a competitor", Optional.empty(), List.of()), none);
            default -> decided(rules, sheet, score, new Route(Route.Action.KEEP_OWNER, List.of(), 0, Optional.empty(),
                    Optional.of("being-worked"), "is being worked", Optional.empty(), List.of()), none);
        };
    }

    static Choice pick(Target pool, int index, boolean benActive, List<Choice.Skipped> skipped) {
        PoolPick pick = benActive
                ? new PoolPick("west", 7, "ana", List.of("ana", "ben", "cy"), Map.of("ana", Owed.parse("1/2"), "ben",
                        Owed.parse("1/4"), "cy", Owed.parse("1/4")), List.of())
                : new PoolPick("west", 7, "ana", List.of("ana", "cy"), Map.of("ana", Owed.parse("2/3"), "cy",
                        Owed.parse("1/3")), List.of(new Excluded("ben", Reason.INACTIVE)));
        return new Choice(Optional.of(new Choice.Owner("005-ana", "Ana Ruiz")), Optional.of(pool), index,
                Optional.of(pick), skipped);
    }
}
