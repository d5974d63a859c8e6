package io.leadroutes.flow;

import io.leadroutes.flow.Flow.EndpointUse;
import io.leadroutes.flow.Flow.RouteNode;
import io.leadroutes.flow.Flow.Step;
import java.util.Collection;
import java.util.Locale;
import java.util.Set;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;

/** The rules of the house for route files (design §3, conventions 1 to 5). */
final class HouseRules {

    private static final Set<String> BUSINESS = Set.of("", "intake", "pipeline", "jobs");
    private static final Set<String> RAW = Set.of("http", "https", "netty", "netty-http", "vertx-http",
            "vertx-websocket", "exec", "language", "rest", "rest-api", "jdbc");
    private static final Set<String> RAW_TO = Set.of("salesforce");
    private static final Set<String> DYNAMIC = Set.of("toD", "recipientList", "routingSlip", "dynamicRouter");
    private static final Set<String> WITH_ID = Set.of("throttle", "choice", "circuitBreaker", "to", "toD", "wireTap",
            "enrich", "pollEnrich", "kamelet");
    private static final Set<String> WITHOUT_ID = Set.of("log", "mock", "kamelet:sink", "kamelet:source");
    private static final Set<String> WITH_EXPRESSION = Set.of("setBody", "setHeader", "setProperty", "setVariable",
            "filter", "split", "when", "throttle", "delay", "loop", "transform", "validate", "script",
            "idempotentConsumer", "recipientList", "enrich", "pollEnrich", "sort", "resequence", "routingSlip",
            "dynamicRouter");
    private static final Set<String> LANGUAGES = Set.of("constant", "simple", "method", "header", "variable", "jsonpath",
            "xpath", "exchangeProperty", "groovy", "tokenize", "language", "csimple", "java", "jq", "ref", "spel");

    private final RouteFolder folder;

    HouseRules(RouteFolder folder) {
        this.folder = folder;
    }

    void check(Flow flow, Collection<Finding> findings) {
        YamlSource source = flow.source();
        boolean kamelet = RouteFolder.isKamelet(source.path());
        String area = kamelet ? "kamelets" : folder.area(source.path());
        for (RouteNode route : flow.routes()) {
            checkRoute(source, area, route, findings);
        }
        flow.endpoints().forEach(use -> {
            if (use.uri().contains("?") && !use.scheme().contains("{{")) {
                findings.add(source.finding(use.uriNode(), Code.H03, "Options are written into the uri",
                        "They are easier to read and to edit one below the other",
                        "Move them below 'parameters:', one a line"));
            }
            if (BUSINESS.contains(area)) {
                checkReach(source, use, findings);
                checkOffsets(source, use, findings);
            }
        });
        for (Step step : flow.steps()) {
            checkNotation(source, step, findings);
            checkId(source, step, findings);
            if (BUSINESS.contains(area)) {
                checkDynamic(source, step, findings);
            }
        }
        if (!area.equals("shared")) {
            for (NodeTuple handler : flow.handlers()) {
                boolean none = YamlSource.value(handler.getValueNode(), "noErrorHandler").isPresent();
                if (!none) {
                    findings.add(source.finding(handler.getKeyNode(), Code.H06, "Error handling is written into this file",
                            "It lives in " + folder.root() + "/shared only, so that every failure ends the same way",
                            "Name a routeConfigurationId of " + folder.root() + "/shared instead"));
                }
            }
        }
        for (RouteNode route : flow.routes()) {
            if (route.hasNoErrorHandler() && route.configuration().isPresent()) {
                findings.add(source.finding(route.configuration().get().node(), Code.H18,
                        "The route has 'noErrorHandler' beside a route configuration",
                        "Then nothing that the configuration says about failures happens", "Remove one of the two"));
            }
        }
        if (area.equals("zoominfo") && flow.steps().stream().anyMatch(s -> s.name().equals("throttle"))) {
            for (RouteNode route : flow.routes()) {
                if (!route.hasNoErrorHandler()) {
                    findings.add(source.finding(route.key(), Code.H08, "A tier route without 'noErrorHandler'",
                            "Its retries would go round the throttle",
                            "Add 'errorHandler: {noErrorHandler: {}}'; the caller retries"));
                }
            }
        }
    }

    private void checkRoute(YamlSource source, String area, RouteNode route, Collection<Finding> findings) {
        String base = RouteFolder.baseName(source.path());
        if (route.shorthand()) {
            findings.add(source.finding(route.key(), Code.H04, "A route without 'route:'",
                    "The short form is on its way out of Camel and has no place for id and description",
                    "Write 'route:' and put 'from:' below it"));
        }
        if (route.id().isEmpty()) {
            findings.add(source.finding(route.key(), Code.R03, "The route has no id",
                    "Without one it cannot be replaced while the application runs", "Add 'id: " + base + "'"));
        } else if (!route.id().get().name().equals(base) && !route.id().get().name().startsWith(base + "-")) {
            findings.add(source.finding(route.id().get().node(), Code.H01,
                    "The route '" + route.id().get().name() + "' lies in the file "
                            + base + RouteFolder.ROUTE,
                    "A route is found by the name of its file", "Write 'id: " + base + "' or rename the file"));
        }
        if (!route.shorthand() && YamlSource.textAt(route.node(), "description").filter(d -> !d.isBlank()).isEmpty()) {
            findings.add(source.finding(route.key(), Code.H02, "The route has no description",
                    "It tells in plain words what the route is for", "Add 'description:'"));
        }
        if (BUSINESS.contains(area) && route.configuration().isEmpty() && !route.hasNoErrorHandler()) {
            findings.add(source.finding(route.key(), Code.H07, "The route names no route configuration",
                    "A record that fails in it would end nowhere",
                    "Add 'routeConfigurationId:' with an id of " + folder.root() + "/shared"));
        }
    }

    private static void checkReach(YamlSource source, EndpointUse use, Collection<Finding> findings) {
        String scheme = use.scheme().toLowerCase(Locale.ROOT);
        boolean raw = RAW.contains(scheme) && !(scheme.equals("rest") && use.isConsumer())
                || RAW_TO.contains(scheme) && !use.isConsumer();
        if (raw) {
            findings.add(source.finding(use.uriNode(), Code.H05, "A business route calls '" + scheme + ":' directly",
                    "Rate limits, log-in and error classes live behind Kamelets and 'direct:<system>-…' routes",
                    "Call a Kamelet, or a direct: route of the system"));
        } else if (use.uri().contains("${")) {
            findings.add(dynamic(source, use.uriNode()));
        }
    }

    private static void checkOffsets(YamlSource source, EndpointUse use, Collection<Finding> findings) {
        if (use.isConsumer() && use.scheme().equals("kafka") && use.parameters()
                .flatMap(map -> YamlSource.textAt(map, "autoCommitEnable")).filter("false"::equals).isEmpty()) {
            findings.add(source.finding(use.uriNode(), Code.H19, "The intake commits its offsets by itself",
                    "A message that is read and not stored yet would be lost with the process",
                    "Add 'autoCommitEnable: false' and 'allowManualCommit: true', and commit behind the step that stores"));
        }
    }

    private static void checkDynamic(YamlSource source, Step step, Collection<Finding> findings) {
        boolean enrich = step.name().equals("enrich") || step.name().equals("pollEnrich");
        if (DYNAMIC.contains(step.name()) || enrich && Flow.constantAddress(step.value()).isEmpty()) {
            findings.add(dynamic(source, step.key()));
        }
    }

    private static Finding dynamic(YamlSource source, Node node) {
        return source.finding(node, Code.H05, "The address of this call is made from data",
                "A record could choose where it is sent", "Use 'choice' with fixed addresses");
    }

    private static void checkNotation(YamlSource source, Step step, Collection<Finding> findings) {
        if (step.value() instanceof ScalarNode && !YamlSource.isNull(step.value())) {
            findings.add(source.finding(step.key(), Code.H04, "'" + step.name() + "' is written in short notation",
                    "The explicit form stays readable in visual editors and for the next Camel version",
                    "Write the options below '" + step.name() + ":', one a line"));
            return;
        }
        if (WITH_EXPRESSION.contains(step.name())) {
            expression(source, step.name(), step.value(), findings);
        }
        if (step.name().equals("choice")) {
            YamlSource.value(step.value(), "when").map(YamlSource::items)
                    .ifPresent(items -> items.forEach(when -> expression(source, "when", when, findings)));
        }
    }

    private static void expression(YamlSource source, String step, Node value, Collection<Finding> findings) {
        for (NodeTuple entry : YamlSource.entries(value)) {
            String key = YamlSource.text(entry.getKeyNode()).orElse("");
            if (LANGUAGES.contains(key)) {
                findings.add(source.finding(entry.getKeyNode(), Code.H04,
                        "The expression of '" + step + "' is written in short notation",
                        "The explicit form stays readable in visual editors and for the next Camel version",
                        "Write 'expression: {" + key + ": {expression: …}}'"));
            }
            if (key.equals("expression")) {
                for (NodeTuple language : YamlSource.entries(entry.getValueNode())) {
                    if (language.getValueNode() instanceof ScalarNode) {
                        String name = YamlSource.text(language.getKeyNode()).orElse("");
                        findings.add(source.finding(language.getKeyNode(), Code.H04,
                                "The expression of '" + step + "' is written in short notation",
                                "The explicit form stays readable in visual editors and for the next Camel version",
                                "Write '" + name + ": {expression: …}'"));
                    }
                }
            }
        }
    }

    private static void checkId(YamlSource source, Step step, Collection<Finding> findings) {
        if (!WITH_ID.contains(step.name()) || YamlSource.textAt(step.value(), "id").isPresent()) {
            return;
        }
        String uri = step.value() instanceof MappingNode ? YamlSource.textAt(step.value(), "uri").orElse("")
                : YamlSource.text(step.value()).orElse("");
        String scheme = uri.contains(":") ? uri.substring(0, uri.indexOf(':')) : uri;
        if (!WITHOUT_ID.contains(scheme) && !WITHOUT_ID.contains(uri)) {
            findings.add(source.finding(step.key(), Code.H09, "'" + step.name() + "' has no id",
                    "Metrics and dead letters name a step by its id", "Add 'id:'"));
        }
    }
}
