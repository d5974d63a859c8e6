package io.leadroutes.flow;

import io.leadroutes.flow.Flow.EndpointUse;
import io.leadroutes.flow.Flow.Named;
import io.leadroutes.flow.Flow.RouteNode;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.apache.camel.support.PatternHelper;

/**
 * Finds what is wrong in route files and Kamelets before Camel sees them: at start-up, before a reload and in the
 * tests. Looks at YAML, the schema of Camel's YAML language, endpoint options and the rules of the house.
 */
public final class RouteLint {

    private final SchemaCheck schema;
    private final EndpointCheck endpoints;
    private final Predicate<String> configured;
    private final KnownTexts known;

    /**
     * @param loader sees the components of the application
     * @param configured whether a configuration key has a value
     * @param known texts that need no check of their own any more; those without a finding are added
     */
    RouteLint(ClassLoader loader, Predicate<String> configured, KnownTexts known) {
        this.schema = new SchemaCheck(loader);
        this.endpoints = new EndpointCheck(loader);
        this.configured = configured;
        this.known = known;
    }

    /** All findings of all files, in the order of file, line and column. */
    List<Finding> lint(RouteFolder folder) {
        Set<Finding> findings = new TreeSet<>();
        Map<String, Flow> flows = new LinkedHashMap<>();
        Map<String, Kamelet> kamelets = new TreeMap<>();
        Set<String> unreadable = new HashSet<>();
        for (Map.Entry<String, String> text : folder.texts().entrySet()) {
            Optional<YamlSource> source = YamlSource.parse(text.getKey(), text.getValue(), findings);
            if (source.isEmpty()) {
                unreadable.add(RouteFolder.baseName(text.getKey()));
                continue;
            }
            flows.put(text.getKey(), Flow.of(source.get()));
            if (RouteFolder.isKamelet(text.getKey())) {
                Kamelet kamelet = Kamelet.of(source.get());
                kamelets.put(kamelet.name(), kamelet);
            }
        }
        checkNames(folder, flows, findings);
        Set<String> directs = directs(flows.values(), unreadable);
        Set<String> configurations = new TreeSet<>();
        flows.values().forEach(flow -> flow.configurations().forEach(c -> configurations.add(c.name())));
        HouseRules house = new HouseRules(folder);
        for (Flow flow : flows.values()) {
            checkText(flow, folder.texts().get(flow.source().path()), findings);
            if (RouteFolder.isKamelet(flow.source().path())) {
                kamelets.get(RouteFolder.baseName(flow.source().path())).check(findings);
            }
            flow.endpoints().forEach(use -> endpoints.check(flow.source(), use, kamelets, directs, findings));
            checkPlaceholders(flow, kamelets, findings);
            checkConfigurations(flow, configurations, findings);
            house.check(flow, findings);
        }
        // A Kamelet that cannot be read has its own finding; its users need none.
        findings.removeIf(f -> f.code() == Code.R09 && unreadable.stream().anyMatch(k -> f.what().contains("'" + k + "'")));
        return List.copyOf(findings);
    }

    /** What can be found in a text alone. */
    private void checkText(Flow flow, String text, Collection<Finding> findings) {
        YamlSource source = flow.source();
        if (known.contains(source.path(), text)) {
            return;
        }
        List<Finding> own = new ArrayList<>();
        if (RouteFolder.isKamelet(source.path())) {
            schema.checkTemplate(source, own);
        } else {
            schema.check(source, own);
        }
        flow.endpoints().forEach(use -> endpoints.checkOptions(source, use, own));
        if (own.isEmpty()) {
            known.add(source.path(), text);
        }
        findings.addAll(own);
    }

    /** A name used twice is told in both files: whichever of them is new has to be refused. */
    private static void checkNames(RouteFolder folder, Map<String, Flow> flows, Collection<Finding> findings) {
        Map<String, List<String>> fileNames = new TreeMap<>();
        for (String path : folder.texts().keySet()) {
            fileNames.computeIfAbsent(path.substring(path.lastIndexOf('/') + 1), n -> new ArrayList<>()).add(path);
        }
        fileNames.values().forEach(paths -> paths.forEach(path -> paths.stream().filter(p -> !p.equals(path)).findFirst()
                .ifPresent(other -> findings.add(new Finding(path, 1, 1, Code.H10,
                        "The file name is used by " + other + " too",
                        "In a ConfigMap all files lie in one folder", "Rename one of them")))));
        record Place(String path, Flow flow, Named id, boolean route) {
        }
        Map<String, List<Place>> ids = new TreeMap<>();
        flows.forEach((path, flow) -> {
            if (!RouteFolder.isKamelet(path)) {
                flow.routes().forEach(route -> route.id().ifPresent(id -> ids
                        .computeIfAbsent(id.name(), n -> new ArrayList<>()).add(new Place(path, flow, id, true))));
                flow.stepIds().forEach(id -> ids.computeIfAbsent(id.name(), n -> new ArrayList<>())
                        .add(new Place(path, flow, id, false)));
            }
        });
        // Camel wants the ids of routes and steps to be different from one another, over all files.
        ids.values().forEach(places -> places.forEach(place -> places.stream().filter(p -> p != place).findFirst()
                .ifPresent(other -> findings.add(place.flow().source().finding(place.id().node(), Code.R14,
                        "The " + (place.route() ? "route" : "step") + " id '" + place.id().name() + "' is used in "
                                + other.path() + " too",
                        "Ids of routes and steps must be unique over all files",
                        place.route() ? "Give it the name of its file" : "Give the step another id")))));
    }

    private static Set<String> directs(Collection<Flow> flows, Set<String> unreadable) {
        // A file that cannot be read counts as offering the endpoint of its name: it has its own finding.
        Set<String> names = new TreeSet<>(unreadable);
        for (Flow flow : flows) {
            flow.endpoints().stream().filter(use -> use.role().equals("from") && use.scheme().equals("direct"))
                    .map(EndpointUse::path).forEach(names::add);
            flow.endpoints().stream().filter(use -> use.role().equals("from") && use.uri().equals("direct"))
                    .flatMap(use -> use.parameters().flatMap(p -> YamlSource.textAt(p, "name")).stream())
                    .forEach(names::add);
        }
        return names;
    }

    private void checkPlaceholders(Flow flow, Map<String, Kamelet> kamelets, Collection<Finding> findings) {
        YamlSource source = flow.source();
        boolean isKamelet = RouteFolder.isKamelet(source.path());
        Kamelet kamelet = isKamelet ? kamelets.get(RouteFolder.baseName(source.path())) : null;
        Set<String> told = new HashSet<>();
        Placeholders.each(source.root(), (placeholder, node) -> {
            String key = placeholder.key();
            boolean known = placeholder.hasDefault() || placeholder.function()
                    || isKamelet && (kamelet.declares(key) || key.indexOf('.') < 0) || configured.test(key);
            if (!known && told.add(key + node.getStartMark())) {
                findings.add(source.finding(node, Code.R13, "The key '" + key + "' is not configured",
                        "A placeholder without default must have a value",
                        "Set it in application.properties, or write '{{" + key + ":default}}'"));
            }
        });
    }

    private static void checkConfigurations(Flow flow, Set<String> known, Collection<Finding> findings) {
        for (RouteNode route : flow.routes()) {
            route.configuration().ifPresent(named -> {
                for (String wanted : named.name().split(",")) {
                    checkConfiguration(flow.source(), named, wanted.strip(), known, findings);
                }
            });
        }
    }

    private static void checkConfiguration(YamlSource source, Named named, String wanted, Set<String> known,
            Collection<Finding> findings) {
        if (!wanted.contains("{{") && known.stream().noneMatch(id -> PatternHelper.matchPattern(id, wanted))) {
            findings.add(source.finding(named.node(), Code.R15, "There is no route configuration '" + wanted + "'",
                    "Camel would run the route without any error handling and say nothing",
                    Suggestion.of(wanted, known, "Use one of: " + Suggestion.list(known))));
        }
    }

    /** The findings as a text: one a line, errors first. */
    public static String report(Collection<Finding> findings) {
        List<String> lines = new ArrayList<>();
        findings.stream().filter(Finding::isError).map(Finding::toString).forEach(lines::add);
        findings.stream().filter(f -> !f.isError()).map(Finding::toString).forEach(lines::add);
        return String.join(System.lineSeparator(), lines);
    }
}
