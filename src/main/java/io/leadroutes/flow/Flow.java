package io.leadroutes.flow;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;

/**
 * What a route file or Kamelet template consists of: its routes, steps and endpoints, each with its place.
 *
 * @param routes the routes of the file
 * @param configurations ids of the route configurations of the file, with their nodes
 * @param steps every step at any depth
 * @param endpoints every place that names an endpoint
 * @param handlers every key that sets error handling
 */
record Flow(YamlSource source, List<RouteNode> routes, List<Named> configurations, List<Step> steps,
        List<EndpointUse> endpoints, List<NodeTuple> handlers) {

    private static final Set<String> ADDRESSES = Set.of("from", "to", "toD", "wireTap", "poll",
            "interceptSendToEndpoint", "deadLetterUri");
    private static final Set<String> HANDLERS = Set.of("errorHandler", "errorHandlerRef", "onException");

    /** A name and where it is written. */
    record Named(String name, Node node) {
    }

    /**
     * A route.
     *
     * @param shorthand whether it is a top-level {@code from} without {@code route}
     */
    record RouteNode(Node node, Node key, Optional<Named> id, Optional<Named> configuration, boolean shorthand) {

        /** Whether the route says that it leaves its failures to the caller. */
        boolean hasNoErrorHandler() {
            return YamlSource.value(node, "errorHandler").flatMap(h -> YamlSource.value(h, "noErrorHandler")).isPresent();
        }
    }

    /** A step: its name, the key it is written with and its options. */
    record Step(String name, Node key, Node value) {
    }

    /**
     * A place that names an endpoint.
     *
     * @param role the key it stands under: {@code from}, {@code to}, {@code toD}, …
     * @param uri the text as written, without the parameters
     * @param parameters the {@code parameters} map, if there is one
     */
    record EndpointUse(String role, String uri, Node uriNode, Optional<Node> parameters) {

        boolean isConsumer() {
            return role.equals("from") || role.equals("poll") || role.equals("pollEnrich");
        }

        String scheme() {
            String address = uri.strip();
            int end = address.indexOf(':');
            int query = address.indexOf('?');
            if (end < 0 || query >= 0 && query < end) {
                end = query < 0 ? address.length() : query;
            }
            return address.substring(0, end);
        }

        /** What follows the scheme, without slashes in front and without a query. */
        String path() {
            String address = uri.strip();
            int query = address.indexOf('?');
            String whole = query < 0 ? address : address.substring(0, query);
            String rest = whole.length() > scheme().length() ? whole.substring(scheme().length() + 1) : "";
            return rest.startsWith("//") ? rest.substring(2) : rest;
        }
    }

    static Flow of(YamlSource source) {
        Flow flow = new Flow(source, new ArrayList<>(), new ArrayList<>(), new ArrayList<>(), new ArrayList<>(),
                new ArrayList<>());
        if (RouteFolder.isKamelet(source.path())) {
            YamlSource.value(source.root(), "spec").flatMap(s -> YamlSource.value(s, "template"))
                    .ifPresent(flow::visit);
        } else {
            for (Node item : YamlSource.items(source.root())) {
                flow.topLevel(item);
            }
        }
        return flow;
    }

    private void topLevel(Node item) {
        for (NodeTuple entry : YamlSource.entries(item)) {
            String key = YamlSource.text(entry.getKeyNode()).orElse("");
            Node value = entry.getValueNode();
            switch (key) {
                case "route" -> routes.add(new RouteNode(value, entry.getKeyNode(), named(value, "id"),
                        named(value, "routeConfigurationId"), false));
                case "from" -> routes.add(new RouteNode(value, entry.getKeyNode(), named(value, "id"),
                        Optional.empty(), true));
                case "routeConfiguration" -> configurations.add(named(value, "id")
                        .orElse(new Named("", entry.getKeyNode())));
                default -> {
                    // Beans, rests and templates are visited below for what they call.
                }
            }
        }
        visit(item);
    }

    /** Ids written on steps, those in route configurations left out: these are copied into every route. */
    List<Named> stepIds() {
        return configurations.isEmpty()
                ? steps.stream().flatMap(step -> named(step.value(), "id").stream()).toList() : List.of();
    }

    private static Optional<Named> named(Node node, String key) {
        return YamlSource.value(node, key).filter(n -> !YamlSource.isNull(n))
                .flatMap(n -> YamlSource.text(n).map(text -> new Named(text, n)));
    }

    private void visit(Node node) {
        for (Node item : YamlSource.items(node)) {
            visit(item);
        }
        for (NodeTuple entry : YamlSource.entries(node)) {
            String key = YamlSource.text(entry.getKeyNode()).orElse("");
            Node value = entry.getValueNode();
            if (HANDLERS.contains(key)) {
                handlers.add(entry);
            }
            if (key.equals("steps")) {
                for (Node step : YamlSource.items(value)) {
                    YamlSource.entries(step).forEach(this::step);
                }
            }
            if (ADDRESSES.contains(key)) {
                endpoint(key, value);
            }
            // A parameters map holds options, never steps.
            if (!key.equals("parameters")) {
                visit(value);
            }
        }
    }

    private void step(NodeTuple entry) {
        String name = YamlSource.text(entry.getKeyNode()).orElse("");
        Node value = entry.getValueNode();
        steps.add(new Step(name, entry.getKeyNode(), value));
        if (name.equals("kamelet")) {
            Optional<Node> kamelet = value instanceof MappingNode ? YamlSource.value(value, "name") : Optional.of(value);
            kamelet.ifPresent(node -> YamlSource.text(node).ifPresent(text -> endpoints.add(new EndpointUse("kamelet",
                    "kamelet:" + text, node, YamlSource.value(value, "parameters")))));
        }
        if (name.equals("enrich") || name.equals("pollEnrich")) {
            constantAddress(value).ifPresent(node -> endpoints.add(new EndpointUse(name,
                    YamlSource.text(node).orElse(""), node, Optional.empty())));
        }
    }

    /** The address of an enrich step when it is a constant; simple text without a function is one too. */
    static Optional<Node> constantAddress(Node enrich) {
        Node holder = YamlSource.value(enrich, "expression").orElse(enrich);
        for (String language : new String[] {"constant", "simple"}) {
            Optional<Node> written = YamlSource.value(holder, language);
            if (written.isPresent()) {
                Node node = YamlSource.value(written.get(), "expression").orElse(written.get());
                return YamlSource.text(node).filter(t -> !t.contains("${")).map(t -> node);
            }
        }
        return Optional.empty();
    }

    private void endpoint(String role, Node value) {
        Node uri = value instanceof MappingNode ? YamlSource.value(value, "uri").orElse(null) : value;
        if (uri != null) {
            YamlSource.text(uri).filter(t -> !t.isBlank()).ifPresent(text -> endpoints.add(new EndpointUse(role, text, uri,
                    YamlSource.value(value, "parameters"))));
        }
    }
}
