package io.leadroutes.receipt;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads the sentences of a receipt back into their slots, from the grammar of the specification and not from ours. */
final class SentenceParser {

    private SentenceParser() {
    }

    /** What a headline says. */
    record Headline(String who, Optional<String> name, Optional<String> pool, String cause, Optional<String> rule,
            Optional<String> fallback, List<String> inactive, int more) {
    }

    static Headline headline(String text) {
        Matcher all = Pattern.compile("(?<who>Assigned to|Sent to|Kept with|Not routed)(?<name>.*?)? because (?<rest>.+)\\.")
                .matcher(text);
        if (!all.matches()) {
            throw new IllegalArgumentException("not a headline: " + text);
        }
        Matcher name = Pattern.compile(" ?(.*?)(?: \\(([a-z0-9-]+)\\))?").matcher(all.group("name"));
        name.matches();
        String rest = all.group("rest");
        List<String> inactive = new ArrayList<>();
        int more = 0;
        Matcher skipped = Pattern.compile("(.+), after ((?:.+? is inactive(?:, )?)+)(?: and (\\d+) more)?").matcher(rest);
        if (skipped.matches()) {
            for (String skip : skipped.group(2).split(", ")) {
                inactive.add(skip.substring(0, skip.length() - " is inactive".length()));
            }
            more = skipped.group(3) == null ? 0 : Integer.parseInt(skipped.group(3));
            rest = skipped.group(1);
        }
        Matcher fallback = Pattern.compile("(?:no rule matched|a rule could not be evaluated) and the fallback is (\\S+)")
                .matcher(rest);
        if (fallback.matches()) {
            return new Headline(all.group("who"), name(name), Optional.ofNullable(name.group(2)), rest,
                    Optional.empty(), Optional.of(fallback.group(1)), inactive, more);
        }
        Matcher row = Pattern.compile("(.+) \\(rule ([a-z0-9-]+)\\)").matcher(rest);
        return row.matches()
                ? new Headline(all.group("who"), name(name), Optional.ofNullable(name.group(2)), row.group(1),
                        Optional.of(row.group(2)), Optional.empty(), inactive, more)
                : new Headline(all.group("who"), name(name), Optional.ofNullable(name.group(2)), rest,
                        Optional.empty(), Optional.empty(), inactive, more);
    }

    private static Optional<String> name(Matcher name) {
        return Optional.ofNullable(name.group(1)).filter(text -> !text.isEmpty());
    }

    /** PERSON → owed, the picked one under the key {@code *} too. */
    static Map<String, String> pool(String text) {
        Matcher first = Pattern.compile("(.+?) was next: owed (-?\\d+\\.\\d\\d)((?:, then .+? -?\\d+\\.\\d\\d)*)\\.")
                .matcher(text);
        if (!first.matches()) {
            throw new IllegalArgumentException("not a pool step: " + text);
        }
        Map<String, String> owed = new TreeMap<>();
        owed.put("*", first.group(1));
        owed.put(first.group(1), first.group(2));
        Matcher other = Pattern.compile(", then (.+?) (-?\\d+\\.\\d\\d)").matcher(first.group(3));
        while (other.find()) {
            owed.put(other.group(1), other.group(2));
        }
        return owed;
    }

    /** What a score step says. */
    record Scored(int total, String tier, List<String> points) {
    }

    static Scored score(String text) {
        Matcher all = Pattern.compile("Score (\\d+) \\((.+?)\\): (.+)\\.").matcher(text);
        if (!all.matches()) {
            throw new IllegalArgumentException("not a score step: " + text);
        }
        List<String> points = new ArrayList<>();
        Matcher line = Pattern.compile(" ([+-]\\d+(?:\\.\\d+)?)(?=, |$)").matcher(all.group(3));
        while (line.find()) {
            points.add(line.group(1));
        }
        return new Scored(Integer.parseInt(all.group(1)), all.group(2), points);
    }
}
