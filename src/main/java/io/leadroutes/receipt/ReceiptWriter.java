package io.leadroutes.receipt;

import io.leadroutes.facts.FactSheet;
import io.leadroutes.receipt.Receipt.Assigned;
import io.leadroutes.receipt.Receipt.Line;
import io.leadroutes.receipt.Receipt.Match;
import io.leadroutes.receipt.Receipt.PassedOver;
import io.leadroutes.receipt.Receipt.Pooled;
import io.leadroutes.receipt.Receipt.Rejected;
import io.leadroutes.receipt.Receipt.Routed;
import io.leadroutes.receipt.Receipt.Scored;
import io.leadroutes.receipt.Receipt.Step;
import io.leadroutes.routing.Choice;
import io.leadroutes.routing.Owed;
import io.leadroutes.routing.PoolPick;
import io.leadroutes.routing.Route;
import io.leadroutes.routing.Router;
import io.leadroutes.routing.Target;
import io.leadroutes.rules.Person;
import io.leadroutes.rules.Ruleset;
import io.leadroutes.rules.Variable;
import io.leadroutes.scoring.Score;
import io.leadroutes.scoring.ScoreLine;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Collectors;

/** Makes the receipt of a decision from the data that decided, and from nothing else. */
public final class ReceiptWriter {

    /** Longest headline, in UTF-16 units. */
    static final int HEADLINE = 240;
    private static final int LONGEST_NAME = 60;
    private static final int SKIPS_SHOWN = 3;
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSS'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);

    private final Sentences sentences = new Sentences();

    /**
     * All that decided one lead.
     *
     * @param previous hash of the lead's receipt before this one
     */
    public record Decided(UUID decisionId, UUID eventId, int number, Instant at, Ruleset rules, FactSheet sheet,
            Score score, Route route, Choice choice, Optional<String> previous) {
    }

    /** The receipt, sealed with its hash. */
    public Receipt write(Decided decided) {
        return ReceiptJson.sealed(new Telling(decided).receipt());
    }

    private final class Telling {

        private final Decided decided;
        private final Ruleset rules;
        private final Route route;
        private final Choice choice;
        private final Score score;
        private final boolean guarded;
        private final boolean stoppedByGuard;
        private final boolean byFallback;
        private final List<Step> steps = new ArrayList<>();

        Telling(Decided decided) {
            this.decided = decided;
            this.rules = decided.rules();
            this.route = decided.route();
            this.choice = decided.choice();
            this.score = decided.score();
            this.guarded = route.table().isEmpty() && route.rule().filter(rule -> rule.equals(Router.SUPPRESSED)
                    || rules.routing().guards().stream().anyMatch(guard -> guard.id().equals(rule))).isPresent();
            this.stoppedByGuard = guarded && route.action() == Route.Action.STOP;
            this.byFallback = choice.index() >= route.fallbackFrom();
        }

        Receipt receipt() {
            facts();
            match();
            guard();
            scored();
            routed();
            pooled();
            return new Receipt(1, decided.decisionId(), decided.eventId(), decided.number(),
                    TIME.format(decided.at()), rules.version(), "live", headline(), List.copyOf(steps),
                    new Match("failed", "none"), stoppedByGuard ? Optional.empty() : Optional.of(score()), route(),
                    choice.pick().map(this::pool), choice.owner().map(owner -> new Assigned(owner.id(), owner.name())),
                    allFacts(), "", decided.previous());
        }

        private Map<String, Object> allFacts() {
            Map<String, Object> facts = new TreeMap<>();
            for (Variable variable : rules.types().all()) {
                if (variable.scope() == Variable.Scope.EVERYWHERE) {
                    facts.put(variable.name(), null);
                }
            }
            facts.putAll(decided.sheet().facts().values());
            return facts;
        }

        // Steps

        private void facts() {
            for (String warning : decided.sheet().warnings()) {
                step("match", "UNKNOWN_VALUE", "step.unknown", slots("warning", Sentences.clean(warning)));
            }
        }

        private void match() {
            step("match", "ACCOUNT_NONE", "step.match.none", slots("why", sentences.say("why.notMatched", Map.of())));
        }

        private void guard() {
            if (guarded) {
                String code = switch (route.action()) {
                    case STOP -> "GUARD_STOP";
                    case KEEP_OWNER -> "GUARD_KEEP_OWNER";
                    case ASSIGN -> "GUARD_ASSIGN";
                };
                step("guard", code, "step.guard", slots("rule", rule(), "reason", reason()));
            }
        }

        private void scored() {
            if (stoppedByGuard) {
                step("score", "NOT_REACHED", "step.score.notReached", slots("reason", reason()));
                return;
            }
            Map<String, Object> slots = slots("total", score.total(), "tier", score.tier());
            if (score.lines().isEmpty()) {
                step("score", "SCORE", "step.score.none", slots);
                return;
            }
            slots.put("lines", score.lines().stream().map(line -> sentences.say("step.line",
                    slots("reason", Sentences.clean(line.reason()), "points", signed(line.points()))))
                    .collect(Collectors.joining(", ")));
            step("score", "SCORE", "step.score", slots);
        }

        private void routed() {
            if (stoppedByGuard) {
                step("route", "NOT_REACHED", "step.route.notReached", slots("reason", reason()));
                return;
            }
            if (route.action() == Route.Action.ASSIGN) {
                assigned();
            } else if (!guarded) {
                step("route", "RULE_STOP", "step.route.stop", slots("rule", rule(), "reason", reason()));
            }
        }

        private void assigned() {
            Target first = route.targets().get(0);
            if (route.rule().isPresent() && route.table().isPresent()) {
                step("route", "RULE", "step.route.row",
                        slots("rule", rule(), "table", route.table().get(), "target", first));
            } else if (route.rule().isPresent()) {
                step("route", "RULE", "step.route.rule", slots("rule", rule(), "target", first));
            } else if (route.error().isPresent()) {
                step("route", "RULE_ERROR", "step.route.error",
                        slots("error", Sentences.clean(route.error().get()), "target", first));
            } else {
                step("route", "FALLBACK", "step.route.fallback", slots("target", first));
            }
            choice.skipped().forEach(skipped -> step("route", "PASSED_OVER", "step.route.skipped",
                    slots("target", skipped.target(), "why", sentences.say("why." + skipped.why(), Map.of()))));
            if (route.rule().isPresent() && byFallback) {
                step("route", "FALLBACK", "step.route.taken", slots("target", choice.target().orElseThrow()));
            }
        }

        private void pooled() {
            choice.pick().ifPresent(pick -> {
                Owed most = pick.owed().get(pick.user());
                String others = pick.eligible().stream().filter(user -> !user.equals(pick.user()))
                        .sorted(Comparator.comparing((String user) -> pick.owed().get(user)).reversed())
                        .map(user -> sentences.say("step.pool.other",
                                slots("person", name(user), "owed", pick.owed().get(user).rounded())))
                        .collect(Collectors.joining());
                step("pool", "POOL_PICK", "step.pool",
                        slots("person", name(pick.user()), "owed", most.rounded(), "others", others));
            });
        }

        private void step(String stage, String code, String key, Map<String, Object> slots) {
            Map<String, Object> data = new LinkedHashMap<>();
            slots.forEach((slot, value) -> {
                if (!slot.equals("lines") && !slot.equals("others")) {
                    data.put(slot, value instanceof Integer ? value : value.toString());
                }
            });
            steps.add(new Step(stage, code, sentences.say(key, slots), data));
        }

        // Headline

        private String headline() {
            List<String> skips = choice.pick().map(pick -> pick.excluded().stream()
                    .map(excluded -> sentences.say("skip.inactive", slots("person", name(excluded.user())))).toList())
                    .orElse(List.of());
            String reason = reason();
            String headline = headline(skips, Math.min(skips.size(), SKIPS_SHOWN), reason);
            for (int shown = Math.min(skips.size(), SKIPS_SHOWN) - 1; headline.length() > HEADLINE && shown > 0; shown--) {
                headline = headline(skips, shown, reason);
            }
            if (headline.length() > HEADLINE) {
                int room = Math.max(1, reason.length() - (headline.length() - HEADLINE));
                headline = headline(skips, Math.min(skips.size(), 1), Sentences.cut(reason, room));
            }
            return headline;
        }

        private String headline(List<String> skips, int shown, String reason) {
            Map<String, Object> slots = slots("who", who(), "cause", cause(reason));
            if (skips.isEmpty()) {
                return sentences.say("headline", slots);
            }
            List<String> said = new ArrayList<>(skips.subList(0, shown));
            String skipped = String.join(", ", said);
            if (skips.size() > shown) {
                skipped += " " + sentences.say("skip.more", slots("count", skips.size() - shown));
            }
            slots.put("skipped", skipped);
            return sentences.say("headline.skipped", slots);
        }

        private String who() {
            return switch (route.action()) {
                case STOP -> sentences.say("who.stopped", Map.of());
                case KEEP_OWNER -> decided.sheet().facts().value("lead.ownerId").flatMap(this::ownerName)
                        .map(person -> sentences.say("who.kept", slots("person", person)))
                        .orElseGet(() -> sentences.say("who.kept.unknown", Map.of()));
                case ASSIGN -> assignedTo();
            };
        }

        private String assignedTo() {
            Target target = choice.target().orElseThrow();
            String name = shortName(choice.owner().orElseThrow().name());
            return switch (target.kind()) {
                case QUEUE -> sentences.say("who.queue", slots("queue", name));
                case POOL -> sentences.say("who.person.pool", slots("person", name, "pool", target.id()));
                default -> sentences.say("who.person", slots("person", name));
            };
        }

        private Optional<String> ownerName(Object ownerId) {
            return rules.people().values().stream().filter(person -> person.ownerId().equals(ownerId))
                    .map(Person::name).map(ReceiptWriter::shortName).findFirst();
        }

        private String cause(String reason) {
            if (guarded) {
                return sentences.say("cause.guard", slots("reason", reason));
            }
            if (route.rule().isPresent()) {
                return sentences.say("cause.row", slots("reason", reason, "rule", rule()));
            }
            return sentences.say(route.error().isPresent() ? "cause.error" : "cause.fallback",
                    slots("target", choice.target().orElseThrow()));
        }

        private String rule() {
            return route.rule().orElseThrow();
        }

        /** The author's words; a row without any says which table it stands in. */
        private String reason() {
            String reason = Sentences.clean(route.reason());
            if (!reason.isEmpty()) {
                return reason;
            }
            return route.table().map(table -> sentences.say("reason.row", slots("table", table)))
                    .orElseGet(() -> sentences.say("reason.rule", Map.of()));
        }

        private String name(String user) {
            return shortName(rules.people().containsKey(user) ? rules.people().get(user).name() : user);
        }

        // Parts

        private Scored score() {
            return new Scored(score.total(), score.tier(), score.grade(), score.disqualified(), plain(score.fit()),
                    plain(score.intent()), score.lines().stream().map(this::line).toList());
        }

        private Line line(ScoreLine line) {
            return new Line(line.rule(), line.group(), line.axis(), line.raw().map(ReceiptWriter::plain),
                    plain(line.points()), Sentences.clean(line.reason()));
        }

        private Routed route() {
            return new Routed(switch (route.action()) {
                case ASSIGN -> "assign";
                case STOP -> "stop";
                case KEEP_OWNER -> "keepOwner";
            }, choice.target().map(Target::toString), route.table(), route.rule(),
                    route.rule().map(rule -> reason()),
                    route.action() == Route.Action.ASSIGN && byFallback, route.error().map(Sentences::clean),
                    route.rejected().stream().map(row -> new Rejected(row.rule(), row.firstFailingColumn(),
                            Optional.ofNullable(row.value()), row.needed())).toList(),
                    choice.skipped().stream().map(skipped -> new PassedOver(skipped.target().toString(),
                            skipped.why().name())).toList());
        }

        private Pooled pool(PoolPick pick) {
            Map<String, String> owed = new LinkedHashMap<>();
            pick.owed().forEach((user, value) -> owed.put(user, value.toString()));
            return new Pooled(pick.pool(), pick.seq(), pick.user(), pick.eligible(), owed, pick.excluded().stream()
                    .map(excluded -> new Receipt.Excluded(excluded.user(), excluded.reason().name())).toList());
        }
    }

    private static String shortName(String name) {
        return Sentences.cut(name, LONGEST_NAME);
    }

    private static String signed(BigDecimal points) {
        return (points.signum() < 0 ? "" : "+") + plain(points).toPlainString();
    }

    /** Without trailing zeros and without an exponent. */
    private static BigDecimal plain(BigDecimal number) {
        BigDecimal stripped = number.stripTrailingZeros();
        return stripped.scale() < 0 ? stripped.setScale(0) : stripped;
    }

    private static Map<String, Object> slots(Object... namesAndValues) {
        Map<String, Object> slots = new LinkedHashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            slots.put((String) namesAndValues[i], namesAndValues[i + 1]);
        }
        return slots;
    }
}
