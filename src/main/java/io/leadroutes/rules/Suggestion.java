package io.leadroutes.rules;

import io.leadroutes.finding.Nearest;
import java.util.Collection;

/** What to write instead of a name that is not known, as findings in rule files say it. */
final class Suggestion {

    private static final int FEW = 20;

    private Suggestion() {
    }

    /** "Did you mean x", or the names that are known if they are few. */
    static String of(String wrong, Collection<String> known) {
        return Nearest.of(wrong, known).map(word -> "Did you mean " + word)
                .orElse(known.isEmpty() || known.size() > FEW ? "" : "Known are " + String.join(", ", known));
    }
}
