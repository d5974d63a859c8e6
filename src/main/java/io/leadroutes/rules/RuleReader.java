package io.leadroutes.rules;

import io.leadroutes.finding.Nearest;
import io.leadroutes.rules.Yaml.Entry;
import io.leadroutes.rules.Yaml.Mapping;
import io.leadroutes.rules.Yaml.Scalar;
import io.leadroutes.rules.Yaml.Sequence;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** What all rule files share: reading keys and values of one file, and reporting those that are wrong. */
class RuleReader {

    private static final Pattern ID = Pattern.compile("[a-z0-9-]{1,40}");
    private static final Pattern INTEGER = Pattern.compile("-?[0-9]{1,18}");

    final RuleFile file;
    private final Ids ids;

    /** Ids of one ruleset by what they name; remembers the file of each. */
    static final class Ids {
        private final Map<String, String> seen = new HashMap<>();
    }

    RuleReader(RuleFile file, Ids ids) {
        this.file = file;
        this.ids = ids;
    }

    /** The top object with {@code spec: 1} checked. */
    Optional<Mapping> top(List<String> known) {
        List<String> keys = new ArrayList<>(known);
        keys.add(0, "spec");
        if (file.root().isEmpty()) {
            if (file.clean()) {
                file.report("V01", 1, 1, "the file is empty", "it must at least say spec: 1", "");
            }
            return Optional.empty();
        }
        Optional<Mapping> top = object(file.root().get(), keys);
        top.ifPresent(mapping -> required(mapping, "spec").flatMap(this::scalar).ifPresent(spec -> {
            if (!spec.text().equals("1")) {
                file.report("V06", spec, "spec " + spec.text() + " is not known", "this version reads spec 1",
                        "Write spec: 1");
            }
        }));
        return top;
    }

    /** An object whose keys are all known. */
    Optional<Mapping> object(Yaml yaml, List<String> known) {
        if (!(yaml instanceof Mapping mapping)) {
            file.report("V05", yaml, kind(yaml) + " stands where an object is needed",
                    "its keys are " + String.join(", ", known), "");
            return Optional.empty();
        }
        mapping.entries().forEach((key, entry) -> {
            if (!known.contains(key)) {
                file.report("V02", entry.key(), "the key \"" + key + "\" is not known here",
                        "a key that is not read would be ignored", Suggestion.of(key, known));
            }
        });
        return Optional.of(mapping);
    }

    static String kind(Yaml yaml) {
        return yaml instanceof Mapping ? "an object" : yaml instanceof Sequence ? "a list"
                : ((Scalar) yaml).text().isEmpty() ? "nothing" : "a single value";
    }

    static Optional<Yaml> value(Mapping mapping, String key) {
        return Optional.ofNullable(mapping.entries().get(key)).map(Entry::value);
    }

    Optional<Yaml> required(Mapping mapping, String key) {
        Optional<Yaml> value = value(mapping, key);
        if (value.isEmpty()) {
            file.report("V01", mapping, "the key \"" + key + "\" is missing", "nothing stands in for it", "");
        }
        return value;
    }

    Optional<Scalar> scalar(Yaml yaml) {
        if (yaml instanceof Scalar scalar) {
            return Optional.of(scalar);
        }
        file.report("V05", yaml, kind(yaml) + " stands where a single value is needed", "nothing else can be read here",
                "");
        return Optional.empty();
    }

    List<Yaml> list(Yaml yaml) {
        if (yaml instanceof Sequence sequence) {
            return sequence.items();
        }
        file.report("V05", yaml, kind(yaml) + " stands where a list is needed", "nothing else can be read here",
                "Put it in [ ]");
        return List.of();
    }

    /** The elements of an optional list. */
    List<Yaml> list(Mapping mapping, String key) {
        return value(mapping, key).map(this::list).orElse(List.of());
    }

    /** A text that is not blank. */
    Optional<String> text(Mapping mapping, String key) {
        return required(mapping, key).flatMap(this::scalar).filter(scalar -> {
            if (scalar.text().isBlank()) {
                file.report("V05", scalar, "\"" + key + "\" is empty", "a text is needed", "");
            }
            return !scalar.text().isBlank();
        }).map(scalar -> Inputs.nfc(scalar.text()));
    }

    Optional<String> optionalText(Mapping mapping, String key) {
        return value(mapping, key).flatMap(this::scalar).map(Scalar::text).filter(text -> !text.isBlank())
                .map(Inputs::nfc);
    }

    boolean bool(Mapping mapping, String key, boolean otherwise) {
        Optional<Scalar> scalar = value(mapping, key).flatMap(this::scalar);
        if (scalar.isEmpty() || scalar.get().text().equals("true") || scalar.get().text().equals("false")) {
            return scalar.map(given -> given.text().equals("true")).orElse(otherwise);
        }
        file.report("V05", scalar.get(), "\"" + scalar.get().text() + "\" is not true or false", key
                + " is a switch", "");
        return otherwise;
    }

    /** A whole number within limits: V05 if it is none, V12 outside the limits. */
    Optional<Integer> number(Yaml yaml, String what, int min, int max) {
        return number(yaml, what, (long) min, max).map(Long::intValue);
    }

    Optional<Long> number(Yaml yaml, String what, long min, long max) {
        Optional<Scalar> scalar = scalar(yaml);
        if (scalar.isEmpty()) {
            return Optional.empty();
        }
        if (!INTEGER.matcher(scalar.get().text()).matches()) {
            file.report("V05", yaml, "\"" + scalar.get().text() + "\" is not a whole number",
                    what + " is a whole number", "");
            return Optional.empty();
        }
        long number = Long.parseLong(scalar.get().text());
        if (number < min || number > max) {
            file.report("V12", yaml, what + " " + number + " is out of range", "it runs from " + min + " to " + max,
                    "");
            return Optional.empty();
        }
        return Optional.of(number);
    }

    /** {@code [from, to]}; V08 when empty or reversed. */
    Optional<long[]> range(Yaml yaml, String what, long min, long max) {
        List<Yaml> ends = list(yaml);
        if (!(yaml instanceof Sequence)) {
            return Optional.empty();
        }
        if (ends.size() != 2) {
            file.report("V05", yaml, what + " has " + ends.size() + " ends", "it is written [from, to]", "");
            return Optional.empty();
        }
        Optional<Long> from = number(ends.get(0), what, min, max);
        Optional<Long> to = number(ends.get(1), what, min, max);
        if (from.isEmpty() || to.isEmpty()) {
            return Optional.empty();
        }
        if (from.get() >= to.get()) {
            file.report("V08", yaml, what + " [" + from.get() + ", " + to.get() + "] is empty or reversed",
                    "it must run from the smaller to the larger number", "");
            return Optional.empty();
        }
        return Optional.of(new long[] {from.get(), to.get()});
    }

    /** One of a few words; V06 otherwise. */
    Optional<String> word(Yaml yaml, String what, List<String> known) {
        return scalar(yaml).map(Scalar::text).filter(text -> {
            if (!known.contains(text)) {
                file.report("V06", yaml, "\"" + text + "\" is not a " + what, "it is one of " + String.join(", ", known),
                        Nearest.of(text, known).map(word -> "Did you mean " + word).orElse(""));
            }
            return known.contains(text);
        });
    }

    <E extends Enum<E>> Optional<E> choice(Yaml yaml, String what, Class<E> type) {
        return word(yaml, what, Arrays.stream(type.getEnumConstants()).map(Enum::name).toList())
                .map(name -> Enum.valueOf(type, name));
    }

    /** The id of an object: V03 when missing, malformed or given twice in this file, V18 when in another one. */
    Optional<String> id(Mapping mapping, String kind) {
        Optional<Yaml> given = value(mapping, "id");
        if (given.isEmpty()) {
            file.report("V03", mapping, "the id is missing", "findings, receipts and history name things by their id",
                    "Add id: …");
            return Optional.empty();
        }
        return given.flatMap(this::scalar).filter(scalar -> claim(scalar, kind)).map(Scalar::text);
    }

    private boolean claim(Scalar scalar, String kind) {
        String id = scalar.text();
        if (!ID.matcher(id).matches()) {
            file.report("V03", scalar, "\"" + id + "\" is not an id",
                    "an id has 1 to 40 lower case letters, digits and hyphens",
                    "Write " + suggestedId(id));
            return false;
        }
        String other = ids.seen.putIfAbsent(kind + " " + id, file.name());
        if (other != null) {
            boolean here = other.equals(file.name());
            file.report(here ? "V03" : "V18", scalar, "the id " + id + " is given twice"
                    + (here ? "" : ", first in " + other), "it must name one " + kind + " only", "Rename one");
        }
        return other == null;
    }

    private static String suggestedId(String id) {
        String plain = id.toLowerCase(java.util.Locale.ROOT).replaceAll("[^a-z0-9]+", "-").replaceAll("^-+|-+$", "");
        return plain.isEmpty() ? "letters and digits" : plain.substring(0, Math.min(40, plain.length()));
    }

    /** Checks a reference; V10 when nothing has that name. */
    boolean refers(Yaml at, String kind, String id, java.util.Collection<String> known) {
        if (known.contains(id)) {
            return true;
        }
        file.report("V10", at, "there is no " + kind + " \"" + id + "\"", "a rule can only name what exists",
                Suggestion.of(id, known));
        return false;
    }
}
