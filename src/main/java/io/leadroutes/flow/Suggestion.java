package io.leadroutes.flow;

import io.leadroutes.finding.Nearest;
import java.util.Collection;

/** What to write instead of a name that is not known, as findings in route files say it. */
final class Suggestion {

    private static final int LONGEST_LIST = 12;

    private Suggestion() {
    }

    /** "Did you mean 'x'?" when a name is near, otherwise the sentence given. */
    static String of(String written, Collection<String> known, String otherwise) {
        return Nearest.of(written, known).map(name -> "Did you mean '" + name + "'?").orElse(otherwise);
    }

    /** A list of names fit for a message: sorted, at most twelve. */
    static String list(Collection<String> names) {
        if (names.isEmpty()) {
            return "none";
        }
        String text = String.join(", ", names.stream().sorted().limit(LONGEST_LIST).toList());
        return names.size() > LONGEST_LIST ? text + ", …" : text;
    }
}
