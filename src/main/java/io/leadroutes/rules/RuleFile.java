package io.leadroutes.rules;

import io.leadroutes.rules.Yaml.Entry;
import io.leadroutes.rules.Yaml.Mapping;
import io.leadroutes.rules.Yaml.Scalar;
import io.leadroutes.rules.Yaml.Sequence;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.common.ScalarStyle;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.DocumentStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.MappingStartEvent;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.events.SequenceStartEvent;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/** One rule file: its nodes, and the findings made in it. */
final class RuleFile {

    static final int MOST_FINDINGS = 100;
    static final int MOST_BYTES = 2 * 1024 * 1024;

    /**
     * Stands for a lone {@code -} in a flow list, which YAML forbids and rule tables are full of. It has the same
     * length, so places stay right, and it is turned back in every value, so a replacement in a text does no harm.
     */
    private static final char DASH = '\uE000';
    private static final Pattern LONE_DASH = Pattern.compile("(?<=[\\[,]\\s{0,40})-(?=\\s*[,\\]])");
    private static final Pattern TAB_INDENT = Pattern.compile("(?m)^( *)\t[\t ]*[^\\s#]");

    private final String name;
    private final int[] source;
    private final List<Finding> findings = new ArrayList<>();
    private final Optional<Yaml> root;

    RuleFile(String name, String text) {
        this.name = name;
        this.source = text.codePoints().toArray();
        this.root = read(text);
    }

    String name() {
        return name;
    }

    /** The top node; empty when the file is empty or its syntax is wrong. */
    Optional<Yaml> root() {
        return root;
    }

    /** By line, then column. */
    List<Finding> findings() {
        return findings.stream()
                .sorted(java.util.Comparator.comparingInt(Finding::line).thenComparingInt(Finding::column)).toList();
    }

    boolean clean() {
        return findings.isEmpty();
    }

    void report(String code, Yaml at, String what, String because, String suggestion) {
        report(code, at.line(), at.column(), what, because, suggestion);
    }

    /** Reports inside a scalar; the offset counts the value's UTF-16 units. */
    void report(String code, Scalar at, int offset, String what, String because, String suggestion) {
        int[] place = place(at, offset);
        report(code, place[0], place[1], what, because, suggestion);
    }

    void report(String code, int line, int column, String what, String because, String suggestion) {
        if (findings.size() < MOST_FINDINGS) {
            findings.add(new Finding(name, line, column, code, what, because, suggestion));
        }
    }

    private Optional<Yaml> read(String text) {
        var tab = TAB_INDENT.matcher(text);
        while (tab.find()) {
            int line = 1 + (int) text.substring(0, tab.start()).chars().filter(c -> c == '\n').count();
            report("V01", line, tab.group(1).length() + 1, "a tab is used for indentation",
                    "YAML indents with spaces", "replace it by two spaces");
        }
        int own = text.indexOf(DASH);
        if (own >= 0) {
            report("V01", 1, 1, "the file has a character of the private use area (U+E000)",
                    "it has no meaning that others could know", "remove it");
        }
        if (!clean()) {
            return Optional.empty();
        }
        try {
            Iterator<Event> events = new Parse(LoadSettings.builder().setCodePointLimit(MOST_BYTES).build())
                    .parseString(LONE_DASH.matcher(text).replaceAll(String.valueOf(DASH))).iterator();
            Yaml top = null;
            boolean second = false;
            while (events.hasNext()) {
                Event event = events.next();
                if (event instanceof DocumentStartEvent && top != null && !second) {
                    second = true;
                    Mark mark = event.getStartMark().orElseThrow();
                    report("V01", mark.getLine() + 1, mark.getColumn() + 1, "the file has a second document",
                            "a rule file is one document", "remove the --- or make two files");
                } else if (event instanceof NodeEvent node) {
                    Yaml read = node(node, events);
                    top = top == null ? read : top;
                }
            }
            return clean() ? Optional.ofNullable(top) : Optional.empty();
        } catch (MarkedYamlEngineException e) {
            Mark mark = e.getProblemMark().or(e::getContextMark).orElse(null);
            report("V01", mark == null ? 1 : mark.getLine() + 1, mark == null ? 1 : mark.getColumn() + 1,
                    "this is not YAML: " + e.getProblem().replaceAll("[\\s.]+$", "").replaceAll("\\. \\(.*", ""),
                    e.getContext() == null ? "the file cannot be read further" : "it was met " + e.getContext(),
                    "put texts with : # [ ] { } or quotation marks in quotes");
        } catch (YamlEngineException e) {
            report("V01", 1, 1, "this is not YAML: " + e.getMessage(), "the file cannot be read", "");
        }
        return Optional.empty();
    }

    private Yaml node(NodeEvent event, Iterator<Event> events) {
        Mark mark = event.getStartMark().orElseThrow();
        int line = mark.getLine() + 1;
        int column = mark.getColumn() + 1;
        if (event instanceof AliasEvent) {
            report("V01", line, column, "an alias is used", "rule files are read row by row", "write the value again");
            return new Scalar("", Scalar.Style.PLAIN, mark.getIndex(), line, column);
        }
        event.getAnchor().ifPresent(anchor -> report("V01", line, column, "the anchor &" + anchor + " is used",
                "rule files are read row by row", "write the value where it is needed"));
        if (event instanceof ScalarEvent scalar) {
            forbidTag(scalar.getTag(), line, column);
            return new Scalar(scalar.getValue().replace(DASH, '-'), style(scalar.getScalarStyle()), mark.getIndex(),
                    line, column);
        }
        if (event instanceof SequenceStartEvent sequence) {
            forbidTag(sequence.getTag(), line, column);
            List<Yaml> items = new ArrayList<>();
            while (events.next() instanceof NodeEvent next && starts(next)) {
                items.add(node(next, events));
            }
            return new Sequence(items, line, column);
        }
        forbidTag(((MappingStartEvent) event).getTag(), line, column);
        Map<String, Entry> entries = new LinkedHashMap<>();
        while (events.next() instanceof NodeEvent next && starts(next)) {
            Yaml key = node(next, events);
            Yaml value = node((NodeEvent) events.next(), events);
            if (!(key instanceof Scalar text)) {
                report("V01", key, "a key is a list or an object", "keys are plain words", "");
            } else if (text.text().equals("<<") && text.style() == Scalar.Style.PLAIN) {
                report("V01", key, "a merge key is used", "rule files are read row by row", "write the keys out");
            } else if (entries.putIfAbsent(text.text(), new Entry(text, value)) != null) {
                report("V01", key, "the key \"" + text.text() + "\" is given twice",
                        "only one of the two could count", "remove one");
            }
        }
        return new Mapping(entries, line, column);
    }

    private static boolean starts(Event event) {
        return event instanceof ScalarEvent || event instanceof AliasEvent || event instanceof SequenceStartEvent
                || event instanceof MappingStartEvent;
    }

    private void forbidTag(Optional<String> tag, int line, int column) {
        tag.ifPresent(given -> report("V01", line, column, "the tag " + given + " is used",
                "types follow from the rule language", "remove it"));
    }

    private static Scalar.Style style(ScalarStyle style) {
        return switch (style) {
            case SINGLE_QUOTED -> Scalar.Style.SINGLE_QUOTED;
            case DOUBLE_QUOTED -> Scalar.Style.DOUBLE_QUOTED;
            case LITERAL, FOLDED -> Scalar.Style.BLOCK;
            default -> Scalar.Style.PLAIN;
        };
    }

    /**
     * Line and column in the file of a place in a scalar's value: walks value and source side by side, over escapes,
     * folded lines and indentation.
     */
    int[] place(Scalar scalar, int offset) {
        int[] value = scalar.text().codePoints().toArray();
        int wanted = scalar.text().codePointCount(0, Math.min(offset, scalar.text().length()));
        int at = scalar.start();
        int indent = 0;
        if (scalar.style() == Scalar.Style.BLOCK) {
            at = nextLine(at);
            int first = at;
            while (first < source.length && source[first] == ' ') {
                first++;
            }
            indent = first - at;
            at = first;
        } else if (scalar.style() != Scalar.Style.PLAIN) {
            at++;
        }
        for (int i = 0; i < wanted && at < source.length; i++) {
            at = after(scalar.style(), at, value[i], i + 1 < value.length ? value[i + 1] : -1, indent);
        }
        return lineAndColumn(at);
    }

    /** Index in the source after the value's character at this index. */
    private int after(Scalar.Style style, int at, int character, int next, int indent) {
        int here = source[at];
        if (style == Scalar.Style.BLOCK && here == '\n') {
            int start = at + 1;
            int end = start;
            while (end < source.length && end < start + indent && source[end] == ' ') {
                end++;
            }
            return end;
        }
        if (style == Scalar.Style.SINGLE_QUOTED && here == '\'') {
            return at + 2;
        }
        if (style == Scalar.Style.DOUBLE_QUOTED && here == '\\') {
            return at + 2 + switch (source[at + 1]) {
                case 'x' -> 2;
                case 'u' -> 4;
                case 'U' -> 8;
                default -> 0;
            };
        }
        if (character == ' ' || character == '\n') {
            int end = at;
            boolean folded = false;
            while (end < source.length && Character.isWhitespace(source[end])) {
                folded |= source[end] == '\n';
                end++;
            }
            if (folded) {
                return character == '\n' && next == '\n' ? at : end;
            }
        }
        return at + 1;
    }

    private int nextLine(int at) {
        int end = at;
        while (end < source.length && source[end] != '\n') {
            end++;
        }
        return Math.min(end + 1, source.length);
    }

    private int[] lineAndColumn(int index) {
        int line = 1;
        int column = 1;
        for (int i = 0; i < index && i < source.length; i++) {
            if (source[i] == '\n') {
                line++;
                column = 1;
            } else {
                column++;
            }
        }
        return new int[] {line, column};
    }
}
