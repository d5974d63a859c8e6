package io.leadroutes.sandbox.salesforce;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.leadroutes.sandbox.control.SandboxTime;
import io.leadroutes.sandbox.salesforce.Soql.Literal;
import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.time.temporal.TemporalAdjusters;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Runs SOQL over the store. Days begin at midnight UTC. */
final class QueryEngine {

    /**
     * What a query found.
     *
     * @param total number of records, or the count asked for by COUNT()
     * @param rows  writes each record when it is wanted
     */
    record Found(int total, List<Function<String, ObjectNode>> rows) {
    }

    /** A field seen from the queried object, through any number of relationships. */
    private record Path(List<Field> steps, Field field, boolean polymorphicName) {
    }

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private final Catalog catalog;
    private final RecordStore store;
    private final SandboxTime time;

    QueryEngine(Catalog catalog, RecordStore store, SandboxTime time) {
        this.catalog = catalog;
        this.store = store;
        this.time = time;
    }

    /** Runs a query; {@code deletedToo} as in queryAll. Rows are written with links of the given base path. */
    Found run(String text, boolean deletedToo) {
        Soql query = Soql.parse(text);
        ObjectType type = catalog.object(query.from()).orElseThrow(() -> new Refusal(400, "INVALID_TYPE",
                "sObject type '" + query.from() + "' is not supported."));
        Predicate<Row> where = query.where().map(c -> condition(type, c)).orElse(row -> true);
        Stream<Row> rows = candidates(type, query.where()).filter(row -> deletedToo || !row.deleted()).filter(where);
        if (!query.groupBy().isEmpty() || query.select().stream().anyMatch(this::aggregates)) {
            return aggregate(query, type, rows.toList());
        }
        List<Soql.Selected> select = expand(query, type);
        List<Path> paths = select.stream().map(item -> path(type, item.path())).toList();
        Optional<Comparator<Row>> order = query.orderBy().stream().map(o -> comparator(type, o))
                .reduce(Comparator::thenComparing);
        if (order.isPresent()) {
            rows = rows.sorted(order.get());
        }
        rows = rows.skip(query.offset());
        if (query.limit().isPresent()) {
            rows = rows.limit(query.limit().getAsInt());
        }
        List<Function<String, ObjectNode>> found = rows
                .map(row -> (Function<String, ObjectNode>) base -> write(row, paths, base)).toList();
        return new Found(found.size(), found);
    }

    private boolean aggregates(Soql.Selected item) {
        return !item.function().isEmpty() && !item.function().equals("FIELDS");
    }

    private List<Soql.Selected> expand(Soql query, ObjectType type) {
        List<Soql.Selected> all = new ArrayList<>();
        for (Soql.Selected item : query.select()) {
            if (item.function().isEmpty()) {
                all.add(item);
                continue;
            }
            String set = item.path().toUpperCase(Locale.ROOT);
            if (!List.of("ALL", "STANDARD", "CUSTOM").contains(set)) {
                throw Refusal.query("Invalid FIELDS function: " + item.path());
            }
            if (!set.equals("STANDARD") && (query.limit().isEmpty() || query.limit().getAsInt() > 200)) {
                throw Refusal.query("The SOQL FIELDS function must have a LIMIT of at most 200");
            }
            type.fields.stream().filter(f -> set.equals("ALL") || f.custom() == set.equals("CUSTOM"))
                    .forEach(f -> all.add(new Soql.Selected("", f.name(), "")));
        }
        List<String> seen = new ArrayList<>();
        for (Soql.Selected item : all) {
            if (seen.contains(item.path().toLowerCase(Locale.ROOT))) {
                throw Refusal.query("duplicate field selected: " + item.path());
            }
            seen.add(item.path().toLowerCase(Locale.ROOT));
        }
        return all;
    }

    private Path path(ObjectType from, String text) {
        List<Field> steps = new ArrayList<>();
        ObjectType type = from;
        String[] parts = text.split("\\.");
        // The object's own name may stand before a field: Lead.Name.
        int start = parts.length > 1 && parts[0].equalsIgnoreCase(from.name) ? 1 : 0;
        for (int i = start; i < parts.length - 1; i++) {
            String part = parts[i];
            ObjectType here = type;
            Field step = type.relationship(part).orElseThrow(() -> new Refusal(400, "INVALID_FIELD",
                    "Didn't understand relationship '" + part + "' in field path. If you are attempting to use a"
                            + " custom relationship, be sure to append the '__r' after the custom relationship name."
                            + " (object " + here.name + ")"));
            steps.add(step);
            boolean group = step.referenceTo().contains("Group") && i == parts.length - 2;
            if (group) {
                String last = parts[parts.length - 1];
                Field field = catalog.user.field(last).or(() -> catalog.group.field(last)).orElseThrow(
                        () -> noColumn(last, "Name"));
                return new Path(steps, field, true);
            }
            type = catalog.object(step.referenceTo().get(step.referenceTo().size() - 1)).orElseThrow();
        }
        String last = parts[parts.length - 1];
        ObjectType here = type;
        return new Path(steps, type.field(last).orElseThrow(() -> noColumn(last, here.name)), false);
    }

    private static Refusal noColumn(String column, String entity) {
        return new Refusal(400, "INVALID_FIELD", "No such column '" + column + "' on entity '" + entity
                + "'. If you are attempting to use a custom field, be sure to append the '__c' after the custom field"
                + " name. Please reference your WSDL or the describe call for the appropriate names.");
    }

    private Optional<Row> walk(Row row, Path path) {
        Row at = row;
        for (Field step : path.steps()) {
            Optional<Row> next = at.get(step) instanceof String id
                    ? catalog.ofId(id).flatMap(type -> store.find(type, id)) : Optional.empty();
            if (next.isEmpty()) {
                return Optional.empty();
            }
            at = next.get();
        }
        return Optional.of(at);
    }

    private Object value(Row row, Path path) {
        if (path.steps().isEmpty()) {
            return row.get(path.field());
        }
        return walk(row, path).flatMap(end -> end.type.field(path.field().name()).map(end::get)).orElse(null);
    }

    private ObjectNode write(Row row, List<Path> paths, String base) {
        ObjectNode node = JSON.objectNode();
        attributes(node, row, base);
        for (Path path : paths) {
            ObjectNode into = node;
            Optional<Row> at = Optional.of(row);
            for (int i = 0; i < path.steps().size() && into != null; i++) {
                Field step = path.steps().get(i);
                at = walk(row, new Path(path.steps().subList(0, i + 1), path.field(), false));
                String name = step.relationship();
                if (at.isEmpty()) {
                    into.putNull(name);
                    into = null;
                } else if (into.get(name) instanceof ObjectNode there) {
                    into = there;
                } else {
                    into = into.putObject(name);
                    attributes(into, at.get(), base);
                }
            }
            if (into != null) {
                Row end = at.orElseThrow();
                into.set(path.field().name(), end.type.field(path.field().name())
                        .map(field -> Values.write(end, field)).orElseGet(JSON::nullNode));
            }
        }
        return node;
    }

    static void attributes(ObjectNode node, Row row, String base) {
        node.putObject("attributes").put("type", row.type.name)
                .put("url", base + "/sobjects/" + row.type.name + "/" + row.id());
    }

    private Found aggregate(Soql query, ObjectType type, List<Row> rows) {
        if (query.select().size() == 1 && query.select().get(0).path().isEmpty()) {
            return new Found(rows.size(), List.of());
        }
        List<Path> keys = query.groupBy().stream().map(name -> path(type, name)).toList();
        for (Soql.Selected item : query.select()) {
            if (item.function().isEmpty() && query.groupBy().stream().noneMatch(item.path()::equalsIgnoreCase)) {
                throw Refusal.query("Field must be grouped or aggregated: " + item.path());
            }
        }
        Map<List<Object>, List<Row>> groups = new LinkedHashMap<>();
        if (keys.isEmpty()) {
            groups.put(List.of(), rows);
        }
        for (Row row : rows) {
            if (!keys.isEmpty()) {
                groups.computeIfAbsent(keys.stream().<Object>map(key -> Optional.ofNullable(value(row, key))).toList(),
                        key -> new ArrayList<>()).add(row);
            }
        }
        List<Function<String, ObjectNode>> found = groups.values().stream().limit(query.limit().orElse(2000))
                .map(group -> (Function<String, ObjectNode>) base -> aggregateRow(query, type, group)).toList();
        return new Found(found.size(), found);
    }

    private ObjectNode aggregateRow(Soql query, ObjectType type, List<Row> group) {
        ObjectNode node = JSON.objectNode();
        node.putObject("attributes").put("type", "AggregateResult");
        int unnamed = 0;
        for (Soql.Selected item : query.select()) {
            String name = !item.alias().isEmpty() ? item.alias()
                    : item.function().isEmpty() ? item.path().substring(item.path().lastIndexOf('.') + 1)
                    : "expr" + unnamed++;
            if (item.path().isEmpty()) {
                node.put(name, group.size());
                continue;
            }
            Path path = path(type, item.path());
            List<Object> values = group.stream().map(row -> value(row, path)).filter(Objects::nonNull).toList();
            node.set(name, switch (item.function()) {
                case "" -> values.isEmpty() ? JSON.nullNode() : json(values.get(0));
                case "COUNT" -> JSON.numberNode(values.size());
                case "COUNT_DISTINCT" -> JSON.numberNode(values.stream().distinct().count());
                case "MIN" -> values.stream().min(QueryEngine::compare).map(QueryEngine::json).orElse(JSON.nullNode());
                case "MAX" -> values.stream().max(QueryEngine::compare).map(QueryEngine::json).orElse(JSON.nullNode());
                default -> numeric(item, values);
            });
        }
        return node;
    }

    private static JsonNode numeric(Soql.Selected item, List<Object> values) {
        double sum = 0;
        for (Object value : values) {
            if (!(value instanceof Number number)) {
                throw Refusal.query("field " + item.path() + " does not support aggregate operator "
                        + item.function());
            }
            sum += number.doubleValue();
        }
        return values.isEmpty() ? JSON.nullNode()
                : JSON.numberNode(item.function().equals("AVG") ? sum / values.size() : sum);
    }

    private static JsonNode json(Object value) {
        if (value instanceof Number number) {
            return JSON.numberNode(number.doubleValue());
        } else if (value instanceof Boolean bool) {
            return JSON.booleanNode(bool);
        } else if (value instanceof Instant instant) {
            return JSON.textNode(Values.DATE_TIME.format(instant));
        }
        return JSON.textNode(value.toString());
    }

    private Comparator<Row> comparator(ObjectType type, Soql.Order order) {
        Path path = path(type, order.path());
        Comparator<Object> values = order.descending() ? (a, b) -> compare(b, a) : QueryEngine::compare;
        Comparator<Object> nulls = order.nullsLast() ? Comparator.nullsLast(values) : Comparator.nullsFirst(values);
        return (a, b) -> nulls.compare(value(a, path), value(b, path));
    }

    /** Rows that the condition can hold for; an index is used where the id or a unique field is fixed. */
    private Stream<Row> candidates(ObjectType type, Optional<Soql.Condition> where) {
        List<Soql.Condition> all = where.map(c -> c instanceof Soql.And and ? and.parts() : List.of(c))
                .orElse(List.of());
        for (Soql.Condition condition : all) {
            List<Literal> values = condition instanceof Soql.Comparison c && c.operator().equals("=")
                    ? List.of(c.value())
                    : condition instanceof Soql.Membership m && !m.negated() ? m.values() : List.of();
            String name = condition instanceof Soql.Comparison c ? c.path()
                    : condition instanceof Soql.Membership m ? m.path() : "";
            Optional<Field> field = type.field(name)
                    .filter(f -> f.type() == Field.Type.ID || f.is(Field.Trait.UNIQUE));
            if (field.isPresent() && !values.isEmpty()
                    && values.stream().allMatch(v -> v.kind() == Literal.Kind.STRING)) {
                return values.stream()
                        .flatMap(v -> field.get().type() == Field.Type.ID ? SalesforceId.parse(v.text()).stream()
                                : store.byExternalId(type, field.get(), v.text()).stream())
                        .distinct().flatMap(id -> store.find(type, id).stream());
            }
        }
        return store.rows(type).stream();
    }

    private Predicate<Row> condition(ObjectType type, Soql.Condition condition) {
        if (condition instanceof Soql.And and) {
            return and.parts().stream().map(part -> condition(type, part)).reduce(row -> true, Predicate::and);
        } else if (condition instanceof Soql.Or or) {
            return or.parts().stream().map(part -> condition(type, part)).reduce(row -> false, Predicate::or);
        } else if (condition instanceof Soql.Not not) {
            return condition(type, not.part()).negate();
        } else if (condition instanceof Soql.Membership membership) {
            Path path = path(type, membership.path());
            List<Predicate<Object>> tests = membership.values().stream()
                    .map(value -> test(path.field(), "=", value)).toList();
            return row -> {
                Object value = value(row, path);
                return tests.stream().anyMatch(test -> test.test(value)) != membership.negated();
            };
        }
        Soql.Comparison comparison = (Soql.Comparison) condition;
        Path path = path(type, comparison.path());
        Predicate<Object> test = test(path.field(), comparison.operator(), comparison.value());
        return row -> test.test(value(row, path));
    }

    private Predicate<Object> test(Field field, String operator, Literal literal) {
        if (literal.kind() == Literal.Kind.NULL) {
            return switch (operator) {
                case "=" -> Objects::isNull;
                case "!=" -> Objects::nonNull;
                default -> throw new Refusal(400, "INVALID_OPERATOR",
                        operator + " operator is not valid with null (field " + field.name() + ")");
            };
        }
        if (operator.equals("LIKE")) {
            if (!field.type().isText() || literal.kind() != Literal.Kind.STRING) {
                throw new Refusal(400, "INVALID_QUERY_FILTER_OPERATOR", "invalid operator on "
                        + field.type().word + " field " + field.name());
            }
            Pattern pattern = like(literal.text());
            return value -> value instanceof String text && pattern.matcher(text).matches();
        }
        if (literal.kind() == Literal.Kind.DATE_LITERAL) {
            return dateLiteral(field, operator, literal);
        }
        Object wanted = operand(field, literal);
        return value -> {
            if (value == null) {
                return operator.equals("!=");
            }
            int order = compare(value, wanted);
            return holds(operator, order);
        };
    }

    private static boolean holds(String operator, int order) {
        return switch (operator) {
            case "=" -> order == 0;
            case "!=" -> order != 0;
            case "<" -> order < 0;
            case "<=" -> order <= 0;
            case ">" -> order > 0;
            default -> order >= 0;
        };
    }

    private Predicate<Object> dateLiteral(Field field, String operator, Literal literal) {
        boolean dateTime = field.type() == Field.Type.DATETIME;
        if (!dateTime && field.type() != Field.Type.DATE) {
            throw wrongType(field, literal);
        }
        LocalDate today = LocalDate.ofInstant(time.now(), ZoneOffset.UTC);
        LocalDate[] range = range(literal.text(), literal.number(), today);
        Object from = dateTime ? range[0].atStartOfDay().toInstant(ZoneOffset.UTC) : range[0];
        Object to = dateTime ? range[1].atStartOfDay().toInstant(ZoneOffset.UTC) : range[1];
        return value -> {
            if (value == null) {
                return operator.equals("!=");
            }
            boolean before = compare(value, from) < 0;
            boolean after = compare(value, to) >= 0;
            return switch (operator) {
                case "=" -> !before && !after;
                case "!=" -> before || after;
                case "<" -> before;
                case "<=" -> !after;
                case ">" -> after;
                default -> !before;
            };
        };
    }

    /** First day, and the day after the last, of a date literal. */
    private static LocalDate[] range(String word, int n, LocalDate today) {
        LocalDate week = today.with(TemporalAdjusters.previousOrSame(DayOfWeek.SUNDAY));
        LocalDate month = today.withDayOfMonth(1);
        LocalDate year = today.withDayOfYear(1);
        return switch (word) {
            case "TODAY" -> span(today, ChronoUnit.DAYS, 0, 1);
            case "YESTERDAY" -> span(today, ChronoUnit.DAYS, -1, 0);
            case "TOMORROW" -> span(today, ChronoUnit.DAYS, 1, 2);
            case "LAST_N_DAYS" -> span(today, ChronoUnit.DAYS, -n, 1);
            case "NEXT_N_DAYS" -> span(today, ChronoUnit.DAYS, 1, n + 1);
            case "N_DAYS_AGO" -> span(today, ChronoUnit.DAYS, -n, -n + 1);
            case "LAST_90_DAYS" -> span(today, ChronoUnit.DAYS, -90, 1);
            case "NEXT_90_DAYS" -> span(today, ChronoUnit.DAYS, 1, 91);
            case "THIS_WEEK" -> span(week, ChronoUnit.WEEKS, 0, 1);
            case "LAST_WEEK" -> span(week, ChronoUnit.WEEKS, -1, 0);
            case "NEXT_WEEK" -> span(week, ChronoUnit.WEEKS, 1, 2);
            case "LAST_N_WEEKS" -> span(week, ChronoUnit.WEEKS, -n, 0);
            case "NEXT_N_WEEKS" -> span(week, ChronoUnit.WEEKS, 1, n + 1);
            case "THIS_MONTH" -> span(month, ChronoUnit.MONTHS, 0, 1);
            case "LAST_MONTH" -> span(month, ChronoUnit.MONTHS, -1, 0);
            case "NEXT_MONTH" -> span(month, ChronoUnit.MONTHS, 1, 2);
            case "LAST_N_MONTHS" -> span(month, ChronoUnit.MONTHS, -n, 0);
            case "NEXT_N_MONTHS" -> span(month, ChronoUnit.MONTHS, 1, n + 1);
            case "THIS_YEAR" -> span(year, ChronoUnit.YEARS, 0, 1);
            case "LAST_YEAR" -> span(year, ChronoUnit.YEARS, -1, 0);
            case "NEXT_YEAR" -> span(year, ChronoUnit.YEARS, 1, 2);
            case "LAST_N_YEARS" -> span(year, ChronoUnit.YEARS, -n, 0);
            default -> span(year, ChronoUnit.YEARS, 1, n + 1);
        };
    }

    private static LocalDate[] span(LocalDate start, ChronoUnit unit, int from, int to) {
        return new LocalDate[] {start.plus(from, unit), start.plus(to, unit)};
    }

    private static Object operand(Field field, Literal literal) {
        switch (field.type()) {
            case BOOLEAN:
                if (literal.kind() == Literal.Kind.BOOLEAN) {
                    return literal.text().equals("TRUE");
                }
                break;
            case INT, DOUBLE, CURRENCY:
                if (literal.kind() == Literal.Kind.NUMBER) {
                    return Double.parseDouble(literal.text());
                }
                break;
            case DATETIME:
                if (literal.kind() == Literal.Kind.DATE_TIME) {
                    return Values.parseDateTime(literal.text());
                }
                break;
            case DATE:
                if (literal.kind() == Literal.Kind.DATE) {
                    return LocalDate.parse(literal.text());
                }
                break;
            case ID, REFERENCE:
                if (literal.kind() == Literal.Kind.STRING) {
                    return SalesforceId.parse(literal.text()).orElseThrow(() -> new Refusal(400,
                            "INVALID_QUERY_FILTER_OPERATOR", "invalid ID field: " + literal.text()));
                }
                break;
            case ADDRESS:
                break;
            default:
                if (literal.kind() == Literal.Kind.STRING) {
                    return literal.text().replace("\\%", "%").replace("\\_", "_");
                }
        }
        throw wrongType(field, literal);
    }

    private static Refusal wrongType(Field field, Literal literal) {
        return new Refusal(400, "INVALID_FIELD", "value of filter criterion for field '" + field.name()
                + "' must be of type " + field.type().word + " and should not be " + literal.kind());
    }

    private static Pattern like(String text) {
        StringBuilder pattern = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\\' && i + 1 < text.length() && "%_".indexOf(text.charAt(i + 1)) >= 0) {
                pattern.append(Pattern.quote(String.valueOf(text.charAt(++i))));
            } else {
                pattern.append(c == '%' ? ".*" : c == '_' ? "." : Pattern.quote(String.valueOf(c)));
            }
        }
        return Pattern.compile(pattern.toString(), Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE | Pattern.DOTALL);
    }

    /** Texts without regard to case, numbers by value, ids exactly. */
    private static int compare(Object a, Object b) {
        if (a instanceof Number left && b instanceof Number right) {
            return Double.compare(left.doubleValue(), right.doubleValue());
        } else if (a instanceof String left && b instanceof String right) {
            return left.compareToIgnoreCase(right);
        } else if (a instanceof Boolean left && b instanceof Boolean right) {
            return left.compareTo(right);
        } else if (a instanceof Instant left && b instanceof Instant right) {
            return left.compareTo(right);
        } else if (a instanceof LocalDate left && b instanceof LocalDate right) {
            return left.compareTo(right);
        }
        throw new IllegalArgumentException(a + " against " + b);
    }
}
