package io.leadroutes.flow;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/** A route file as YAML nodes that know their line and column, and as JSON for the schema. */
final class YamlSource {

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
    private static final int BIGGEST = 2 * 1024 * 1024;

    private final String path;
    private final Node root;
    private final Map<String, Node> keys = new HashMap<>();
    private final Map<String, Node> values = new HashMap<>();
    private final JsonNode json;

    private YamlSource(String path, Node root, Collection<Finding> findings) {
        this.path = path;
        this.root = root;
        this.json = toJson(root, "", new HashSet<>(), findings);
    }

    /** Reads a text; empty when it is no YAML, which is then the only finding. */
    static Optional<YamlSource> parse(String path, String text, Collection<Finding> findings) {
        LoadSettings settings = LoadSettings.builder().setLabel(path).setCodePointLimit(BIGGEST)
                .setMaxAliasesForCollections(50).build();
        List<Finding> found = new ArrayList<>();
        Optional<YamlSource> source = Optional.empty();
        try {
            List<Node> documents = new ArrayList<>();
            new Compose(settings).composeAllFromString(text).forEach(documents::add);
            if (documents.isEmpty()) {
                found.add(new Finding(path, 1, 1, Code.R01, "The file is empty",
                        "A route file holds a list that begins with '- route:'",
                        "Write a route, or delete the file"));
            } else if (documents.size() > 1) {
                found.add(at(path, documents.get(1), Code.R01, "The file holds more than one YAML document",
                        "Camel reads one document a file", "Move what follows '---' into a file of its own"));
            } else {
                source = Optional.of(new YamlSource(path, documents.get(0), found));
            }
        } catch (MarkedYamlEngineException e) {
            Mark mark = e.getProblemMark().or(e::getContextMark).orElse(null);
            found.add(new Finding(path, mark == null ? 1 : mark.getLine() + 1, mark == null ? 1 : mark.getColumn() + 1,
                    Code.R01, "This is not valid YAML: " + e.getProblem(),
                    e.getContext() == null ? "A file that cannot be read cannot be put in force"
                            : "It was found " + e.getContext(),
                    "Look at indentation, quotes and colons in this line and the one before"));
        } catch (YamlEngineException e) {
            found.add(new Finding(path, 1, 1, Code.R01, "This is not valid YAML: " + firstLine(e.getMessage()),
                    "A file that cannot be read cannot be put in force", "Correct it"));
        }
        findings.addAll(found);
        return found.stream().anyMatch(Finding::isError) ? Optional.empty() : source;
    }

    static String firstLine(String message) {
        return message == null ? "" : message.lines().findFirst().orElse("").strip();
    }

    String path() {
        return path;
    }

    Node root() {
        return root;
    }

    JsonNode json() {
        return json;
    }

    /** The key at a JSON pointer, or the value where there is no key. */
    Node keyAt(String pointer) {
        Node key = keys.get(pointer);
        return key != null ? key : valueAt(pointer);
    }

    /** The value at a JSON pointer, or the nearest one above it. */
    Node valueAt(String pointer) {
        String place = pointer;
        while (!values.containsKey(place)) {
            int slash = place.lastIndexOf('/');
            if (slash < 0) {
                return root;
            }
            place = place.substring(0, slash);
        }
        return values.get(place);
    }

    Finding finding(Node node, Code code, String what, String because, String suggestion) {
        return at(path, node, code, what, because, suggestion);
    }

    private static Finding at(String path, Node node, Code code, String what, String because, String suggestion) {
        int line = node.getStartMark().map(Mark::getLine).orElse(0) + 1;
        int column = node.getStartMark().map(Mark::getColumn).orElse(0) + 1;
        return new Finding(path, line, column, code, what, because, suggestion);
    }

    private JsonNode toJson(Node node, String pointer, Set<Node> above, Collection<Finding> findings) {
        values.put(pointer, node);
        if (node.getAnchor().isPresent()) {
            findings.add(finding(node, Code.H04, "An anchor is used here",
                    "Visual editors lose anchors and aliases when they save a file", "Write the part out"));
        }
        if (!above.add(node)) {
            findings.add(finding(node, Code.R01, "This part contains itself", "Such a structure has no end",
                    "Write the part out"));
            return JSON.nullNode();
        }
        try {
            if (node instanceof MappingNode mapping) {
                ObjectNode object = JSON.objectNode();
                for (NodeTuple tuple : mapping.getValue()) {
                    String key = text(tuple.getKeyNode()).orElse("");
                    String below = pointer + "/" + key.replace("~", "~0").replace("/", "~1");
                    if (object.has(key)) {
                        findings.add(finding(tuple.getKeyNode(), Code.R01, "The key '" + key + "' is given twice",
                                "Only one of the two would count", "Remove one of them"));
                        continue;
                    }
                    keys.put(below, tuple.getKeyNode());
                    object.set(key, toJson(tuple.getValueNode(), below, above, findings));
                }
                return object;
            }
            if (node instanceof SequenceNode sequence) {
                ArrayNode array = JSON.arrayNode();
                for (Node item : sequence.getValue()) {
                    array.add(toJson(item, pointer + "/" + array.size(), above, findings));
                }
                return array;
            }
            return scalar(node);
        } finally {
            above.remove(node);
        }
    }

    private static JsonNode scalar(Node node) {
        String text = text(node).orElse("");
        if (Tag.NULL.equals(node.getTag())) {
            return JSON.nullNode();
        }
        if (Tag.BOOL.equals(node.getTag())) {
            return JSON.booleanNode(Boolean.parseBoolean(text));
        }
        try {
            if (Tag.INT.equals(node.getTag())) {
                return JSON.numberNode(new BigInteger(text));
            }
            if (Tag.FLOAT.equals(node.getTag())) {
                return JSON.numberNode(new BigDecimal(text));
            }
        } catch (NumberFormatException notDecimal) {
            return JSON.textNode(text);
        }
        return JSON.textNode(text);
    }

    /** The text of a scalar. */
    static Optional<String> text(Node node) {
        return node instanceof ScalarNode scalar ? Optional.of(scalar.getValue()) : Optional.empty();
    }

    /** Whether a scalar was left empty ({@code key:} with nothing behind it). */
    static boolean isNull(Node node) {
        return Tag.NULL.equals(node.getTag());
    }

    /** The entries of a mapping in their order; none for any other node. */
    static List<NodeTuple> entries(Node node) {
        return node instanceof MappingNode mapping ? mapping.getValue() : List.of();
    }

    /** The items of a sequence; none for any other node. */
    static List<Node> items(Node node) {
        return node instanceof SequenceNode sequence ? sequence.getValue() : List.of();
    }

    /** The key and value of this name in a mapping. */
    static Optional<NodeTuple> entry(Node node, String key) {
        return entries(node).stream().filter(t -> text(t.getKeyNode()).filter(key::equals).isPresent()).findFirst();
    }

    static Optional<Node> value(Node node, String key) {
        return entry(node, key).map(NodeTuple::getValueNode);
    }

    static Optional<String> textAt(Node node, String... keys) {
        Optional<Node> at = Optional.of(node);
        for (String key : keys) {
            at = at.flatMap(n -> value(n, key));
        }
        return at.filter(n -> !isNull(n)).flatMap(YamlSource::text);
    }
}
