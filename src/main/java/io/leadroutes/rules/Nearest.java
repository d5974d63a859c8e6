package io.leadroutes.rules;

import java.util.Collection;
import java.util.Optional;
import org.apache.commons.text.similarity.DamerauLevenshteinDistance;

/** The known word a wrong one was probably meant to be: at most two edits away. */
final class Nearest {

    private static final int MOST_EDITS = 2;

    private Nearest() {
    }

    /** The first of the nearest known words, compared without case. */
    static Optional<String> of(String wrong, Collection<String> known) {
        DamerauLevenshteinDistance distance = new DamerauLevenshteinDistance(MOST_EDITS);
        String best = null;
        int least = MOST_EDITS + 1;
        for (String word : known) {
            int edits = distance.apply(wrong.toLowerCase(java.util.Locale.ROOT),
                    word.toLowerCase(java.util.Locale.ROOT));
            if (edits >= 0 && edits < least && edits < Math.max(1, word.length())) {
                best = word;
                least = edits;
            }
        }
        return Optional.ofNullable(best);
    }

    /** "did you mean x", or the words that are known if they are few. */
    static String suggestion(String wrong, Collection<String> known) {
        return of(wrong, known).map(word -> "Did you mean " + word)
                .orElse(known.isEmpty() || known.size() > 20 ? "" : "Known are " + String.join(", ", known));
    }
}
