package io.leadroutes.rules;

import io.leadroutes.finding.Nearest;
import io.leadroutes.rules.Yaml.Scalar;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/** What a rule may send a lead to. */
record TargetNames(Map<String, Pool> pools, Map<String, Person> people, Map<String, Queue> queues) {

    private static final List<String> WORDS = List.of("account.owner", "contact.owner", "previous");

    /** Reports a target that does not exist. */
    boolean check(RuleReader reader, Scalar at) {
        String text = at.text();
        if (WORDS.contains(text)) {
            return true;
        }
        int colon = text.indexOf(':');
        String kind = colon < 0 ? text : text.substring(0, colon);
        Collection<String> known = switch (kind) {
            case "pool" -> pools.keySet();
            case "user" -> people.keySet();
            case "queue" -> queues.keySet();
            default -> List.of();
        };
        if (colon < 0 || !List.of("pool", "user", "queue").contains(kind)) {
            reader.file.report("V10", at, "\"" + text + "\" is not a target",
                    "a target is pool:x, user:x, queue:x, account.owner, contact.owner or previous",
                    Nearest.of(text, WORDS).or(() -> Nearest.of(kind, List.of("pool", "user", "queue")))
                            .map(word -> "Did you mean " + word).orElse(""));
            return false;
        }
        return reader.refers(at, kind, text.substring(colon + 1), known);
    }

    /** True when the target can take a lead at any time. */
    boolean alwaysOpen(String target) {
        if (target.startsWith("queue:")) {
            return true;
        }
        Person person = target.startsWith("user:") ? people.get(target.substring("user:".length())) : null;
        return person != null && person.always() && person.active();
    }
}
