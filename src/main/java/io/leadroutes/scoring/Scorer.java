package io.leadroutes.scoring;

import io.leadroutes.rules.EvaluationException;
import io.leadroutes.rules.Facts;
import io.leadroutes.rules.Inputs;
import io.leadroutes.rules.RowTest;
import io.leadroutes.rules.Ruleset;
import io.leadroutes.rules.ScoringRules;
import io.leadroutes.rules.ScoringRules.Axis;
import io.leadroutes.rules.ScoringRules.Band;
import io.leadroutes.rules.ScoringRules.Disqualifier;
import io.leadroutes.rules.ScoringRules.Factor;
import io.leadroutes.rules.ScoringRules.Group;
import io.leadroutes.rules.ScoringRules.HalfLife;
import io.leadroutes.rules.ScoringRules.Hit;
import io.leadroutes.rules.ScoringRules.Linear;
import io.leadroutes.rules.ScoringRules.Lookup;
import io.leadroutes.rules.ScoringRules.ScoreRow;
import io.leadroutes.rules.ScoringRules.Steps;
import io.leadroutes.rules.ScoringRules.Tier;
import jakarta.enterprise.context.ApplicationScoped;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Scores a lead. All arithmetic is in micro-points (a millionth of a point), which holds a row's points times three
 * percentages exactly, so that the lines sum to the total without remainder.
 */
@ApplicationScoped
public class Scorer {

    private static final long POINT = 1_000_000;
    private static final String DISQUALIFIED = "DQ";

    /**
     * Scores one lead.
     *
     * @param events one element an event, each with the {@code event.*} variables, for groups with
     *               {@code forEach: events}
     * @throws IllegalArgumentException if a fact is of another type than its variable
     */
    public Score score(Ruleset ruleset, Facts facts, List<Facts> events) {
        ScoringRules rules = ruleset.scoring();
        Inputs lead = Inputs.of(ruleset.types(), facts);
        List<Inputs> elements = events.stream().map(lead::with).toList();
        List<ScoreLine> lines = new ArrayList<>();
        Map<String, Long> sums = new LinkedHashMap<>();
        long raw = 0;
        for (Axis axis : rules.axes()) {
            long sum = axis(rules, axis, lead, elements, lines);
            sums.put(axis.id(), sum);
            raw += weighted(sum, axis);
        }
        long inRange = Math.max(rules.min() * POINT, Math.min(rules.max() * POINT, raw));
        if (inRange != raw) {
            lines.add(line("cap:total", inRange - raw, "the score runs from " + rules.min() + " to " + rules.max()));
        }
        int total = (int) Math.floorDiv(inRange + POINT / 2, POINT);
        if (total * POINT != inRange) {
            lines.add(line("rounding", total * POINT - inRange, "rounding"));
        }
        Optional<Disqualifier> disqualifier = disqualifier(rules, lead, lines);
        if (disqualifier.isPresent()) {
            lines.add(line(disqualifier.get().id(), -total * POINT, disqualifier.get().reason()
                    .map(reason -> reason.fill(lead)).orElse(disqualifier.get().id())));
        }
        Map<String, BigDecimal> axes = new LinkedHashMap<>();
        sums.forEach((id, sum) -> axes.put(id, points(sum)));
        boolean out = disqualifier.isPresent();
        return new Score(out ? 0 : total, out ? DISQUALIFIED : label(rules.tiers(), total * POINT),
                out ? DISQUALIFIED : grade(rules, sums), out, Collections.unmodifiableMap(axes),
                axes.getOrDefault(rules.fitAxis(), BigDecimal.ZERO),
                axes.getOrDefault(rules.intentAxis(), BigDecimal.ZERO), List.copyOf(lines),
                disqualifier.flatMap(Disqualifier::route));
    }

    /** Adds the lines of an axis; the result is its sum before the weight. */
    private long axis(ScoringRules rules, Axis axis, Inputs lead, List<Inputs> events, List<ScoreLine> lines) {
        List<Outcome> outcomes = rules.groups().stream().filter(group -> group.axis().equals(axis.id()))
                .map(group -> group(group, axis, lead, events)).toList();
        long sum = 0;
        if (axis.combine() == Hit.MAX) {
            Outcome best = null;
            for (Outcome outcome : outcomes) {
                best = best == null || outcome.sum > best.sum ? outcome : best;
            }
            for (Outcome outcome : outcomes) {
                // A row that could not be evaluated is told even when its group does not count.
                lines.addAll(outcome == best ? outcome.lines : outcome.errors);
            }
            sum = best == null ? 0 : best.sum;
        } else {
            for (Outcome outcome : outcomes) {
                lines.addAll(outcome.lines);
                sum += outcome.sum;
            }
        }
        long inRange = Math.max(axis.min() * POINT, Math.min(axis.max() * POINT, sum));
        if (inRange != sum) {
            lines.add(new ScoreLine("cap:" + axis.id(), Optional.empty(), Optional.of(axis.id()), Optional.empty(),
                    points(weighted(inRange - sum, axis)),
                    axis.id() + " runs from " + axis.min() + " to " + axis.max()));
        }
        return inRange;
    }

    /** What one group gives: its sum after the cap, its lines, and those of them that tell an error. */
    private static final class Outcome {
        private final List<ScoreLine> lines = new ArrayList<>();
        private final List<ScoreLine> errors = new ArrayList<>();
        private long sum;
    }

    private record Hitting(ScoreRow row, Inputs inputs, long micro) {
    }

    private Outcome group(Group group, Axis axis, Inputs lead, List<Inputs> events) {
        Outcome outcome = new Outcome();
        List<Hitting> hits = hits(group, axis, group.forEachEvent() ? events : List.of(lead), outcome);
        if (group.hit() == Hit.MAX && !hits.isEmpty()) {
            Hitting best = hits.get(0);
            for (Hitting hit : hits) {
                best = hit.micro > best.micro ? hit : best;
            }
            hits = List.of(best);
        }
        for (Hitting hit : hits) {
            outcome.sum += hit.micro;
            outcome.lines.add(new ScoreLine(hit.row.id(), Optional.of(group.id()), Optional.of(axis.id()),
                    Optional.of(BigDecimal.valueOf(hit.row.points())), points(weighted(hit.micro, axis)),
                    hit.row.reason().map(reason -> reason.fill(hit.inputs)).orElse(hit.row.id())));
        }
        outcome.lines.addAll(outcome.errors);
        long upper = group.cap().isPresent() ? group.cap().getAsInt() * POINT : Long.MAX_VALUE;
        long capped = Math.max(group.floor() * POINT, Math.min(upper, outcome.sum));
        if (capped != outcome.sum) {
            outcome.lines.add(new ScoreLine("cap:" + group.id(), Optional.of(group.id()), Optional.of(axis.id()),
                    Optional.empty(), points(weighted(capped - outcome.sum, axis)),
                    capped < outcome.sum ? group.id() + " gives at most " + points(capped).toPlainString()
                            : group.id() + " gives at least " + points(capped).toPlainString()));
            outcome.sum = capped;
        }
        return outcome;
    }

    /**
     * The matching rows, by row and then by element. A row that cannot be evaluated gives no points and a line; with
     * FIRST it ends the search, since a later, weaker row must not decide in its place.
     */
    private List<Hitting> hits(Group group, Axis axis, List<Inputs> elements, Outcome outcome) {
        List<Hitting> hits = new ArrayList<>();
        for (ScoreRow row : group.rows()) {
            for (Inputs element : elements) {
                RowTest.Outcome tried = row.test().evaluate(element);
                if (tried.matched()) {
                    hits.add(new Hitting(row, element, micro(group, row, element)));
                } else if (tried.failed()) {
                    outcome.errors.add(new ScoreLine(row.id(), Optional.of(group.id()), Optional.of(axis.id()),
                            Optional.of(BigDecimal.ZERO), BigDecimal.ZERO, failed(row.id(), tried.needed())));
                }
                if (group.hit() == Hit.FIRST && (tried.matched() || tried.failed())) {
                    return hits;
                }
            }
        }
        return hits;
    }

    private static String failed(String rule, String cause) {
        return "rule " + rule + " could not be evaluated: " + cause;
    }

    /** Points times factors, before the weight. */
    private static long micro(Group group, ScoreRow row, Inputs inputs) {
        long micro = row.points() * POINT;
        for (Factor factor : group.factors()) {
            micro = micro / 100 * percent(factor, inputs) + micro % 100 * percent(factor, inputs) / 100;
        }
        return micro;
    }

    private static long percent(Factor factor, Inputs inputs) {
        Optional<Object> value = inputs.value(factor.variable());
        if (value.isEmpty()) {
            return factor.otherwise();
        }
        if (factor.curve() instanceof Lookup lookup) {
            return lookup.percents().getOrDefault(value.get().toString(), factor.otherwise());
        }
        long number = (Long) value.get();
        if (factor.curve() instanceof Steps steps) {
            for (Band band : steps.bands()) {
                if (number >= band.from() && number < band.to()) {
                    return band.percent();
                }
            }
            return factor.otherwise();
        }
        if (factor.curve() instanceof Linear linear) {
            return clamp(Math.floorDiv(Math.multiplyExact(100, linear.to() - number), linear.to() - linear.from()));
        }
        HalfLife halfLife = (HalfLife) factor.curve();
        return clamp(Math.round(100 * StrictMath.pow(2, -(double) number / halfLife.days())));
    }

    private static long clamp(long percent) {
        return Math.max(0, Math.min(100, percent));
    }

    private static Optional<Disqualifier> disqualifier(ScoringRules rules, Inputs lead, List<ScoreLine> lines) {
        for (Disqualifier rule : rules.disqualifiers()) {
            try {
                if (rule.when().holds(lead)) {
                    return Optional.of(rule);
                }
            } catch (EvaluationException e) {
                lines.add(line(rule.id(), 0, failed(rule.id(), e.getMessage())));
            }
        }
        return Optional.empty();
    }

    private static String grade(ScoringRules rules, Map<String, Long> sums) {
        return rules.grade().map(grade -> label(grade.rows(), sums.get(grade.rowAxis()))
                + label(grade.columns(), sums.get(grade.columnAxis()))).orElse("");
    }

    private static String label(List<Tier> tiers, long micro) {
        return tiers.stream().filter(tier -> micro >= tier.from() * POINT).findFirst().map(Tier::id).orElse("");
    }

    /** Exact: validation allows at most three percentages in all. */
    private static long weighted(long micro, Axis axis) {
        return micro / 100 * axis.weight() + micro % 100 * axis.weight() / 100;
    }

    private static ScoreLine line(String rule, long micro, String reason) {
        return new ScoreLine(rule, Optional.empty(), Optional.empty(), Optional.empty(), points(micro), reason);
    }

    private static BigDecimal points(long micro) {
        BigDecimal points = BigDecimal.valueOf(micro, 6).stripTrailingZeros();
        return points.scale() < 0 ? points.setScale(0) : points;
    }
}
