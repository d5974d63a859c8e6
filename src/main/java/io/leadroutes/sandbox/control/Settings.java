package io.leadroutes.sandbox.control;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/**
 * The settings of one stand-in. Keys are dotted ({@code limits.standard.perSecond}); in JSON they are nested objects.
 * A change is all or nothing: one unknown key or one bad value leaves everything as it was.
 */
public final class Settings {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final Map<String, Setting<?>> byKey = new LinkedHashMap<>();

    /** A setting read from JSON by {@code reader}, which throws {@link SettingException} on a value of no use. */
    public <T> Setting<T> define(String key, JsonNode initial, Function<JsonNode, T> reader) {
        Setting<T> setting = new Setting<>(key, initial, reader);
        if (byKey.put(key, setting) != null) {
            throw new IllegalArgumentException("setting '" + key + "' is defined twice");
        }
        return setting;
    }

    /** A whole number of at least {@code least}. */
    public Setting<Long> number(String key, long initial, long least) {
        return define(key, LongNode.valueOf(initial), node -> {
            if (!node.isIntegralNumber() || node.asLong() < least) {
                throw new SettingException("a whole number of at least " + least + " is wanted, not " + node);
            }
            return node.asLong();
        });
    }

    /** True or false. */
    public Setting<Boolean> flag(String key, boolean initial) {
        return define(key, BooleanNode.valueOf(initial), node -> {
            if (!node.isBoolean()) {
                throw new SettingException("true or false is wanted, not " + node);
            }
            return node.asBoolean();
        });
    }

    /** One of the given words, the first being the initial one. */
    public Setting<String> choice(String key, List<String> words) {
        return define(key, TextNode.valueOf(words.get(0)), node -> {
            if (!node.isTextual() || !words.contains(node.asText())) {
                throw new SettingException("one of " + words + " is wanted, not " + node);
            }
            return node.asText();
        });
    }

    /** A list of strings. */
    public Setting<Set<String>> strings(String key, List<String> initial) {
        return define(key, JSON.valueToTree(initial), node -> {
            if (!node.isArray()) {
                throw new SettingException("a list of strings is wanted, not " + node);
            }
            Set<String> values = new LinkedHashSet<>();
            for (JsonNode item : node) {
                if (!item.isTextual()) {
                    throw new SettingException("a list of strings is wanted, not " + node);
                }
                values.add(item.asText());
            }
            return Set.copyOf(values);
        });
    }

    /** Not a value but an act: putting true runs it, and it reads false again at once. */
    public void action(String key, Runnable act) {
        byKey.put(key, new Setting<>(key, BooleanNode.FALSE, node -> {
            if (!node.isBoolean()) {
                throw new SettingException("true is wanted, not " + node);
            }
            return node.asBoolean();
        }, act));
    }

    /** Merges a change: keys that it does not name stay as they are, lists are replaced as a whole. */
    public void merge(JsonNode change) {
        if (!change.isObject()) {
            throw new SettingException("a JSON object of settings is wanted");
        }
        List<Runnable> prepared = new ArrayList<>();
        prepare("", change, prepared);
        prepared.forEach(Runnable::run);
    }

    /** All settings as nested JSON. */
    public ObjectNode toJson() {
        ObjectNode root = JSON.createObjectNode();
        for (Setting<?> setting : byKey.values()) {
            String[] parts = setting.key().split("\\.");
            ObjectNode at = root;
            for (int i = 0; i < parts.length - 1; i++) {
                at = at.withObjectProperty(parts[i]);
            }
            at.set(parts[parts.length - 1], setting.json());
        }
        return root;
    }

    /** Every setting back to its initial value. */
    public void reset() {
        byKey.values().forEach(Setting::reset);
    }

    private void prepare(String prefix, JsonNode change, List<Runnable> prepared) {
        change.properties().forEach(entry -> {
            String key = prefix + entry.getKey();
            Setting<?> setting = byKey.get(key);
            if (setting != null) {
                prepared.add(setting.prepare(entry.getValue()));
            } else if (isGroup(key) && entry.getValue().isObject()) {
                prepare(key + ".", entry.getValue(), prepared);
            } else {
                throw new SettingException(isGroup(key) ? "setting '" + key + "' is a group: an object is wanted"
                        : "unknown setting '" + key + "'; the nearest is '" + nearest(key) + "'");
            }
        });
    }

    private boolean isGroup(String key) {
        return byKey.keySet().stream().anyMatch(known -> known.startsWith(key + "."));
    }

    private String nearest(String key) {
        Set<String> known = new LinkedHashSet<>();
        for (String each : byKey.keySet()) {
            known.add(each);
            for (int dot = each.indexOf('.'); dot > 0; dot = each.indexOf('.', dot + 1)) {
                known.add(each.substring(0, dot));
            }
        }
        return known.stream().min((a, b) -> Integer.compare(distance(a, key), distance(b, key))).orElse("");
    }

    private static int distance(String a, String b) {
        String left = a.toLowerCase(java.util.Locale.ROOT);
        String right = b.toLowerCase(java.util.Locale.ROOT);
        int[] row = new int[right.length() + 1];
        for (int j = 0; j <= right.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= left.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= right.length(); j++) {
                int replaced = diagonal + (left.charAt(i - 1) == right.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(replaced, 1 + Math.min(row[j], row[j - 1]));
            }
        }
        return row[right.length()];
    }
}
