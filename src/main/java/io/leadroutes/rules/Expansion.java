package io.leadroutes.rules;

/** Spelling of values in cells and in CEL. */
final class Expansion {

    private Expansion() {
    }

    static String guarded(Variable column, String test) {
        return column.mayBeUnknown() ? column.name() + ".hasValue() && " + test : test;
    }

    static String value(Variable column) {
        return column.mayBeUnknown() ? column.name() + ".value()" : column.name();
    }

    static String literal(Object value) {
        if (!(value instanceof String text)) {
            return value.toString();
        }
        StringBuilder quoted = new StringBuilder("\"");
        text.codePoints().forEach(c -> {
            if (c == '"' || c == '\\') {
                quoted.append('\\').appendCodePoint(c);
            } else if (c < 0x20 || c == 0x7f) {
                quoted.append(String.format("\\u%04x", c));
            } else {
                quoted.appendCodePoint(c);
            }
        });
        return quoted.append('"').toString();
    }

    /** A literal as a cell spells it: in apostrophes where it could be read as something else. */
    static String cellText(Object value) {
        if (!(value instanceof String text)) {
            return value.toString();
        }
        return CellParser.readsAsItself(text) ? text : "'" + text.replace("'", "''") + "'";
    }
}
