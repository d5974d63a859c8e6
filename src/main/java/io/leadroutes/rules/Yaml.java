package io.leadroutes.rules;

import java.util.List;
import java.util.Map;

/** A YAML node with its place: line and column from 1, columns in code points. */
sealed interface Yaml {

    int line();

    int column();

    /**
     * @param text  the value
     * @param start index of the first code point of the source, of the quotation mark or block indicator if there is one
     * @param style how it was written
     */
    record Scalar(String text, Style style, int start, int line, int column) implements Yaml {
        enum Style {
            PLAIN, SINGLE_QUOTED, DOUBLE_QUOTED, BLOCK
        }
    }

    record Sequence(List<Yaml> items, int line, int column) implements Yaml {
    }

    /** @param entries in the order of the file */
    record Mapping(Map<String, Entry> entries, int line, int column) implements Yaml {
    }

    record Entry(Scalar key, Yaml value) {
    }
}
