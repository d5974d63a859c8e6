package io.leadroutes.flow;

import java.util.Comparator;

/**
 * Something wrong in a route file.
 *
 * @param file path of the file from the working directory, with forward slashes
 * @param line from 1
 * @param column from 1
 * @param what what is wrong, without full stop
 * @param because why it matters or what was expected
 * @param suggestion what to write instead
 */
public record Finding(String file, int line, int column, Code code, String what, String because, String suggestion)
        implements Comparable<Finding> {

    private static final Comparator<Finding> ORDER = Comparator.comparing(Finding::file)
            .thenComparingInt(Finding::line).thenComparingInt(Finding::column).thenComparing(Finding::code)
            .thenComparing(Finding::what);

    public boolean isError() {
        return code.severity() == Severity.ERROR;
    }

    /** {@code file:line:column CODE what. Because. Suggestion.}, the form that rule files use too. */
    @Override
    public String toString() {
        return file + ":" + line + ":" + column + " " + code + " " + sentence(what) + " " + sentence(because) + " "
                + sentence(suggestion);
    }

    private static String sentence(String text) {
        return text.endsWith(".") || text.endsWith("?") ? text : text + ".";
    }

    @Override
    public int compareTo(Finding other) {
        return ORDER.compare(this, other);
    }
}
