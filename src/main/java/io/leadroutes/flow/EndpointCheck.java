package io.leadroutes.flow;

import io.leadroutes.finding.Nearest;
import io.leadroutes.flow.Flow.EndpointUse;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import org.apache.camel.catalog.CamelCatalog;
import org.apache.camel.catalog.DefaultCamelCatalog;
import org.apache.camel.tooling.model.ComponentModel;
import org.apache.camel.tooling.model.ComponentModel.EndpointOptionModel;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;

/** Checks addresses and their options against Camel's catalog and the Kamelets. */
final class EndpointCheck {

    private static final String SERVICES = "META-INF/services/org/apache/camel/component/";
    private static final Pattern DURATION = Pattern.compile("(\\d+(ms|s|m|h|d)?\\s*)+|P.+", Pattern.CASE_INSENSITIVE);
    private static final Pattern INTEGER = Pattern.compile("[+-]?\\d+");
    private static final Pattern NUMBER = Pattern.compile("[+-]?\\d+(\\.\\d+)?");

    private final ClassLoader loader;
    private final Map<String, ComponentModel> models = new ConcurrentHashMap<>();
    /** Read when it is first needed: a start with shipped files only does without. */
    private CamelCatalog catalog;

    EndpointCheck(ClassLoader loader) {
        this.loader = loader;
    }

    /** An option as written, with its key for the place of a finding. */
    private record Written(Node key, Node valueNode, String value) {
    }

    /** What depends on the other files of the folder: whether there is such a Kamelet or route. */
    void check(YamlSource source, EndpointUse use, Map<String, Kamelet> kamelets, Set<String> directs,
            Collection<Finding> findings) {
        String scheme = use.scheme();
        if (scheme.contains("{{") || scheme.contains("${")) {
            return;
        }
        if (!isThere(scheme)) {
            Set<String> known = new TreeSet<>(catalog().findComponentNames());
            boolean exists = known.contains(scheme);
            known.removeIf(name -> !isThere(name));
            findings.add(source.finding(use.uriNode(), Code.R05,
                    exists ? "The component '" + scheme + "' is not part of this application"
                            : "There is no component '" + scheme + "'",
                    "A route with an unknown component cannot start",
                    Suggestion.of(scheme, known, "Use one of: " + Suggestion.list(known))));
            return;
        }
        Map<String, Written> options = options(use);
        if (scheme.equals("kamelet")) {
            checkKamelet(source, use, options, kamelets, findings);
            return;
        }
        if (scheme.equals("direct") && !use.isConsumer()) {
            String name = use.path();
            if (!name.contains("{{") && !name.contains("${") && !directs.contains(name)) {
                findings.add(source.finding(use.uriNode(), Code.R12, "No route starts at 'direct:" + name + "'",
                        "A record sent there would wait and fail",
                        Suggestion.of(name, directs, "Write a route with 'from: {uri: direct:" + name + "}'")));
            }
        }
    }

    /** What depends on the text alone: the options of an address, against the catalog. */
    void checkOptions(YamlSource source, EndpointUse use, Collection<Finding> findings) {
        String scheme = use.scheme();
        if (!scheme.equals("kamelet") && isThere(scheme)) {
            ComponentModel model = model(scheme);
            if (model != null) {
                checkOptions(source, use, scheme, model, options(use), findings);
            }
        }
    }

    private synchronized CamelCatalog catalog() {
        if (catalog == null) {
            catalog = new DefaultCamelCatalog();
        }
        return catalog;
    }

    private boolean isThere(String scheme) {
        return scheme.matches("[a-zA-Z0-9+.-]+") && loader.getResource(SERVICES + scheme) != null;
    }

    private ComponentModel model(String scheme) {
        ComponentModel model = models.get(scheme);
        if (model == null) {
            model = catalog().componentModel(scheme);
            if (model != null) {
                models.put(scheme, model);
            }
        }
        return model;
    }

    private static Map<String, Written> options(EndpointUse use) {
        Map<String, Written> options = new LinkedHashMap<>();
        int query = use.uri().indexOf('?');
        if (query >= 0) {
            for (String part : use.uri().substring(query + 1).split("&")) {
                int equals = part.indexOf('=');
                if (equals > 0) {
                    options.put(part.substring(0, equals), new Written(use.uriNode(), use.uriNode(), decode(part, equals)));
                }
            }
        }
        use.parameters().ifPresent(map -> {
            for (NodeTuple entry : YamlSource.entries(map)) {
                YamlSource.text(entry.getKeyNode()).ifPresent(name -> options.put(name, new Written(entry.getKeyNode(),
                        entry.getValueNode(), YamlSource.text(entry.getValueNode()).orElse(""))));
            }
        });
        return options;
    }

    private static String decode(String part, int equals) {
        try {
            return URLDecoder.decode(part.substring(equals + 1), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException notEncoded) {
            return part.substring(equals + 1);
        }
    }

    private void checkOptions(YamlSource source, EndpointUse use, String scheme, ComponentModel model,
            Map<String, Written> options, Collection<Finding> findings) {
        Map<String, EndpointOptionModel> known = new LinkedHashMap<>();
        Set<String> prefixes = new HashSet<>();
        for (EndpointOptionModel option : model.getEndpointOptions()) {
            known.put(option.getName(), option);
            if (option.isMultiValue() && option.getPrefix() != null) {
                prefixes.add(option.getPrefix());
            }
        }
        options.forEach((name, written) -> {
            EndpointOptionModel option = known.get(name);
            if (option == null) {
                if (!model.isLenientProperties() && !model.isApi() && prefixes.stream().noneMatch(name::startsWith)) {
                    findings.add(source.finding(written.key(), Code.R06,
                            "'" + scheme + "' has no option '" + name + "'", "A route with it cannot start",
                            Suggestion.of(name, known.keySet(), "Remove it, or look the option up in Camel's manual")));
                } else if (model.isLenientProperties()) {
                    // Passed on to the remote side; a near miss of an option of Camel's is still told.
                    Nearest.of(name, known.keySet()).filter(near -> near.equalsIgnoreCase(name))
                            .ifPresent(near -> findings.add(source.finding(written.key(), Code.R06,
                                    "'" + scheme + "' has no option '" + name + "'",
                                    "It would be sent to the remote side as a query parameter",
                                    "Did you mean '" + near + "'?")));
                }
                return;
            }
            String label = option.getLabel() == null ? "" : option.getLabel();
            if (use.isConsumer() && label.contains("producer") && !label.contains("consumer")) {
                findings.add(source.finding(written.key(), Code.R06,
                        "The option '" + name + "' of '" + scheme + "' is for sending only",
                        "A 'from' does not take it", "Remove it"));
            } else if (!use.isConsumer() && label.contains("consumer") && !label.contains("producer")) {
                findings.add(source.finding(written.key(), Code.R06,
                        "The option '" + name + "' of '" + scheme + "' is for receiving only",
                        "A call does not take it", "Remove it"));
            } else {
                checkValue(source, name, option.getType(), option.getEnums(), written, findings);
            }
        });
        if (use.path().isBlank()) {
            for (EndpointOptionModel option : model.getEndpointOptions()) {
                if (option.isRequired() && "path".equals(option.getKind()) && option.getDefaultValue() == null
                        && !options.containsKey(option.getName())) {
                    findings.add(missing(source, use, scheme, option));
                }
            }
        }
        for (EndpointOptionModel option : model.getEndpointOptions()) {
            if (option.isRequired() && "parameter".equals(option.getKind()) && option.getDefaultValue() == null
                    && !options.containsKey(option.getName())) {
                findings.add(missing(source, use, scheme, option));
            }
        }
    }

    private static Finding missing(YamlSource source, EndpointUse use, String scheme, EndpointOptionModel option) {
        return source.finding(use.uriNode(), Code.R08, "'" + scheme + "' needs '" + option.getName() + "'",
                YamlSource.firstLine(option.getDescription()), "Add '" + option.getName() + ":' below 'parameters:'");
    }

    private static void checkValue(YamlSource source, String name, String type, Collection<String> closedList,
            Written written, Collection<Finding> findings) {
        String value = written.value();
        if (value.contains("{{") || value.startsWith("#") || value.startsWith("RAW") || type == null
                || value.contains("${")) {
            return;
        }
        String wanted = null;
        Set<String> choices = closedList == null ? Set.of() : new TreeSet<>(closedList);
        if (!choices.isEmpty()) {
            String plain = plain(value);
            if (choices.stream().noneMatch(c -> plain(c).equals(plain))) {
                wanted = "one of: " + Suggestion.list(choices);
            }
        } else if (type.equals("boolean") && !value.equalsIgnoreCase("true") && !value.equalsIgnoreCase("false")) {
            wanted = "true or false";
        } else if (type.equals("integer") && !INTEGER.matcher(value).matches()) {
            wanted = "a whole number";
        } else if (type.equals("number") && !NUMBER.matcher(value).matches()) {
            wanted = "a number";
        } else if (type.equals("duration") && !DURATION.matcher(value).matches()) {
            wanted = "a time such as 500, 2s or 1m30s";
        }
        if (wanted != null) {
            findings.add(source.finding(written.valueNode(), Code.R07, "'" + value + "' is no value of '" + name + "'",
                    "It takes " + wanted, Suggestion.of(value, choices, "Correct the value")));
        }
    }

    private static String plain(String text) {
        return text.toLowerCase(Locale.ROOT).replace("-", "").replace("_", "");
    }

    private void checkKamelet(YamlSource source, EndpointUse use, Map<String, Written> options,
            Map<String, Kamelet> kamelets, Collection<Finding> findings) {
        String path = use.path();
        if (path.equals("source") || path.equals("sink") || path.contains("{{") || path.contains("${")) {
            return;
        }
        String name = path.contains("/") ? path.substring(0, path.indexOf('/')) : path;
        Kamelet kamelet = kamelets.get(name);
        if (kamelet == null) {
            findings.add(source.finding(use.uriNode(), Code.R09, "There is no Kamelet '" + name + "'",
                    "There are: " + Suggestion.list(kamelets.keySet()), Suggestion.of(name, kamelets.keySet(),
                            "Add the file kamelets/" + name + RouteFolder.KAMELET)));
            return;
        }
        options.forEach((option, written) -> {
            Kamelet.Property property = kamelet.properties().get(option);
            if (property == null) {
                if (!isOfCamel(option)) {
                    findings.add(source.finding(written.key(), Code.R10,
                            "The Kamelet '" + name + "' has no property '" + option + "'",
                            "It has: " + Suggestion.list(kamelet.properties().keySet()),
                            Suggestion.of(option, kamelet.properties().keySet(), "Remove it")));
                }
                return;
            }
            Set<String> choices = new TreeSet<>();
            YamlSource.value(property.node(), "enum").map(YamlSource::items)
                    .ifPresent(items -> items.forEach(i -> YamlSource.text(i).ifPresent(choices::add)));
            checkValue(source, option, property.type().orElse("string"), choices, written, findings);
        });
        kamelet.properties().forEach((property, declared) -> {
            if (declared.required() && !declared.hasDefault() && !options.containsKey(property)) {
                findings.add(source.finding(use.uriNode(), Code.R11,
                        "The Kamelet '" + name + "' needs the property '" + property + "'",
                        YamlSource.textAt(declared.node(), "description").orElse("It has no default"),
                        "Add '" + property + ":' below 'parameters:'"));
            }
        });
    }

    /** An option of the endpoint that every Kamelet has. */
    private boolean isOfCamel(String option) {
        ComponentModel model = model("kamelet");
        return model != null && model.getEndpointOptions().stream().anyMatch(known -> known.getName().equals(option));
    }
}
