package io.leadroutes.sandbox.salesforce;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A parsed SOQL query.
 *
 * @param select what is selected, in order
 * @param from   name of the object as given
 */
record Soql(List<Selected> select, String from, Optional<Condition> where, List<String> groupBy, List<Order> orderBy,
        OptionalInt limit, int offset) {

    /**
     * A selected item.
     *
     * @param function empty for a plain field; else COUNT, MIN, MAX, SUM, AVG or FIELDS in capitals
     * @param path     field path; for FIELDS the set (ALL, STANDARD, CUSTOM); empty for COUNT()
     * @param alias    alias of an aggregate; empty for none
     */
    record Selected(String function, String path, String alias) {
    }

    record Order(String path, boolean descending, boolean nullsLast) {
    }

    sealed interface Condition permits And, Or, Not, Comparison, Membership {
    }

    record And(List<Condition> parts) implements Condition {
    }

    record Or(List<Condition> parts) implements Condition {
    }

    record Not(Condition part) implements Condition {
    }

    /** {@code operator} is one of = != &lt; &lt;= &gt; &gt;= LIKE. */
    record Comparison(String path, String operator, Literal value) implements Condition {
    }

    record Membership(String path, boolean negated, List<Literal> values) implements Condition {
    }

    /**
     * A value in a query.
     *
     * @param kind   what was written
     * @param text   the text, for a date literal its word in capitals
     * @param number n of {@code LAST_N_DAYS:n}
     */
    record Literal(Kind kind, String text, int number) {

        enum Kind {
            NULL, BOOLEAN, STRING, NUMBER, DATE, DATE_TIME, DATE_LITERAL
        }
    }

    /** Reads a query; a {@link Refusal} MALFORMED_QUERY tells what is wrong and where. */
    static Soql parse(String text) {
        return new SoqlParser(text).query();
    }
}
