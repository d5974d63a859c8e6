package io.leadroutes.rules;

import io.leadroutes.rules.ScoringRules.Axis;
import io.leadroutes.rules.ScoringRules.Band;
import io.leadroutes.rules.ScoringRules.Curve;
import io.leadroutes.rules.ScoringRules.Disqualifier;
import io.leadroutes.rules.ScoringRules.Factor;
import io.leadroutes.rules.ScoringRules.Grade;
import io.leadroutes.rules.ScoringRules.Group;
import io.leadroutes.rules.ScoringRules.Hit;
import io.leadroutes.rules.ScoringRules.ScoreRow;
import io.leadroutes.rules.ScoringRules.Tier;
import io.leadroutes.rules.Yaml.Entry;
import io.leadroutes.rules.Yaml.Mapping;
import io.leadroutes.rules.Yaml.Scalar;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/** Reads {@code scoring.yaml}. */
final class ScoringReader extends TableReader {

    /** Percentages multiplied with a row's points: with more, six decimal places would not hold the result. */
    private static final int MOST_PERCENTAGES = 3;

    private final TargetNames targets;
    private final Map<String, Axis> axes = new LinkedHashMap<>();

    ScoringReader(RuleFile file, Ids ids, CelWorkbench cel, TargetNames targets) {
        super(file, ids, cel);
        this.targets = targets;
    }

    Optional<ScoringRules> read() {
        Optional<Mapping> score = top(List.of("score")).flatMap(top -> required(top, "score"))
                .flatMap(yaml -> object(yaml, List.of("range", "axes", "groups", "disqualifiers", "tiers", "grade",
                        "api")));
        if (score.isEmpty()) {
            return Optional.empty();
        }
        Mapping mapping = score.get();
        long[] range = value(mapping, "range").flatMap(given -> range(given, "the range of the score", 0, 1000))
                .orElse(new long[] {0, 100});
        axes(mapping);
        List<Group> groups = new ArrayList<>();
        for (Yaml item : list(mapping, "groups")) {
            object(item, List.of("id", "axis", "hit", "cap", "floor", "forEach", "columns", "factors", "rows", "note"))
                    .flatMap(this::group).ifPresent(groups::add);
        }
        required(mapping, "groups").ifPresent(given -> {
            if (given instanceof Yaml.Sequence list && list.items().isEmpty()) {
                file.report("V16", given, "there is no group", "no lead could get a point", "Add one");
            }
        });
        List<Disqualifier> disqualifiers = new ArrayList<>();
        for (Yaml item : list(mapping, "disqualifiers")) {
            object(item, List.of("id", "when", "reason", "route", "note")).flatMap(this::disqualifier)
                    .ifPresent(disqualifiers::add);
        }
        List<Tier> tiers = tiers(mapping, (int) range[0], (int) range[1]);
        Optional<Grade> grade = value(mapping, "grade").flatMap(given -> object(given, List.of("rows", "columns")))
                .flatMap(this::grade);
        String[] api = api(mapping);
        return Optional.of(new ScoringRules((int) range[0], (int) range[1], List.copyOf(axes.values()), groups,
                disqualifiers, tiers, grade, api[0], api[1]));
    }

    private void axes(Mapping score) {
        Optional<Yaml> given = required(score, "axes");
        int sum = 0;
        boolean allFull = true;
        for (Yaml item : list(score, "axes")) {
            Optional<Mapping> mapping = object(item, List.of("id", "weight", "range", "combine", "note"));
            if (mapping.isEmpty()) {
                continue;
            }
            Optional<String> id = id(mapping.get(), "rule");
            Optional<Integer> weight = required(mapping.get(), "weight").flatMap(w -> number(w, "a weight", 0, 100));
            long[] range = value(mapping.get(), "range").flatMap(r -> range(r, "the range of an axis", -1000, 1000))
                    .orElse(new long[] {0, 100});
            Hit combine = value(mapping.get(), "combine")
                    .flatMap(c -> word(c, "way to combine groups", List.of("SUM", "MAX"))).map(Hit::valueOf)
                    .orElse(Hit.SUM);
            sum += weight.orElse(0);
            allFull &= weight.filter(w -> w == 100).isPresent();
            id.ifPresent(known -> axes.put(known, new Axis(known, weight.orElse(100), (int) range[0], (int) range[1],
                    combine)));
        }
        if (given.isPresent() && file.clean() && !allFull && sum != 100) {
            file.report("V12", given.get(), "the weights of the axes sum to " + sum,
                    "they are percentages of one score", "Make them sum to 100, or make all of them 100");
        }
        if (given.isPresent() && given.get() instanceof Yaml.Sequence list && list.items().isEmpty()) {
            file.report("V16", given.get(), "there is no axis", "no lead could get a point", "Add one");
        }
    }

    private Optional<Group> group(Mapping mapping) {
        Optional<String> id = id(mapping, "rule");
        Optional<Scalar> axisName = required(mapping, "axis").flatMap(this::scalar)
                .filter(name -> axes.isEmpty() || refers(name, "axis", name.text(), axes.keySet()));
        Hit hit = value(mapping, "hit").flatMap(given -> choice(given, "hit policy", Hit.class)).orElse(Hit.FIRST);
        boolean events = value(mapping, "forEach").flatMap(given -> word(given, "list", List.of("events"))).isPresent();
        Optional<Integer> cap = value(mapping, "cap").flatMap(given -> number(given, "a cap", -1000, 1000));
        int floor = value(mapping, "floor").flatMap(given -> number(given, "a floor", -1000, 1000)).orElse(0);
        if (cap.isPresent() && cap.get() < floor) {
            file.report("V12", value(mapping, "cap").orElseThrow(), "the cap " + cap.get() + " is below the floor "
                    + floor, "no sum could lie between them", "");
        }
        if (events && hit == Hit.FIRST) {
            file.report("V13", value(mapping, "hit").orElse(mapping), "forEach needs hit SUM or MAX",
                    "events have no first one", "Write hit: MAX");
        } else if (events && hit == Hit.SUM && value(mapping, "cap").isEmpty()) {
            file.report("V13", value(mapping, "forEach").orElseThrow(), "a sum over events has no cap",
                    "many events would outweigh everything", "Add cap: …");
        }
        Scopes scopes = events ? Scopes.EVENTS : Scopes.SCORING;
        List<Factor> factors = factors(mapping, scopes, axisName.map(name -> axes.get(name.text())));
        List<Optional<Variable>> columns = columns(mapping, scopes);
        List<ScoreRow> rows = new ArrayList<>();
        List<Yaml> items = list(mapping, "rows");
        for (Yaml item : items) {
            Optional<Mapping> row = object(item, List.of("id", "cells", "when", "points", "reason", "note"));
            if (row.isEmpty()) {
                continue;
            }
            Optional<String> rowId = id(row.get(), "rule");
            Optional<RowTest> test = test(row.get(), columns, scopes);
            Optional<Integer> points = required(row.get(), "points").flatMap(p -> number(p, "points", -1000, 1000));
            Optional<Template> reason = reason(row.get(), "reason", scopes, test);
            if (rowId.isPresent() && test.isPresent() && points.isPresent()) {
                rows.add(new ScoreRow(rowId.get(), test.get(), points.get(), reason,
                        optionalText(row.get(), "note")));
            }
        }
        if (items.isEmpty()) {
            file.report("V16", value(mapping, "rows").orElse(mapping), "the group has no rows",
                    "no lead could get a point in it", "Add one or remove the group");
        }
        unusedColumns(mapping, columns, items);
        return id.isPresent() && axisName.isPresent()
                ? Optional.of(new Group(id.get(), axisName.get().text(), hit,
                        cap.isPresent() ? OptionalInt.of(cap.get()) : OptionalInt.empty(), floor, events, factors,
                        rows))
                : Optional.empty();
    }

    private List<Factor> factors(Mapping group, Scopes scopes, Optional<Axis> axis) {
        List<Factor> factors = new ArrayList<>();
        List<Yaml> items = list(group, "factors");
        for (Yaml item : items) {
            object(item, List.of("of", "steps", "map", "linear", "halfLife", "else"))
                    .flatMap(factor -> factor(factor, scopes)).ifPresent(factors::add);
        }
        int percentages = items.size() + (axis.filter(a -> a.weight() != 100).isPresent() ? 1 : 0);
        if (percentages > MOST_PERCENTAGES) {
            file.report("V12", value(group, "factors").orElseThrow(), items.size() + " factors"
                    + (percentages > items.size() ? " and the weight of the axis" : "") + " are too many",
                    "three percentages are the most that six decimal places hold exactly", "Join two factors into one");
        }
        return factors;
    }

    private Optional<Factor> factor(Mapping mapping, Scopes scopes) {
        Optional<Variable> of = required(mapping, "of").flatMap(this::scalar).flatMap(name -> variable(name, scopes));
        int otherwise = value(mapping, "else").flatMap(given -> number(given, "a percentage", 0, 100)).orElse(0);
        List<String> kinds = List.of("steps", "map", "linear", "halfLife").stream()
                .filter(kind -> mapping.entries().containsKey(kind)).toList();
        if (kinds.size() != 1) {
            file.report("V01", mapping, kinds.isEmpty() ? "the factor has no curve" : "the factor has "
                    + kinds.size() + " curves", "it needs one of steps, map, linear, halfLife", "");
            return Optional.empty();
        }
        if (of.isEmpty()) {
            return Optional.empty();
        }
        Yaml given = value(mapping, kinds.get(0)).orElseThrow();
        if (!kinds.get(0).equals("map") && of.get().type() != Variable.Type.INT) {
            file.report("V05", value(mapping, "of").orElseThrow(), of.get().name() + " is " + of.get().type().words(),
                    kinds.get(0) + " needs a whole number", "Use map");
            return Optional.empty();
        }
        Optional<? extends Curve> curve = switch (kinds.get(0)) {
            case "steps" -> steps(given);
            case "map" -> lookup(given, of.get());
            case "linear" -> linear(given);
            default -> number(given, "a half-life in days", 1, 36_500).map(days -> new ScoringRules.HalfLife(days));
        };
        return curve.map(known -> new Factor(of.get().name(), known, otherwise));
    }

    private Optional<ScoringRules.Steps> steps(Yaml given) {
        List<Band> bands = new ArrayList<>();
        for (Yaml item : list(given)) {
            List<Yaml> parts = list(item);
            if (parts.size() != 3) {
                file.report("V05", item, "a step has three numbers", "it is written [from, to, percentage]", "");
                continue;
            }
            Optional<Long> from = number(parts.get(0), "a day", 0L, 10_000_000_000_000L);
            Optional<Long> to = number(parts.get(1), "a day", 0L, 10_000_000_000_000L);
            Optional<Integer> percent = number(parts.get(2), "a percentage", 0, 100);
            if (from.isEmpty() || to.isEmpty() || percent.isEmpty()) {
                continue;
            }
            if (from.get() >= to.get()) {
                file.report("V08", item, "the step [" + from.get() + ", " + to.get() + ") is empty or reversed",
                        "no value lies in it", "Write the smaller number first");
            } else if (bands.stream().anyMatch(band -> from.get() < band.to() && band.from() < to.get())) {
                file.report("V08", item, "the step overlaps an earlier one", "bands are half-open: the end is not in it",
                        "Begin where the one before ends");
            } else {
                bands.add(new Band(from.get(), to.get(), percent.get()));
            }
        }
        return Optional.of(new ScoringRules.Steps(List.copyOf(bands)));
    }

    private Optional<ScoringRules.Lookup> lookup(Yaml given, Variable of) {
        if (!(given instanceof Mapping mapping)) {
            object(given, List.of());
            return Optional.empty();
        }
        if (of.type() == Variable.Type.LIST) {
            file.report("V05", given, of.name() + " is a list", "a map needs one value", "");
            return Optional.empty();
        }
        Map<String, Integer> percents = new LinkedHashMap<>();
        for (Entry entry : mapping.entries().values()) {
            // As a cell, so that the key is checked like one.
            Optional<Object> key = new CellParser(file, of, cel, Scopes.SCORING).parseLiteral(entry.key());
            Optional<Integer> percent = number(entry.value(), "a percentage", 0, 100);
            if (percent.isPresent() && key.isPresent()) {
                percents.put(key.get().toString(), percent.get());
            }
        }
        return Optional.of(new ScoringRules.Lookup(java.util.Collections.unmodifiableMap(percents)));
    }

    private Optional<ScoringRules.Linear> linear(Yaml given) {
        Optional<Mapping> mapping = object(given, List.of("from", "to"));
        Optional<Long> from = mapping.flatMap(m -> required(m, "from")).flatMap(f -> number(f, "an end", 0L,
                10_000_000_000L));
        Optional<Long> to = mapping.flatMap(m -> required(m, "to")).flatMap(t -> number(t, "an end", 0L,
                10_000_000_000L));
        if (from.isEmpty() || to.isEmpty()) {
            return Optional.empty();
        }
        if (from.get().equals(to.get())) {
            file.report("V08", given, "both ends are " + from.get(), "the line would be vertical", "");
            return Optional.empty();
        }
        return Optional.of(new ScoringRules.Linear(from.get(), to.get()));
    }

    private Optional<Disqualifier> disqualifier(Mapping mapping) {
        Optional<String> id = id(mapping, "rule");
        required(mapping, "when");
        Optional<Condition> when = when(mapping, Scopes.SCORING);
        Optional<Template> reason = reason(mapping, "reason", Scopes.SCORING, Optional.empty());
        Optional<String> route = value(mapping, "route").flatMap(this::scalar)
                .filter(given -> given.text().equals("none") || targets.check(this, given)).map(Scalar::text);
        return id.isPresent() && when.isPresent()
                ? Optional.of(new Disqualifier(id.get(), when.get(), reason, route)) : Optional.empty();
    }

    private List<Tier> tiers(Mapping score, int min, int max) {
        List<Tier> tiers = new ArrayList<>();
        Optional<Yaml> given = required(score, "tiers");
        boolean whole = true;
        for (Yaml item : list(score, "tiers")) {
            Optional<Mapping> mapping = object(item, List.of("id", "from"));
            Optional<Scalar> id = mapping.flatMap(m -> tierId(m, tiers));
            Optional<Integer> from = mapping.flatMap(m -> required(m, "from"))
                    .flatMap(f -> number(f, "a threshold", min, max));
            whole &= id.isPresent() && from.isPresent();
            if (id.isPresent() && from.isPresent()) {
                descending(value(mapping.get(), "from").orElseThrow(), tiers, from.get());
                tiers.add(new Tier(id.get().text(), from.get()));
            }
        }
        if (given.isPresent() && whole && (tiers.isEmpty() || tiers.get(tiers.size() - 1).from() != min)) {
            file.report("V12", given.get(), "the last tier does not begin at " + min,
                    "a lead below it would have no tier", "Add a tier with from: " + min);
        }
        return tiers;
    }

    private Optional<Scalar> tierId(Mapping mapping, List<Tier> earlier) {
        Optional<Yaml> given = value(mapping, "id");
        if (given.isEmpty()) {
            file.report("V03", mapping, "the id is missing", "a tier is known by it", "Add id: …");
            return Optional.empty();
        }
        return given.flatMap(this::scalar).filter(id -> {
            boolean fits = id.text().matches("[A-Za-z0-9-]{1,40}") && !id.text().equals("DQ");
            boolean twice = earlier.stream().anyMatch(tier -> tier.id().equals(id.text()));
            if (!fits || twice) {
                file.report("V03", id, twice ? "the tier " + id.text() + " is given twice" : "\"" + id.text()
                        + "\" is not a name for a tier", twice ? "only one of the two could count"
                        : "it has 1 to 40 letters, digits and hyphens; DQ is for the disqualified", "");
            }
            return fits && !twice;
        });
    }

    private void descending(Yaml at, List<Tier> earlier, int from) {
        if (!earlier.isEmpty() && earlier.get(earlier.size() - 1).from() <= from) {
            file.report("V12", at, "the threshold " + from + " is not below the one before it",
                    "the highest comes first, so this one would never be reached", "");
        }
    }

    private Optional<Grade> grade(Mapping mapping) {
        Optional<Mapping> rows = required(mapping, "rows").flatMap(this::plain);
        Optional<Mapping> columns = required(mapping, "columns").flatMap(this::plain);
        if (rows.isEmpty() || columns.isEmpty()) {
            return Optional.empty();
        }
        Optional<String> rowAxis = gradeAxis(rows.get());
        Optional<String> columnAxis = gradeAxis(columns.get());
        List<Tier> letters = labels(rows.get(), rowAxis);
        List<Tier> digits = labels(columns.get(), columnAxis);
        return rowAxis.isPresent() && columnAxis.isPresent()
                ? Optional.of(new Grade(rowAxis.get(), letters, columnAxis.get(), digits)) : Optional.empty();
    }

    private Optional<Mapping> plain(Yaml yaml) {
        if (yaml instanceof Mapping mapping) {
            return Optional.of(mapping);
        }
        return object(yaml, List.of("axis", "A", "B", "C"));
    }

    private Optional<String> gradeAxis(Mapping mapping) {
        return required(mapping, "axis").flatMap(this::scalar)
                .filter(name -> refers(name, "axis", name.text(), axes.keySet())).map(Scalar::text);
    }

    private List<Tier> labels(Mapping mapping, Optional<String> axis) {
        List<Tier> labels = new ArrayList<>();
        int min = axis.map(name -> axes.get(name).min()).orElse(-1000);
        int max = axis.map(name -> axes.get(name).max()).orElse(1000);
        boolean whole = true;
        for (Entry entry : mapping.entries().values()) {
            if (entry.key().text().equals("axis")) {
                continue;
            }
            if (!entry.key().text().matches("[A-Za-z0-9]{1,3}")) {
                file.report("V02", entry.key(), "the key \"" + entry.key().text() + "\" is not known here",
                        "a grade has labels of one to three letters or digits", "");
                whole = false;
                continue;
            }
            Optional<Integer> from = number(entry.value(), "a threshold", min, max);
            whole &= from.isPresent();
            from.ifPresent(threshold -> {
                descending(entry.value(), labels, threshold);
                labels.add(new Tier(entry.key().text(), threshold));
            });
        }
        if (axis.isPresent() && whole && (labels.isEmpty() || labels.get(labels.size() - 1).from() != min)) {
            file.report("V12", mapping, "the last label of the grade does not begin at " + min,
                    "a lead below it would have no grade", "");
        }
        return labels;
    }

    private String[] api(Mapping score) {
        String[] names = {"fit", "trigger"};
        value(score, "api").flatMap(given -> object(given, List.of("fit", "intent"))).ifPresent(mapping -> {
            apiAxis(mapping, "fit").ifPresent(name -> names[0] = name);
            apiAxis(mapping, "intent").ifPresent(name -> names[1] = name);
        });
        return names;
    }

    private Optional<String> apiAxis(Mapping mapping, String key) {
        return value(mapping, key).flatMap(this::scalar)
                .filter(name -> refers(name, "axis", name.text(), axes.keySet())).map(Scalar::text);
    }
}
