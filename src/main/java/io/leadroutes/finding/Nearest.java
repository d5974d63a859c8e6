package io.leadroutes.finding;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;
import org.apache.commons.text.similarity.DamerauLevenshteinDistance;

/** The known name that a mistyped one was most likely meant to be. */
public final class Nearest {

    private static final int MOST_EDITS = 2;

    private record Candidate(String name, int edits) {
    }

    private Nearest() {
    }

    /** The nearest name, at most two edits away (letter case not counted), the first in the alphabet on a tie. */
    public static Optional<String> of(String written, Collection<String> known) {
        DamerauLevenshteinDistance distance = new DamerauLevenshteinDistance(MOST_EDITS);
        String lower = written.toLowerCase(Locale.ROOT);
        return known.stream()
                .map(name -> new Candidate(name, distance.apply(lower, name.toLowerCase(Locale.ROOT))))
                .filter(near -> near.edits() >= 0 && near.edits() < Math.max(2, lower.length())
                        && near.edits() < Math.max(1, near.name().length()))
                .min(Comparator.comparingInt(Candidate::edits).thenComparing(Candidate::name))
                .map(Candidate::name);
    }
}
