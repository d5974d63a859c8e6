package io.leadroutes.flow;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;

/** Camel's property placeholders, {@code {{key}}}, {@code {{key:default}}} and {@code {{?key}}}, in a YAML text. */
final class Placeholders {

    private static final Pattern PLACEHOLDER = Pattern.compile("\\{\\{([^{}]+)}}");
    /** Looked up elsewhere than in the configuration. */
    private static final Set<String> FUNCTIONS = Set.of("env", "sys", "bean", "service", "service.name", "service.host",
            "service.port");

    /** @param hasDefault whether it can be left without a value: a default is given or it is marked as optional */
    record Placeholder(String key, boolean hasDefault, boolean function) {
    }

    private Placeholders() {
    }

    static List<Placeholder> in(String text) {
        List<Placeholder> found = new ArrayList<>();
        Matcher matcher = PLACEHOLDER.matcher(text);
        while (matcher.find()) {
            String inner = matcher.group(1).strip();
            boolean optional = inner.startsWith("?");
            String name = optional ? inner.substring(1) : inner.startsWith("!") ? inner.substring(1) : inner;
            int colon = name.indexOf(':');
            String key = colon < 0 ? name : name.substring(0, colon);
            found.add(new Placeholder(key, optional || colon >= 0, colon >= 0 && FUNCTIONS.contains(key)));
        }
        return found;
    }

    /** Calls back for every placeholder in every scalar, keys included. */
    static void each(Node node, BiConsumer<Placeholder, Node> found) {
        YamlSource.text(node).ifPresent(text -> in(text).forEach(p -> found.accept(p, node)));
        YamlSource.items(node).forEach(item -> each(item, found));
        for (NodeTuple entry : YamlSource.entries(node)) {
            each(entry.getKeyNode(), found);
            each(entry.getValueNode(), found);
        }
    }
}
