package io.leadroutes.flow;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;
import org.apache.commons.text.similarity.DamerauLevenshteinDistance;

/** The known name that a mistyped one was most likely meant to be. */
final class Nearest {

    private static final int MOST_EDITS = 2;

    private Nearest() {
    }

    /** The nearest name, at most two edits away (letter case not counted), the first in the alphabet on a tie. */
    static Optional<String> to(String written, Collection<String> known) {
        DamerauLevenshteinDistance distance = new DamerauLevenshteinDistance();
        String lower = written.toLowerCase(Locale.ROOT);
        record Candidate(String name, int edits) {
        }
        return known.stream()
                .map(name -> new Candidate(name, distance.apply(lower, name.toLowerCase(Locale.ROOT))))
                .filter(c -> c.edits() <= MOST_EDITS && c.edits() < Math.max(lower.length(), 2))
                .min(Comparator.comparingInt(Candidate::edits).thenComparing(Candidate::name))
                .map(Candidate::name);
    }

    /** "Did you mean 'x'?" when a name is near, otherwise the sentence given. */
    static String suggestion(String written, Collection<String> known, String otherwise) {
        return to(written, known).map(name -> "Did you mean '" + name + "'?").orElse(otherwise);
    }

    /** A list of names fit for a message: sorted, at most twelve. */
    static String list(Collection<String> names) {
        if (names.isEmpty()) {
            return "none";
        }
        String text = String.join(", ", names.stream().sorted().limit(12).toList());
        return names.size() > 12 ? text + ", …" : text;
    }
}
