package io.leadroutes.rules;

import io.leadroutes.rules.RoutingRules.Guard;
import io.leadroutes.rules.RoutingRules.GuardAction;
import io.leadroutes.rules.RoutingRules.Hit;
import io.leadroutes.rules.RoutingRules.RouteRow;
import io.leadroutes.rules.RoutingRules.Table;
import io.leadroutes.rules.Yaml.Mapping;
import io.leadroutes.rules.Yaml.Scalar;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Reads {@code routing.yaml}. */
final class RoutingReader extends TableReader {

    private final TargetNames targets;

    RoutingReader(RuleFile file, Ids ids, CelWorkbench cel, TargetNames targets) {
        super(file, ids, cel);
        this.targets = targets;
    }

    Optional<RoutingRules> read() {
        Optional<Mapping> top = top(List.of("guards", "tables", "fallback"));
        if (top.isEmpty()) {
            return Optional.empty();
        }
        List<Guard> guards = new ArrayList<>();
        for (Yaml item : list(top.get(), "guards")) {
            object(item, List.of("id", "when", "stop", "keepOwner", "assign", "reason", "note"))
                    .flatMap(this::guard).ifPresent(guards::add);
        }
        List<Table> tables = new ArrayList<>();
        for (Yaml item : list(top.get(), "tables")) {
            object(item, List.of("id", "hit", "complete", "columns", "rows", "note")).flatMap(this::table)
                    .ifPresent(tables::add);
        }
        return Optional.of(new RoutingRules(guards, tables, fallback(top.get())));
    }

    private Optional<Guard> guard(Mapping mapping) {
        Optional<String> id = id(mapping, "rule");
        required(mapping, "when");
        Optional<Condition> when = when(mapping, Scopes.GUARD);
        List<String> actions = List.of("stop", "keepOwner", "assign").stream()
                .filter(key -> mapping.entries().containsKey(key)).toList();
        if (actions.size() != 1) {
            file.report("V01", mapping, actions.isEmpty() ? "the guard has no action" : "the guard has "
                    + actions.size() + " actions", "it does one of stop, keepOwner, assign", "");
            return Optional.empty();
        }
        Yaml action = value(mapping, actions.get(0)).orElseThrow();
        Optional<Template> words = reason(mapping, "reason", Scopes.GUARD, Optional.empty());
        Optional<String> target = Optional.empty();
        if (actions.get(0).equals("assign")) {
            target = scalar(action).filter(given -> targets.check(this, given)).map(Scalar::text);
        } else if (action instanceof Mapping options && actions.get(0).equals("stop")) {
            object(options, List.of("clearOwner", "reason"));
            if (options.entries().containsKey("clearOwner")) {
                file.report("V02", options.entries().get("clearOwner").key(),
                        "the key \"clearOwner\" is not supported yet", "a stopped lead keeps the owner it has",
                        "Remove it, or assign the lead to a queue");
            }
            Optional<Template> outer = words;
            words = reason(options, "reason", Scopes.GUARD, Optional.empty()).or(() -> outer);
        } else {
            Optional<Template> outer = words;
            words = scalar(action).filter(text -> !text.text().isBlank())
                    .flatMap(text -> template(text, Scopes.GUARD, Optional.empty())).or(() -> outer);
        }
        if (words.isEmpty() && file.clean()) {
            file.report("V01", mapping, "the guard has no reason", "a receipt must say why a lead was not routed",
                    "Write " + actions.get(0) + ": \"…\" or reason: \"…\"");
        }
        if (id.isEmpty() || when.isEmpty() || words.isEmpty()
                || actions.get(0).equals("assign") && target.isEmpty()) {
            return Optional.empty();
        }
        GuardAction kind = switch (actions.get(0)) {
            case "stop" -> GuardAction.STOP;
            case "keepOwner" -> GuardAction.KEEP_OWNER;
            default -> GuardAction.ASSIGN;
        };
        return Optional.of(new Guard(id.get(), when.get(), kind, target, words.get()));
    }

    private Optional<Table> table(Mapping mapping) {
        Optional<String> id = id(mapping, "rule");
        Hit hit = value(mapping, "hit").flatMap(given -> choice(given, "hit policy", Hit.class)).orElse(Hit.FIRST);
        boolean complete = bool(mapping, "complete", false);
        List<Optional<Variable>> columns = columns(mapping, Scopes.ROUTING);
        List<RouteRow> rows = new ArrayList<>();
        List<Yaml> items = list(mapping, "rows");
        for (Yaml item : items) {
            object(item, List.of("id", "cells", "when", "assign", "else", "reason", "note")).ifPresent(row -> {
                Optional<String> rowId = id(row, "rule");
                Optional<RowTest> test = test(row, columns, Scopes.ROUTING);
                    Optional<Scalar> assign = required(row, "assign").flatMap(this::scalar)
                        .filter(target -> targets.check(this, target));
                List<String> otherwise = chain(list(row, "else"), assign.map(Scalar::text));
                Optional<Template> reason = reason(row, "reason", Scopes.ROUTING, test);
                if (rowId.isPresent() && test.isPresent() && assign.isPresent()) {
                    rows.add(new RouteRow(rowId.get(), test.get(), assign.get().text(), otherwise, reason,
                            optionalText(row, "note")));
                }
            });
        }
        if (items.isEmpty()) {
            file.report("V16", value(mapping, "rows").orElse(mapping), "the table has no rows",
                    "it could never take a lead", "Add one or remove the table");
        }
        unusedColumns(mapping, columns, items);
        return id.map(known -> new Table(known, hit, complete, List.copyOf(rows)));
    }

    private List<String> chain(List<Yaml> items, Optional<String> first) {
        List<String> chain = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        first.ifPresent(seen::add);
        for (Yaml item : items) {
            scalar(item).filter(target -> targets.check(this, target)).ifPresent(target -> {
                if (!seen.add(target.text())) {
                    file.report("V11", target, "the chain comes back to " + target.text(),
                            "a target that could not take the lead is not asked again", "Remove it");
                } else {
                    chain.add(target.text());
                }
            });
        }
        return List.copyOf(chain);
    }

    private List<String> fallback(Mapping top) {
        Optional<Yaml> given = value(top, "fallback");
        if (given.isEmpty()) {
            file.report("V11", top, "the fallback is missing", "a lead that no row takes would have no owner",
                    "Add fallback: [queue:…]");
            return List.of();
        }
        List<Yaml> items = list(given.get());
        List<String> chain = chain(items, Optional.empty());
        if (given.get() instanceof Yaml.Sequence && items.isEmpty()) {
            file.report("V11", given.get(), "the fallback is empty", "a lead that no row takes would have no owner",
                    "End it with a queue");
        } else if (!items.isEmpty() && chain.size() == items.size()
                && !targets.alwaysOpen(chain.get(chain.size() - 1))) {
            file.report("V11", items.get(items.size() - 1), "the fallback ends in " + chain.get(chain.size() - 1),
                    "only a queue or an active user with always: true can take every lead", "End it with a queue");
        }
        return chain;
    }
}
