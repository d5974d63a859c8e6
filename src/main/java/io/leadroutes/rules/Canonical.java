package io.leadroutes.rules;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.leadroutes.rules.ScoringRules.HalfLife;
import io.leadroutes.rules.ScoringRules.Linear;
import io.leadroutes.rules.ScoringRules.Lookup;
import io.leadroutes.rules.ScoringRules.Steps;
import io.leadroutes.rules.ScoringRules.Tier;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.erdtman.jcs.JsonCanonicalizer;

/**
 * The parsed rules as canonical JSON and their hashes. Only what the rules mean is in it: comments, key order,
 * indentation, quoting, the spelling of cells and values left to their defaults do not count; the order of rows does.
 */
final class Canonical {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final Map<String, Object> files = new TreeMap<>();

    Canonical types(Map<String, Variable> declared, Map<String, List<String>> extended) {
        Map<String, Object> variables = new TreeMap<>();
        declared.forEach((name, variable) -> {
            Map<String, Object> content = new LinkedHashMap<>();
            content.put("type", variable.type().name());
            content.put("unknown", variable.mayBeUnknown());
            content.put("values", variable.values());
            content.put("range", List.of(variable.min(), variable.max()));
            variable.fallback().ifPresent(value -> content.put("default", value));
            variables.put(name, content);
        });
        files.put("types.yaml", Map.of("spec", 1, "variables", variables, "extend", extended));
        return this;
    }

    Canonical people(Map<String, Person> people, Map<String, Queue> queues) {
        files.put("people.yaml", Map.of("spec", 1, "people", people.values().stream().map(person -> Map.of("id",
                person.id(), "name", person.name(), "ownerId", person.ownerId(), "active", person.active(), "always",
                person.always())).toList(), "queues", queues.values().stream().map(queue -> Map.of("id", queue.id(),
                        "name", queue.name(), "ownerId", queue.ownerId())).toList()));
        return this;
    }

    Canonical pools(Map<String, Pool> pools) {
        files.put("pools.yaml", Map.of("spec", 1, "pools", pools.values().stream().map(pool -> {
            Map<String, Object> content = new LinkedHashMap<>();
            content.put("id", pool.id());
            content.put("order", "owed");
            pool.zone().ifPresent(zone -> content.put("zone", zone.getId()));
            content.put("members", pool.members().stream()
                    .map(member -> Map.of("user", member.user(), "weight", member.weight())).toList());
            return content;
        }).toList()));
        return this;
    }

    Canonical fields(List<FieldMapping> fields) {
        files.put("fields.yaml", Map.of("spec", 1, "fields", fields.stream().map(Canonical::field).toList()));
        return this;
    }

    /** What goes without saying is left out. */
    private static Map<String, Object> field(FieldMapping field) {
        Map<String, Object> content = new LinkedHashMap<>();
        content.put("object", field.object());
        content.put("field", field.field());
        content.put("from", field.from());
        content.put("policy", field.policy().word());
        if (field.minDays() != FieldMapping.MIN_DAYS) {
            content.put("minDays", field.minDays());
        }
        if (field.protectDays() != FieldMapping.PROTECT_DAYS) {
            content.put("protectDays", field.protectDays());
        }
        return content;
    }

    Canonical scoring(ScoringRules rules) {
        Map<String, Object> content = new LinkedHashMap<>();
        content.put("spec", 1);
        content.put("range", List.of(rules.min(), rules.max()));
        content.put("axes", rules.axes().stream().map(axis -> Map.of("id", axis.id(), "weight", axis.weight(), "range",
                List.of(axis.min(), axis.max()), "combine", axis.combine().name())).toList());
        content.put("groups", rules.groups().stream().map(Canonical::group).toList());
        content.put("disqualifiers", rules.disqualifiers().stream().map(rule -> {
            Map<String, Object> map = new LinkedHashMap<>(Map.of("id", rule.id(), "when", rule.when().text()));
            put(map, "reason", rule.reason().map(Template::text));
            put(map, "route", rule.route());
            return map;
        }).toList());
        content.put("tiers", labels(rules.tiers()));
        rules.grade().ifPresent(grade -> content.put("grade", Map.of("rows", List.of(grade.rowAxis(),
                labels(grade.rows())), "columns", List.of(grade.columnAxis(), labels(grade.columns())))));
        content.put("api", Map.of("fit", rules.fitAxis(), "intent", rules.intentAxis()));
        files.put("scoring.yaml", content);
        return this;
    }

    private static Map<String, Object> group(ScoringRules.Group group) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("id", group.id());
        map.put("axis", group.axis());
        map.put("hit", group.hit().name());
        group.cap().ifPresent(cap -> map.put("cap", cap));
        map.put("floor", group.floor());
        map.put("events", group.forEachEvent());
        map.put("factors", group.factors().stream().map(factor -> List.of(factor.variable(), curve(factor.curve()),
                factor.otherwise())).toList());
        map.put("rows", group.rows().stream().map(row -> {
            Map<String, Object> content = test(row.id(), row.test());
            content.put("points", row.points());
            put(content, "reason", row.reason().map(Template::text));
            put(content, "note", row.note());
            return content;
        }).toList());
        return map;
    }

    private static Object curve(ScoringRules.Curve curve) {
        if (curve instanceof Steps steps) {
            return Map.of("steps", steps.bands().stream()
                    .map(band -> List.of(band.from(), band.to(), band.percent())).toList());
        }
        if (curve instanceof Lookup lookup) {
            return Map.of("map", lookup.percents());
        }
        if (curve instanceof Linear linear) {
            return Map.of("linear", List.of(linear.from(), linear.to()));
        }
        return Map.of("halfLife", ((HalfLife) curve).days());
    }

    private static List<Object> labels(List<Tier> tiers) {
        return tiers.stream().<Object>map(tier -> List.of(tier.id(), tier.from())).toList();
    }

    Canonical routing(RoutingRules rules) {
        Map<String, Object> content = new LinkedHashMap<>();
        content.put("spec", 1);
        content.put("guards", rules.guards().stream().map(guard -> {
            Map<String, Object> map = new LinkedHashMap<>();
            map.put("id", guard.id());
            map.put("when", guard.when().text());
            map.put("action", guard.action().name());
            put(map, "target", guard.target());
            map.put("reason", guard.reason().text());
            return map;
        }).toList());
        content.put("tables", rules.tables().stream().map(table -> {
            Map<String, Object> map = new LinkedHashMap<>();
            map.put("id", table.id());
            map.put("hit", table.hit().name());
            map.put("complete", table.complete());
            map.put("rows", table.rows().stream().map(row -> {
                Map<String, Object> cells = test(row.id(), row.test());
                cells.put("assign", row.assign());
                cells.put("else", row.otherwise());
                put(cells, "reason", row.reason().map(Template::text));
                put(cells, "note", row.note());
                return cells;
            }).toList());
            return map;
        }).toList());
        content.put("fallback", rules.fallback());
        files.put("routing.yaml", content);
        return this;
    }

    private static Map<String, Object> test(String id, RowTest test) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("id", id);
        List<Object> cells = new ArrayList<>();
        for (int i = 0; i < test.cells().size(); i++) {
            cells.add(List.of(test.columns().get(i), test.cells().get(i).text()));
        }
        map.put("cells", cells);
        put(map, "when", test.when().map(Condition::text));
        return map;
    }

    private static void put(Map<String, Object> map, String key, Optional<?> value) {
        value.ifPresent(given -> map.put(key, given));
    }

    /** The whole content: file name → content. */
    String json() {
        return canonical(files);
    }

    /** SHA-256 of the canonical list of file name, hash of the file's content, and spec. */
    String version() {
        List<Object> list = new ArrayList<>();
        files.forEach((name, content) -> list.add(Map.of("file", name, "hash", sha256(canonical(content)), "spec", 1)));
        return sha256(canonical(list));
    }

    private static String canonical(Object content) {
        try {
            return new JsonCanonicalizer(JSON.writeValueAsString(content)).getEncodedString();
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String sha256(String text) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256")
                    .digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
