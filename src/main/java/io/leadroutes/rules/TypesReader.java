package io.leadroutes.rules;

import io.leadroutes.rules.Variable.Scope;
import io.leadroutes.rules.Variable.Type;
import io.leadroutes.rules.Yaml.Mapping;
import io.leadroutes.rules.Yaml.Scalar;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** Reads {@code types.yaml}: CRM attributes, and further values of built-in closed lists. */
final class TypesReader extends RuleReader {

    private static final Pattern NAME = Pattern.compile("lead\\.attr\\.[A-Za-z][A-Za-z0-9_]{0,39}");
    private static final List<String> TYPES = List.of("bool", "bool?", "int", "int?", "string", "string?", "enum",
            "enum?", "list");

    /** The declared part of the content, for the version. */
    private final Map<String, Variable> declared = new LinkedHashMap<>();
    private final Map<String, List<String>> extended = new LinkedHashMap<>();

    TypesReader(RuleFile file, Ids ids) {
        super(file, ids);
    }

    Map<String, Variable> declared() {
        return declared;
    }

    Map<String, List<String>> extended() {
        return extended;
    }

    VariableTable read() {
        VariableTable table = VariableTable.builtIn();
        Optional<Mapping> top = top(List.of("variables", "extend"));
        if (top.isEmpty()) {
            return table;
        }
        for (Yaml item : list(top.get(), "variables")) {
            object(item, List.of("name", "type", "values", "range", "default", "note"))
                    .ifPresent(this::variable);
        }
        table = table.and(declared.values());
        Optional<Yaml> extend = value(top.get(), "extend");
        if (extend.isPresent()) {
            if (!(extend.get() instanceof Mapping lists)) {
                object(extend.get(), List.of("lead.source"));
            } else {
                for (Yaml.Entry entry : lists.entries().values()) {
                    table = extend(table, entry);
                }
            }
        }
        return table;
    }

    private VariableTable extend(VariableTable table, Yaml.Entry entry) {
        String name = entry.key().text();
        Optional<Variable> variable = table.find(name);
        if (variable.isEmpty()) {
            file.report("V04", entry.key(), "the variable " + name + " is not known", "only known lists can grow",
                    CelWorkbench.unknownVariable(table, name));
            return table;
        }
        if (!variable.get().closed() || variable.get().scope() == Scope.SCORE || name.endsWith(".country")) {
            file.report("V05", entry.key(), name + " has no list that can grow",
                    variable.get().closed() ? "its values are fixed" : "it takes any value", "");
            return table;
        }
        List<String> values = new ArrayList<>();
        list(entry.value()).forEach(value -> scalar(value).map(Scalar::text).map(Inputs::nfc).ifPresent(values::add));
        extended.put(name, List.copyOf(values));
        return table.withValues(name, values);
    }

    private void variable(Mapping mapping) {
        Optional<Yaml> nameNode = value(mapping, "name");
        if (nameNode.isEmpty()) {
            file.report("V03", mapping, "the name is missing", "a variable is used by its name", "Add name: lead.attr.…");
            return;
        }
        Optional<String> name = nameNode.flatMap(this::scalar).map(Scalar::text);
        if (name.isPresent() && !NAME.matcher(name.get()).matches()) {
            file.report("V03", nameNode.get(), "\"" + name.get() + "\" is not a name for a variable",
                    "declared variables are CRM attributes", "Write lead.attr.<name>");
            return;
        }
        if (name.isPresent() && declared.containsKey(name.get())) {
            file.report("V03", nameNode.get(), "the variable " + name.get() + " is declared twice",
                    "only one of the two could count", "Remove one");
            return;
        }
        Optional<String> type = required(mapping, "type").flatMap(given -> word(given, "type", TYPES));
        if (name.isEmpty() || type.isEmpty()) {
            return;
        }
        boolean maybe = type.get().endsWith("?");
        String kind = type.get().replace("?", "");
        List<String> values = new ArrayList<>();
        list(mapping, "values").forEach(value -> scalar(value).map(Scalar::text).map(Inputs::nfc)
                .ifPresent(values::add));
        if (kind.equals("enum") == values.isEmpty()) {
            file.report(values.isEmpty() ? "V01" : "V05", value(mapping, "values").orElse(mapping), values.isEmpty()
                    ? "an enum needs its values" : "a " + kind + " has no values", "only an enum is a closed list", "");
            return;
        }
        long[] range = value(mapping, "range").flatMap(given -> range(given, "the range", -1_000_000_000_000_000L,
                1_000_000_000_000_000L)).orElse(new long[] {-1_000_000_000_000_000L, 1_000_000_000_000_000L});
        Type base = switch (kind) {
            case "bool" -> Type.BOOL;
            case "int" -> Type.INT;
            case "list" -> Type.LIST;
            default -> Type.TEXT;
        };
        Variable plain = new Variable(name.get(), base, maybe, values, base == Type.INT ? range[0] : 0,
                base == Type.INT ? range[1] : 0, Optional.empty(), Scope.EVERYWHERE);
        Optional<Object> fallback = fallback(mapping, plain);
        declared.put(name.get(), new Variable(plain.name(), base, maybe, values, plain.min(), plain.max(), fallback,
                Scope.EVERYWHERE));
    }

    private Optional<Object> fallback(Mapping mapping, Variable variable) {
        Optional<Yaml> given = value(mapping, "default");
        if (variable.type() == Type.LIST) {
            return Optional.of(List.of());
        }
        if (given.isEmpty()) {
            if (!variable.mayBeUnknown()) {
                file.report("V01", mapping, "the default is missing",
                        variable.name() + " cannot be unknown and the CRM may not send it",
                        "Add default: …, or make the type " + "optional with a ?");
            }
            return Optional.empty();
        }
        if (variable.mayBeUnknown()) {
            file.report("V05", given.get(), "a variable that may be unknown has no default",
                    "unknown stays unknown", "Remove the default, or the ? of the type");
            return Optional.empty();
        }
        return new CellParser(file, variable, null, Scopes.GUARD).parseLiteral(given.get());
    }
}
