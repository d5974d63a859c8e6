package io.leadroutes.sandbox.zoominfo.search;

import io.leadroutes.sandbox.world.Names;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * Terms joined by OR and AND, of which AND binds closer; a term with NOT before it excludes whatever the rest says. A term is found
 * as whole words, accents, case and punctuation aside (collected facts §5.1). Terms of NOT alone find all that they do not exclude.
 */
public final class TextQuery implements Predicate<String> {

    private final List<List<String>> alternatives = new ArrayList<>();
    private final List<String> excluded = new ArrayList<>();

    private TextQuery(String terms) {
        alternatives.add(new ArrayList<>());
        List<String> term = new ArrayList<>();
        boolean not = false;
        for (String word : terms.strip().split("\\s+")) {
            boolean or = word.equalsIgnoreCase("OR");
            if (or || word.equals("AND") || word.equals("NOT")) {
                end(term, not);
                not = word.equals("NOT");
                if (or) {
                    alternatives.add(new ArrayList<>());
                }
            } else {
                term.add(word);
            }
        }
        end(term, not);
        alternatives.removeIf(List::isEmpty);
    }

    /** Reads the terms; no text is wrong. */
    public static TextQuery of(String terms) {
        return new TextQuery(terms);
    }

    private void end(List<String> term, boolean not) {
        if (!term.isEmpty()) {
            (not ? excluded : alternatives.get(alternatives.size() - 1)).add(padded(Names.plain(String.join(" ", term))));
            term.clear();
        }
    }

    @Override
    public boolean test(String text) {
        return testPlain(Names.plain(text));
    }

    /** For a text that {@link Names#plain} has gone over. */
    boolean testPlain(String plain) {
        String text = padded(plain);
        for (String term : excluded) {
            if (text.contains(term)) {
                return false;
            }
        }
        if (alternatives.isEmpty()) {
            return true;
        }
        for (List<String> together : alternatives) {
            if (together.stream().allMatch(text::contains)) {
                return true;
            }
        }
        return false;
    }

    private static String padded(String plain) {
        return " " + plain + " ";
    }
}
