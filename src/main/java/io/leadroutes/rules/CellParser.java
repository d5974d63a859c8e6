package io.leadroutes.rules;

import io.leadroutes.finding.Nearest;
import io.leadroutes.rules.Cell.Order;
import io.leadroutes.rules.Cell.Part.Place;
import io.leadroutes.rules.Variable.Type;
import io.leadroutes.rules.Yaml.Scalar;
import io.leadroutes.rules.Yaml.Sequence;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads cells of one column. Wrong ones are reported and read as {@link Cell.Any}. */
final class CellParser {

    private static final Pattern CALL = Pattern.compile("(not|has|hasAny|hasAll|starts|ends|contains)\\((.*)\\)",
            Pattern.DOTALL);
    private static final Pattern COMPARISON = Pattern.compile("(>=|<=|!=|>|<)\\s*(.*)", Pattern.DOTALL);
    private static final Pattern INTERVAL = Pattern.compile("([\\[(])\\s*(\\S*?)\\s*\\.\\.\\s*(\\S*?)\\s*([\\])])");
    private static final Pattern INTEGER = Pattern.compile("-?[0-9]{1,18}");
    private static final Pattern PLAIN = Pattern.compile("[\\p{L}\\p{N}][^|,()'\\[\\]<>=!]*");

    private final RuleFile file;
    private final Variable column;
    private final CelWorkbench cel;
    private final Scopes scopes;
    private Scalar node;

    CellParser(RuleFile file, Variable column, CelWorkbench cel, Scopes scopes) {
        this.file = file;
        this.column = column;
        this.cel = cel;
        this.scopes = scopes;
    }

    /** True when the text as a cell of a text column is this very literal. */
    static boolean readsAsItself(String text) {
        return PLAIN.matcher(text).matches() && text.equals(text.strip()) && !text.equals("unknown")
                && !text.equals("known");
    }

    Cell parse(Yaml yaml) {
        if (yaml instanceof Scalar scalar) {
            node = scalar;
            return alternatives(scalar.text(), 0);
        }
        if (yaml instanceof Sequence sequence) {
            List<Cell> members = sequence.items().stream().map(this::parse).toList();
            if (members.isEmpty()) {
                return wrong("V08", sequence, "the list is empty", "it would never match", "Write - for any value");
            }
            return any(members);
        }
        return wrong("V05", yaml, "a cell cannot be an object", "a cell is a test or a list of tests", "");
    }

    /** A place where only a literal may stand: a default, the key of a map. */
    Optional<Object> parseLiteral(Yaml yaml) {
        if (yaml instanceof Scalar scalar && !scalar.text().isBlank() && !scalar.text().strip().startsWith("~")) {
            int earlier = file.findings().size();
            if (parse(scalar) instanceof Cell.Equal equal) {
                return Optional.of(equal.literal());
            }
            if (file.findings().size() > earlier) {
                return Optional.empty();
            }
        }
        wrong("V05", yaml, "a single value of " + column.name() + " is needed", "a test cannot stand here", "");
        return Optional.empty();
    }

    private static Cell any(List<Cell> members) {
        List<Cell> flat = new ArrayList<>();
        for (Cell member : members) {
            if (member instanceof Cell.AnyOf inner) {
                flat.addAll(inner.members());
            } else {
                flat.add(member);
            }
        }
        return flat.size() == 1 ? flat.get(0) : new Cell.AnyOf(flat);
    }

    private Cell wrong(String code, Yaml at, String what, String because, String suggestion) {
        file.report(code, at, what, because, suggestion);
        return new Cell.Any();
    }

    private Cell wrong(String code, int offset, String what, String because, String suggestion) {
        file.report(code, node, offset, what, because, suggestion);
        return new Cell.Any();
    }

    private Cell alternatives(String text, int offset) {
        if (text.stripLeading().startsWith("~")) {
            return test(text, offset);
        }
        List<Cell> members = new ArrayList<>();
        split(text, '|').forEach((start, part) -> members.add(test(part, offset + start)));
        return any(members);
    }

    private Cell test(String raw, int rawOffset) {
        String text = raw.strip();
        int offset = rawOffset + raw.indexOf(text);
        switch (text) {
            case "", "-":
                return new Cell.Any();
            case "unknown", "known":
                return known(text, offset);
            default:
                break;
        }
        if (text.startsWith("~")) {
            Optional<Condition> condition = cel.compile(file, node, offset + 1, scopes, Optional.of(column));
            return condition.<Cell>map(Cell.Free::new).orElseGet(Cell.Any::new);
        }
        Matcher call = CALL.matcher(text);
        if (call.matches()) {
            return call(call.group(1), call.group(2), offset, offset + call.start(2));
        }
        Matcher comparison = COMPARISON.matcher(text);
        if (comparison.matches()) {
            return comparison(comparison.group(1), comparison.group(2), offset, offset + comparison.start(2));
        }
        if (text.startsWith("[") || text.startsWith("(")) {
            return interval(text, offset);
        }
        if (column.type() == Type.LIST) {
            return wrong("V05", offset, column.name() + " is a list, \"" + text + "\" is a single value",
                    "a list is asked for its elements", "Write has(" + text + ")");
        }
        return literal(text, offset).<Cell>map(Cell.Equal::new).orElseGet(Cell.Any::new);
    }

    private Cell known(String word, int offset) {
        if (!column.mayBeUnknown()) {
            return wrong("V05", offset, column.name() + " cannot be unknown",
                    "the test \"" + word + "\" would say nothing",
                    column.values().contains(word) ? "For the value write '" + word + "' in apostrophes" : "");
        }
        return word.equals("unknown") ? new Cell.Unknown() : new Cell.Known();
    }

    private Cell call(String name, String inner, int offset, int innerOffset) {
        switch (name) {
            case "not":
                return new Cell.Not(alternatives(inner, innerOffset));
            case "has", "hasAny", "hasAll":
                if (column.type() != Type.LIST) {
                    return wrong("V05", offset, name + "(…) asks a list, " + column.name() + " is "
                            + column.type().words(), "only lists have elements", "");
                }
                List<String> elements = new ArrayList<>();
                split(inner, ',').forEach((start, part) ->
                        word(part, innerOffset + start, true).ifPresent(elements::add));
                if (name.equals("has") && elements.size() > 1) {
                    return wrong("V05", offset, "has(…) asks for one element", "several could mean any or all",
                            "Write hasAny(…) or hasAll(…)");
                }
                return elements.isEmpty() ? new Cell.Any()
                        : new Cell.Has(name.equals("hasAll") || elements.size() == 1, elements);
            default:
                if (column.type() != Type.TEXT) {
                    return wrong("V05", offset, name + "(…) asks a text, " + column.name() + " is "
                            + column.type().words(), "only texts have parts", "");
                }
                return word(inner, innerOffset, false)
                        .<Cell>map(part -> new Cell.Part(Place.valueOf(name.toUpperCase(Locale.ROOT)), part))
                        .orElseGet(Cell.Any::new);
        }
    }

    private Optional<String> word(String raw, int offset, boolean checked) {
        String text = raw.strip();
        if (text.isEmpty()) {
            wrong("V05", offset, "an element is missing", "nothing is not a text", "");
            return Optional.empty();
        }
        String value = Inputs.nfc(unquoted(text));
        return !checked || inList(value, offset + raw.indexOf(text)) ? Optional.of(value) : Optional.empty();
    }

    private Cell comparison(String sign, String operand, int offset, int operandOffset) {
        if (sign.equals("!=")) {
            if (column.type() == Type.LIST) {
                return wrong("V05", offset, column.name() + " is a list", "a list is asked for its elements",
                        "Write not(has(" + operand + "))");
            }
            return literal(operand, operandOffset).<Cell>map(Cell.NotEqual::new).orElseGet(Cell.Any::new);
        }
        if (column.type() != Type.INT) {
            return wrong("V05", offset, column.name() + " is " + column.type().words() + " and has no order",
                    "only whole numbers are larger or smaller", "");
        }
        Order order = switch (sign) {
            case ">=" -> Order.GREATER_OR_EQUAL;
            case "<=" -> Order.LESS_OR_EQUAL;
            case ">" -> Order.GREATER;
            default -> Order.LESS;
        };
        boolean open = sign.length() == 1;
        return number(operand, operandOffset, open).<Cell>map(bound -> new Cell.Compare(order, bound))
                .orElseGet(Cell.Any::new);
    }

    private Cell interval(String text, int offset) {
        Matcher interval = INTERVAL.matcher(text);
        if (!interval.matches()) {
            return wrong("V05", offset, "\"" + text + "\" is not an interval", "one is written [100..500)",
                    "For a text that begins with a bracket write it in apostrophes");
        }
        if (column.type() != Type.INT) {
            return wrong("V05", offset, column.name() + " is " + column.type().words() + " and has no order",
                    "only whole numbers have intervals", "");
        }
        boolean lowerIn = interval.group(1).equals("[");
        boolean upperIn = interval.group(4).equals("]");
        Optional<Long> lower = number(interval.group(2), offset + interval.start(2), !lowerIn);
        Optional<Long> upper = number(interval.group(3), offset + interval.start(3), !upperIn);
        if (lower.isEmpty() || upper.isEmpty()) {
            return new Cell.Any();
        }
        long first = lowerIn ? lower.get() : lower.get() + 1;
        long last = upperIn ? upper.get() : upper.get() - 1;
        if (first > last) {
            boolean reversed = lower.get() > upper.get();
            return wrong("V08", offset, "the interval " + text + (reversed ? " is reversed" : " is empty"),
                    "no number lies in it", reversed ? "Write the smaller number first" : "Widen it or remove the row");
        }
        return new Cell.Interval(lower.get(), lowerIn, upper.get(), upperIn);
    }

    private Optional<Object> literal(String raw, int offset) {
        String text = raw.strip();
        switch (column.type()) {
            case BOOL:
                if (text.equals("true") || text.equals("false")) {
                    return Optional.of(text.equals("true"));
                }
                wrong("V05", offset, "\"" + text + "\" is not true or false", column.name() + " is true or false",
                        Nearest.of(text, List.of("true", "false")).map(word -> "Did you mean " + word).orElse(""));
                return Optional.empty();
            case INT:
                return number(text, offset, false).map(number -> number);
            default:
                String value = Inputs.nfc(unquoted(text));
                return inList(value, offset) ? Optional.of(value) : Optional.empty();
        }
    }

    private boolean inList(String value, int offset) {
        return inList(file, node, offset, column, value);
    }

    /** Reports a literal outside a closed list. */
    static boolean inList(RuleFile file, Scalar node, int offset, Variable column, String value) {
        if (!column.closed() || column.values().contains(value)) {
            return true;
        }
        file.report("V06", node, offset, "\"" + value + "\" is not a value of " + column.name(),
                "it has a closed list" + (column.values().size() <= 12 ? ": " + String.join(", ", column.values()) : ""),
                nearestValue(column, value).map(word -> "Did you mean " + word)
                        .orElse(column.name().endsWith("country") ? "" : "Add it to types.yaml under extend"));
        return false;
    }

    private static Optional<String> nearestValue(Variable column, String value) {
        if (!column.name().endsWith(".country")) {
            return Nearest.of(value, column.values());
        }
        Map<String, String> codes = new HashMap<>();
        for (String code : column.values()) {
            codes.put(new Locale("", code).getDisplayCountry(Locale.ENGLISH), code);
        }
        return Nearest.of(value, codes.keySet().stream().sorted().toList()).map(codes::get)
                .or(() -> Nearest.of(value, column.values()).filter(code -> value.length() <= 3));
    }

    private Optional<Long> number(String text, int offset, boolean open) {
        if (!INTEGER.matcher(text).matches()) {
            wrong("V05", offset, "\"" + text + "\" is not a whole number", column.name() + " is a whole number", "");
            return Optional.empty();
        }
        long number = Long.parseLong(text);
        int slack = open ? 1 : 0;
        if (number < column.min() - slack || number > column.max() + slack) {
            wrong("V05", offset, number + " is outside the range of " + column.name(),
                    "it runs from " + column.min() + " to " + column.max(), "");
            return Optional.empty();
        }
        return Optional.of(number);
    }

    private static String unquoted(String text) {
        if (text.length() >= 2 && text.startsWith("'") && text.endsWith("'")) {
            return text.substring(1, text.length() - 1).replace("''", "'");
        }
        return text;
    }

    /** Parts between separators that are outside apostrophes and brackets, by their index in the text. */
    private static Map<Integer, String> split(String text, char separator) {
        Map<Integer, String> parts = new java.util.TreeMap<>();
        int depth = 0;
        boolean quoted = false;
        int start = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\'' && (quoted || text.substring(start, i).isBlank() || depth > 0)) {
                quoted = !quoted;
            } else if (!quoted && (c == '(' || c == '[')) {
                depth++;
            } else if (!quoted && (c == ')' || c == ']')) {
                depth--;
            } else if (!quoted && depth <= 0 && c == separator) {
                parts.put(start, text.substring(start, i));
                start = i + 1;
            }
        }
        parts.put(start, text.substring(start));
        return parts;
    }
}
