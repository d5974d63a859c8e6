package io.leadroutes.rules;

import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.CelIssue;
import dev.cel.common.CelValidationException;
import dev.cel.common.CelValidationResult;
import dev.cel.common.ast.CelConstant;
import dev.cel.common.ast.CelExpr;
import dev.cel.common.types.CelKind;
import dev.cel.common.types.CelType;
import dev.cel.common.types.ListType;
import dev.cel.common.types.OptionalType;
import dev.cel.common.types.SimpleType;
import dev.cel.compiler.CelCompiler;
import dev.cel.compiler.CelCompilerBuilder;
import dev.cel.compiler.CelCompilerFactory;
import dev.cel.extensions.CelExtensions;
import dev.cel.parser.CelStandardMacro;
import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelRuntime;
import dev.cel.runtime.CelRuntimeFactory;
import io.leadroutes.finding.Nearest;
import io.leadroutes.rules.Yaml.Scalar;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Compiles CEL over the variable table. Variables are flat dotted names with concrete types; one that may be unknown
 * is an optional. Errors are reported at their place in the rule file.
 */
final class CelWorkbench {

    /** The name of the cell's own value in {@code ~} cells. */
    static final String IT = "it";

    private static final Set<String> TYPE_NAMES = Set.of("bool", "int", "string", "list", "map", "type", "uint",
            "double", "bytes", "null_type", "dyn");
    private static final Set<CelKind> NOT_OFFERED = Set.of(CelKind.DOUBLE, CelKind.UINT, CelKind.BYTES,
            CelKind.TIMESTAMP, CelKind.DURATION, CelKind.NULL_TYPE, CelKind.DYN, CelKind.ANY);
    private static final Set<String> OPTIONAL_FUNCTIONS = Set.of("of", "none", "ofNonZeroValue");

    private final VariableTable table;
    private final CelCompiler compiler;
    private final Map<Variable.Type, CelCompiler> withIt;
    private final CelRuntime runtime;

    CelWorkbench(VariableTable table) {
        this.table = table;
        this.compiler = builder().build();
        this.withIt = new EnumMap<>(Variable.Type.class);
        this.runtime = CelRuntimeFactory.standardCelRuntimeBuilder().addLibraries(CelExtensions.optional()).build();
    }

    private CelWorkbench(VariableTable table, CelWorkbench other) {
        this.table = table;
        this.compiler = other.compiler;
        this.withIt = other.withIt;
        this.runtime = other.runtime;
    }

    /** The same for a table that differs in closed lists only, which are not types of CEL. */
    CelWorkbench with(VariableTable other) {
        return new CelWorkbench(other, this);
    }

    private CelCompilerBuilder builder() {
        CelCompilerBuilder builder = CelCompilerFactory.standardCelCompilerBuilder()
                .setStandardMacros(CelStandardMacro.STANDARD_MACROS).addLibraries(CelExtensions.optional());
        for (Variable variable : table.all()) {
            CelType type = type(variable.type());
            builder.addVar(variable.name(), variable.mayBeUnknown() ? OptionalType.create(type) : type);
        }
        return builder;
    }

    private static CelType type(Variable.Type type) {
        return switch (type) {
            case BOOL -> SimpleType.BOOL;
            case INT -> SimpleType.INT;
            case TEXT -> SimpleType.STRING;
            case LIST -> ListType.create(SimpleType.STRING);
        };
    }

    VariableTable table() {
        return table;
    }

    /**
     * Compiles the text of a scalar from an offset to its end.
     *
     * @param column the column whose value is {@code it}, if this is a cell
     */
    Optional<Condition> compile(RuleFile file, Scalar node, int offset, Scopes scopes, Optional<Variable> column) {
        String whole = node.text();
        int start = offset;
        while (start < whole.length() && Character.isWhitespace(whole.charAt(start))) {
            start++;
        }
        String text = whole.substring(start).stripTrailing();
        Job job = new Job(file, node, start, text, scopes, column);
        if (text.isEmpty()) {
            job.report("V09", 0, "the expression is empty", "a condition must say something", "");
            return Optional.empty();
        }
        return job.compile();
    }

    private final class Job {

        private final RuleFile file;
        private final Scalar node;
        private final int start;
        private final String text;
        private final Scopes scopes;
        private final Optional<Variable> column;
        private boolean wrong;

        Job(RuleFile file, Scalar node, int start, String text, Scopes scopes, Optional<Variable> column) {
            this.file = file;
            this.node = node;
            this.start = start;
            this.text = text;
            this.scopes = scopes;
            this.column = column;
        }

        /** @param at index of a code point in the expression */
        void report(String code, int at, String what, String because, String suggestion) {
            wrong = true;
            int units = text.offsetByCodePoints(0, Math.max(0, Math.min(at, text.codePointCount(0, text.length()))));
            file.report(code, node, start + units, what, because, suggestion);
        }

        Optional<Condition> compile() {
            CelCompiler own = column.map(variable -> withIt.computeIfAbsent(variable.type(),
                    kind -> builder().addVar(IT, type(kind)).build())).orElse(compiler);
            try {
                CelValidationResult parsed = own.parse(text);
                if (parsed.hasError()) {
                    issue(parsed.getErrors().get(0));
                    return Optional.empty();
                }
                CelAbstractSyntaxTree tree = parsed.getAst();
                names(tree, tree.getExpr(), column.isPresent() ? Set.of(IT) : Set.of());
                if (wrong) {
                    return Optional.empty();
                }
                CelValidationResult checked = own.check(tree);
                if (checked.hasError()) {
                    checked.getErrors().forEach(this::issue);
                    return Optional.empty();
                }
                types(checked.getAst());
                if (wrong) {
                    return Optional.empty();
                }
                return Optional.of(new Condition(text, runtime.createProgram(checked.getAst())));
            } catch (CelValidationException | CelEvaluationException | RuntimeException e) {
                report("V09", 0, "the expression cannot be compiled: " + String.valueOf(e.getMessage()).lines()
                        .findFirst().orElse(""), "it must be CEL", "");
                return Optional.empty();
            }
        }

        private void issue(CelIssue issue) {
            int line = issue.getSourceLocation().getLine();
            int at = 0;
            int[] points = text.codePoints().toArray();
            for (int i = 0, l = 1; i < points.length && l < line; i++) {
                if (points[i] == '\n') {
                    l++;
                    at = i + 1;
                }
            }
            String message = issue.getMessage().lines().findFirst().orElse("").replaceAll("[\\s.]+$", "");
            boolean optional = message.contains("optional_type");
            report("V09", at + Math.max(0, issue.getSourceLocation().getColumn()), "the expression is not valid CEL",
                    message, optional ? "A variable that may be unknown is asked with x.hasValue() && x.value() == …"
                            : "");
        }

        /** Finds names that are not in the variable table: the library names only their first part. */
        private void names(CelAbstractSyntaxTree tree, CelExpr expr, Set<String> bound) {
            switch (expr.getKind()) {
                case IDENT -> name(tree, expr.id(), expr.ident().name(), bound);
                case SELECT -> {
                    Optional<CelExpr> root = chain(expr);
                    if (root.isPresent()) {
                        name(tree, root.get().id(), dotted(expr), bound);
                    } else {
                        names(tree, expr.select().operand(), bound);
                    }
                }
                case CALL -> {
                    CelExpr.CelCall call = expr.call();
                    boolean namespace = call.target().filter(target -> target.getKind() == CelExpr.ExprKind.Kind.IDENT
                            && target.ident().name().equals("optional")
                            && OPTIONAL_FUNCTIONS.contains(call.function())).isPresent();
                    if (!namespace) {
                        call.target().ifPresent(target -> names(tree, target, bound));
                    }
                    call.args().forEach(argument -> names(tree, argument, bound));
                    literals(tree, call);
                }
                case LIST -> expr.list().elements().forEach(element -> names(tree, element, bound));
                case MAP -> expr.map().entries().forEach(entry -> {
                    names(tree, entry.key(), bound);
                    names(tree, entry.value(), bound);
                });
                case STRUCT -> expr.struct().entries().forEach(entry -> names(tree, entry.value(), bound));
                case COMPREHENSION -> {
                    CelExpr.CelComprehension loop = expr.comprehension();
                    Set<String> inner = new HashSet<>(bound);
                    inner.add(loop.iterVar());
                    inner.add(loop.iterVar2());
                    inner.add(loop.accuVar());
                    names(tree, loop.iterRange(), bound);
                    names(tree, loop.accuInit(), bound);
                    names(tree, loop.loopCondition(), inner);
                    names(tree, loop.loopStep(), inner);
                    names(tree, loop.result(), inner);
                }
                default -> {
                }
            }
        }

        private Optional<CelExpr> chain(CelExpr expr) {
            CelExpr at = expr;
            while (at.getKind() == CelExpr.ExprKind.Kind.SELECT) {
                at = at.select().operand();
            }
            return at.getKind() == CelExpr.ExprKind.Kind.IDENT ? Optional.of(at) : Optional.empty();
        }

        private String dotted(CelExpr expr) {
            return expr.getKind() == CelExpr.ExprKind.Kind.SELECT
                    ? dotted(expr.select().operand()) + "." + expr.select().field() : expr.ident().name();
        }

        private void name(CelAbstractSyntaxTree tree, long id, String name, Set<String> bound) {
            String first = name.contains(".") ? name.substring(0, name.indexOf('.')) : name;
            if (bound.contains(first) || TYPE_NAMES.contains(name) || first.startsWith("@")) {
                return;
            }
            int at = tree.getSource().getPositionsMap().getOrDefault(id, 0);
            Optional<Variable> variable = declared(name);
            if (variable.isEmpty()) {
                report("V04", at, "the variable " + name + " is not known", "rules see only declared variables",
                        unknownVariable(table, name));
                return;
            }
            String refusal = scopes.refusal(variable.get());
            if (!refusal.isEmpty()) {
                report("V04", at, "the variable " + variable.get().name() + " is not known here", refusal, "");
            }
        }

        /** The variable a dotted name begins with: what follows it is the checker's business. */
        private Optional<Variable> declared(String name) {
            for (String prefix = name; ; prefix = prefix.substring(0, prefix.lastIndexOf('.'))) {
                Optional<Variable> variable = table.find(prefix);
                if (variable.isPresent() || !prefix.contains(".")) {
                    return variable;
                }
            }
        }

        /** A text compared with a variable of a closed list must be in the list. */
        private void literals(CelAbstractSyntaxTree tree, CelExpr.CelCall call) {
            if (call.args().size() != 2 || !Set.of("_==_", "_!=_", "@in").contains(call.function())) {
                return;
            }
            CelExpr left = call.args().get(0);
            CelExpr right = call.args().get(1);
            variable(left).ifPresent(variable -> constants(right).forEach(text -> literal(tree, variable, text)));
            if (!call.function().equals("@in")) {
                variable(right).ifPresent(variable -> constants(left).forEach(text -> literal(tree, variable, text)));
            }
        }

        private void literal(CelAbstractSyntaxTree tree, Variable variable, CelExpr constant) {
            int at = tree.getSource().getPositionsMap().getOrDefault(constant.id(), 0);
            int units = text.offsetByCodePoints(0, at);
            wrong |= !CellParser.inList(file, node, start + units, variable, constant.constant().stringValue());
        }

        private Optional<Variable> variable(CelExpr expr) {
            if (expr.getKind() == CelExpr.ExprKind.Kind.CALL && expr.call().target().isPresent()
                    && Set.of("value", "orValue").contains(expr.call().function())) {
                return variable(expr.call().target().get());
            }
            if (chain(expr).isEmpty()) {
                return Optional.empty();
            }
            String name = dotted(expr);
            return name.equals(IT) ? column : table.find(name);
        }

        private List<CelExpr> constants(CelExpr expr) {
            List<CelExpr> found = new ArrayList<>();
            List<CelExpr> candidates = expr.getKind() == CelExpr.ExprKind.Kind.LIST ? expr.list().elements()
                    : List.of(expr);
            for (CelExpr candidate : candidates) {
                if (candidate.getKind() == CelExpr.ExprKind.Kind.CONSTANT
                        && candidate.constant().getKind() == CelConstant.Kind.STRING_VALUE) {
                    found.add(candidate);
                }
            }
            return found;
        }

        private void types(CelAbstractSyntaxTree tree) {
            tree.getTypeMap().entrySet().stream().filter(entry -> NOT_OFFERED.contains(entry.getValue().kind()))
                    .min(Map.Entry.comparingByKey()).ifPresent(entry -> report("V05",
                            tree.getSource().getPositionsMap().getOrDefault(entry.getKey(), 0),
                            "a value of type " + entry.getValue().name() + " is used",
                            "rules know true and false, whole numbers, texts and lists of texts", ""));
            if (!wrong && tree.getResultType().kind() != CelKind.BOOL) {
                report("V05", 0, "the expression gives " + tree.getResultType().name() + ", not true or false",
                        "a condition either holds or does not",
                        tree.getResultType().name().startsWith("optional") ? "Compare its value()" : "");
            }
        }
    }

    /** What an unknown variable was probably meant to be. */
    static String unknownVariable(VariableTable table, String name) {
        return Nearest.of(name, table.all().stream().map(Variable::name).toList()).map(word -> "Did you mean " + word)
                .orElse(name.startsWith("lead.attr.") ? "Declare it in types.yaml" : "");
    }
}
