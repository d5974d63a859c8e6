package io.leadroutes.flow;

import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;

/** A Kamelet as its file describes it. */
record Kamelet(YamlSource source, String name, Map<String, Property> properties) {

    private static final Set<String> TYPES = Set.of("source", "sink", "action");
    private static final String TYPE_LABEL = "camel.apache.org/kamelet.type";
    private static final Set<String> SECRET_WORDS = Set.of("password", "secret", "privatekey", "apikey", "token",
            "accesstoken", "passphrase", "clientsecret");
    /** Given to every Kamelet by Camel. */
    private static final Set<String> BUILT_IN = Set.of("templateId", "routeId", "uuid", "parentRouteId",
            "parentProcessorId", "noErrorHandler", "bridgeErrorHandler");

    /** A declared property. */
    record Property(Node key, Node node, boolean required, boolean hasDefault) {

        Optional<String> type() {
            return YamlSource.textAt(node, "type");
        }
    }

    static Kamelet of(YamlSource source) {
        Node definition = YamlSource.value(source.root(), "spec").flatMap(s -> YamlSource.value(s, "definition"))
                .orElse(null);
        Map<String, Property> properties = new LinkedHashMap<>();
        if (definition != null) {
            Set<String> required = new HashSet<>();
            YamlSource.value(definition, "required").map(YamlSource::items)
                    .ifPresent(items -> items.forEach(i -> YamlSource.text(i).ifPresent(required::add)));
            YamlSource.value(definition, "properties").ifPresent(all -> {
                for (NodeTuple entry : YamlSource.entries(all)) {
                    String name = YamlSource.text(entry.getKeyNode()).orElse("");
                    properties.put(name, new Property(entry.getKeyNode(), entry.getValueNode(), required.contains(name),
                            YamlSource.value(entry.getValueNode(), "default").isPresent()));
                }
            });
        }
        return new Kamelet(source, RouteFolder.baseName(source.path()), properties);
    }

    /** Whether a template parameter of this name exists, so that it hides a key of the configuration. */
    boolean declares(String key) {
        return properties.containsKey(key) || BUILT_IN.contains(key);
    }

    void check(Collection<Finding> findings) {
        Node root = source.root();
        if (!YamlSource.textAt(root, "kind").filter("Kamelet"::equals).isPresent()) {
            findings.add(source.finding(root, Code.R03, "This is no Kamelet",
                    "Camel looks for 'kind: Kamelet'", "Begin with 'apiVersion: camel.apache.org/v1' and 'kind: Kamelet'"));
        }
        checkName(root, findings);
        Optional<Node> spec = YamlSource.value(root, "spec");
        Optional<Node> definition = spec.flatMap(s -> YamlSource.value(s, "definition"));
        Optional<Node> template = spec.flatMap(s -> YamlSource.value(s, "template"));
        if (template.isEmpty()) {
            findings.add(source.finding(spec.orElse(root), Code.R03, "'template' is missing in 'spec'",
                    "It holds the steps of the Kamelet", "Add 'template: {from: …}'"));
        }
        if (definition.isEmpty()) {
            findings.add(source.finding(spec.orElse(root), Code.R03, "'definition' is missing in 'spec'",
                    "It says what the Kamelet does and which properties it takes", "Add 'definition: {title: …}'"));
        } else {
            for (String word : new String[] {"title", "description"}) {
                if (YamlSource.textAt(definition.get(), word).filter(t -> !t.isBlank()).isEmpty()) {
                    findings.add(source.finding(definition.get(), Code.H02, "The Kamelet has no " + word,
                            "Whoever writes a route reads it instead of the steps", "Add '" + word + ":'"));
                }
            }
        }
        properties.forEach((name, property) -> checkProperty(name, property, findings));
        template.ifPresent(t -> checkUse(t, findings));
    }

    private void checkName(Node root, Collection<Finding> findings) {
        Optional<Node> metadata = YamlSource.value(root, "metadata");
        Optional<Node> written = metadata.flatMap(m -> YamlSource.value(m, "name"));
        String text = written.flatMap(YamlSource::text).orElse("");
        if (!text.equals(name)) {
            findings.add(source.finding(written.or(() -> metadata).orElse(root), Code.H15,
                    "The Kamelet is named '" + text + "' in the file " + name + RouteFolder.KAMELET,
                    "Camel finds a Kamelet by its file name", "Write 'name: " + name + "' or rename the file"));
        }
        Optional<Node> label = metadata.flatMap(m -> YamlSource.value(m, "labels"))
                .flatMap(l -> YamlSource.value(l, TYPE_LABEL));
        String type = label.flatMap(YamlSource::text).orElse("");
        if (!TYPES.contains(type)) {
            findings.add(source.finding(label.or(() -> metadata).orElse(root), Code.H16,
                    type.isEmpty() ? "The type label is missing" : "'" + type + "' is no type of Kamelet",
                    "Tools offer a Kamelet by its type: source, sink or action",
                    "Write '" + TYPE_LABEL + ": \"action\"' below 'labels'"));
        }
    }

    private void checkProperty(String property, Property declared, Collection<Finding> findings) {
        Node node = declared.node();
        for (String word : new String[] {"title", "description", "type"}) {
            if (YamlSource.textAt(node, word).filter(t -> !t.isBlank()).isEmpty()) {
                findings.add(source.finding(declared.key(), Code.H17, "The property '" + property + "' has no " + word,
                        "Whoever writes a route reads it", "Add '" + word + ":'"));
            }
        }
        if (YamlSource.value(node, "example").isEmpty() && !declared.hasDefault()) {
            findings.add(source.finding(declared.key(), Code.H13,
                    "The property '" + property + "' has neither example nor default",
                    "Its form cannot be guessed", "Add 'example:' or 'default:'"));
        }
        boolean marked = YamlSource.textAt(node, "format").filter("password"::equals).isPresent();
        String lower = property.toLowerCase(java.util.Locale.ROOT);
        if (!marked && SECRET_WORDS.stream().anyMatch(lower::endsWith)) {
            findings.add(source.finding(declared.key(), Code.H14, "The secret '" + property + "' is not marked as one",
                    "Tools and logs would show its value", "Add 'format: password'"));
        }
    }

    private void checkUse(Node template, Collection<Finding> findings) {
        Map<String, Node> used = new TreeMap<>();
        Placeholders.each(template, (placeholder, node) -> used.putIfAbsent(placeholder.key(), node));
        properties.forEach((property, declared) -> {
            if (!used.containsKey(property)) {
                findings.add(source.finding(declared.key(), Code.H11,
                        "The property '" + property + "' is declared and not used",
                        "A value given for it would be ignored in silence",
                        "Use '{{" + property + "}}' in the template or remove the property"));
            }
        });
        used.forEach((key, node) -> {
            // A dotted key is one of the configuration and is looked up there.
            if (!declares(key) && key.indexOf('.') < 0) {
                findings.add(source.finding(node, Code.H12, "'{{" + key + "}}' is used and not declared",
                        "Declared are: " + Suggestion.list(new TreeSet<>(properties.keySet())),
                        Suggestion.of(key, properties.keySet(), "Declare it below 'definition: properties:'")));
            }
        });
    }
}
