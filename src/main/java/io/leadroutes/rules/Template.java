package io.leadroutes.rules;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A reason with slots: {@code {variable}} or {@code {variable?"words when it is unknown"}}. */
public final class Template {

    /**
     * A piece of a template: literal words, or a variable.
     *
     * @param variable empty for literal words
     * @param words    the literal words, or those for an unknown variable
     * @param optional true when the slot says what to write for an unknown variable
     * @param offset   index of the piece in the text, in UTF-16 units
     */
    record Piece(Optional<String> variable, String words, boolean optional, int offset) {
    }

    private final String text;
    private final List<Piece> pieces;

    private Template(String text, List<Piece> pieces) {
        this.text = text;
        this.pieces = List.copyOf(pieces);
    }

    /** A slot that is not closed or not spelled as above. */
    static final class Malformed extends Exception {

        private static final long serialVersionUID = 1L;

        final int offset;

        Malformed(int offset, String message) {
            super(message);
            this.offset = offset;
        }
    }

    static Template parse(String text) throws Malformed {
        List<Piece> pieces = new ArrayList<>();
        int at = 0;
        while (at < text.length()) {
            int open = text.indexOf('{', at);
            if (open < 0) {
                pieces.add(new Piece(Optional.empty(), text.substring(at), false, at));
                break;
            }
            if (open > at) {
                pieces.add(new Piece(Optional.empty(), text.substring(at, open), false, at));
            }
            int end = open + 1;
            while (end < text.length() && (Character.isLetterOrDigit(text.charAt(end)) || text.charAt(end) == '.'
                    || text.charAt(end) == '_')) {
                end++;
            }
            String variable = text.substring(open + 1, end);
            boolean optional = text.startsWith("?\"", end);
            String words = "";
            if (optional) {
                int close = text.indexOf('"', end + 2);
                if (close < 0) {
                    throw new Malformed(open, "the text after ? has no closing quotation mark");
                }
                words = text.substring(end + 2, close);
                end = close + 1;
            }
            if (variable.isEmpty() || end >= text.length() || text.charAt(end) != '}') {
                throw new Malformed(open, "a slot is written {variable} or {variable?\"text\"}");
            }
            pieces.add(new Piece(Optional.of(variable), words, optional, open));
            at = end + 1;
        }
        return new Template(text, pieces);
    }

    /** The template as written. */
    public String text() {
        return text;
    }

    List<Piece> pieces() {
        return pieces;
    }

    /** The words for one lead. */
    public String fill(Inputs inputs) {
        StringBuilder filled = new StringBuilder();
        for (Piece piece : pieces) {
            filled.append(piece.variable()
                    .map(variable -> inputs.value(variable).map(Template::words)
                            .orElse(piece.optional() ? piece.words() : "unknown"))
                    .orElse(piece.words()));
        }
        return filled.toString();
    }

    /** A value as people read it. */
    static String words(Object value) {
        if (value instanceof List<?> list) {
            return list.isEmpty() ? "none" : String.join(", ", list.stream().map(Object::toString).toList());
        }
        return value.toString();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Template template && template.text.equals(text);
    }

    @Override
    public int hashCode() {
        return text.hashCode();
    }

    @Override
    public String toString() {
        return text;
    }
}
