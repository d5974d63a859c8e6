package io.leadroutes.zoominfo.bulk;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A SOQL query that can do nothing but choose records of one object: comparisons joined by AND, OR and NOT, an order and
 * a limit. What is sent is written anew from what was understood; the selected fields are always ours. Subqueries,
 * functions, aggregates, comments and anything else are refused with the place at fault.
 */
final class RefreshQuery {

    private static final int LENGTH_LIMIT = 20_000;
    private static final int DEPTH_LIMIT = 50;
    private static final Pattern TOKEN = Pattern.compile("\\s*(?:"
            + "(?<string>'(?:[^'\\\\\\r\\n]|\\\\[^\\r\\n])*')"
            + "|(?<date>\\d{4}-\\d{2}-\\d{2}(?:T\\d{2}:\\d{2}:\\d{2}(?:\\.\\d{1,6})?(?:Z|[+-]\\d{2}:\\d{2}))?)"
            + "|(?<number>[+-]?\\d{1,18}(?:\\.\\d{1,18})?)"
            + "|(?<name>[A-Za-z][A-Za-z0-9_]{0,79}(?:\\.[A-Za-z][A-Za-z0-9_]{0,79}){0,5}(?::\\d{1,6})?)"
            + "|(?<sign><=|>=|!=|<>|[=<>(),]))");
    private static final Set<String> WORDS = Set.of("SELECT", "FROM", "WHERE", "AND", "OR", "NOT", "IN", "LIKE", "ORDER",
            "BY", "LIMIT", "ASC", "DESC", "NULLS", "INCLUDES", "EXCLUDES", "NULL", "TRUE", "FALSE", "GROUP", "HAVING",
            "WITH", "FOR", "OFFSET", "USING", "SCOPE", "ALL", "ROWS");
    private static final Set<String> OPERATORS = Set.of("=", "!=", "<>", "<", "<=", ">", ">=", "LIKE");

    /** @param at where it begins in the text, counted from 0 */
    private record Token(String kind, String text, int at) {

        boolean is(String word) {
            return text.equalsIgnoreCase(word) && !kind.equals("string");
        }
    }

    private final String given;
    private final List<Token> tokens;
    private final StringBuilder written = new StringBuilder();
    private int next;
    private RefreshObject object;

    private RefreshQuery(String given) {
        this.given = given;
        this.tokens = tokens(given);
    }

    /** A query that was understood. */
    record Understood(RefreshObject object, String soql) {
    }

    /**
     * Reads {@code SELECT … FROM object WHERE …}, or the condition alone when the object is named beside it.
     *
     * @throws IllegalArgumentException telling what is wrong and where
     */
    static Understood read(String soql, Optional<RefreshObject> named) {
        if (soql.isBlank()) {
            throw new IllegalArgumentException("The query is empty.");
        }
        if (soql.length() > LENGTH_LIMIT) {
            throw new IllegalArgumentException("The query is longer than " + LENGTH_LIMIT + " characters.");
        }
        return new RefreshQuery(soql).understand(named);
    }

    private Understood understand(Optional<RefreshObject> named) {
        if (peek("SELECT")) {
            next++;
            do {
                name("a field");
            } while (take(","));
            expect("FROM");
            Token from = name("an object");
            object = RefreshObject.named(from.text()).orElseThrow(() -> wrong("FROM names " + from.text()
                    + "; Contact, Lead and Account can be refreshed", from));
            if (named.isPresent() && named.get() != object) {
                throw wrong("FROM names " + from.text() + ", but object is " + named.get().apiName(), from);
            }
            if (take("WHERE")) {
                written.append(" WHERE");
                condition(0);
            }
        } else {
            object = named.orElseThrow(() -> new IllegalArgumentException(
                    "Without SELECT the query is a condition alone; then object must be Contact, Lead or Account."));
            take("WHERE");
            written.append(" WHERE");
            condition(0);
        }
        if (take("ORDER")) {
            expect("BY");
            written.append(" ORDER BY");
            String comma = " ";
            do {
                written.append(comma).append(name("a field").text());
                comma = ", ";
                for (String direction : List.of("ASC", "DESC")) {
                    if (take(direction)) {
                        written.append(' ').append(direction);
                    }
                }
            } while (take(","));
        }
        if (take("LIMIT")) {
            Token limit = step("a number");
            if (!limit.text().matches("[1-9]\\d{0,8}")) {
                throw wrong("LIMIT needs a whole number", limit);
            }
            written.append(" LIMIT ").append(limit.text());
        }
        if (next < tokens.size()) {
            throw wrong("'" + tokens.get(next).text() + "' is not expected here", tokens.get(next));
        }
        return new Understood(object, "SELECT " + String.join(", ", object.fields()) + " FROM " + object.apiName() + written);
    }

    private void condition(int depth) {
        if (depth > DEPTH_LIMIT) {
            throw new IllegalArgumentException("The query has more than " + DEPTH_LIMIT + " brackets in brackets.");
        }
        term(depth);
        while (peek("AND") || peek("OR")) {
            written.append(' ').append(tokens.get(next++).text().toUpperCase(Locale.ROOT));
            term(depth);
        }
    }

    private void term(int depth) {
        if (take("NOT")) {
            written.append(" NOT");
            term(depth);
        } else if (take("(")) {
            written.append(" (");
            condition(depth + 1);
            expect(")");
            written.append(')');
        } else {
            written.append(' ').append(name("a field").text());
            comparison();
        }
    }

    private void comparison() {
        boolean not = take("NOT");
        if (not || peek("IN") || peek("INCLUDES") || peek("EXCLUDES")) {
            Token operator = step("IN");
            if (!Set.of("IN", "INCLUDES", "EXCLUDES").contains(operator.text().toUpperCase(Locale.ROOT))) {
                throw wrong("IN is expected after NOT", operator);
            }
            written.append(not ? " NOT " : " ").append(operator.text().toUpperCase(Locale.ROOT)).append(" (");
            expect("(");
            String comma = "";
            do {
                written.append(comma);
                value();
                comma = ", ";
            } while (take(","));
            expect(")");
            written.append(')');
            return;
        }
        Token operator = step("a comparison");
        if (!OPERATORS.contains(operator.text().toUpperCase(Locale.ROOT))) {
            throw wrong("'" + operator.text() + "' is no comparison", operator);
        }
        written.append(' ').append(operator.text().toUpperCase(Locale.ROOT)).append(' ');
        value();
    }

    private void value() {
        Token value = step("a value");
        boolean literal = value.kind().equals("name") && (value.text().matches("(?i)null|true|false")
                || value.text().matches("[A-Z][A-Z_]*(:\\d+)?") && !WORDS.contains(value.text()));
        if (!literal && !Set.of("string", "date", "number").contains(value.kind())) {
            throw wrong("'" + value.text() + "' is no value; texts stand in single quotes", value);
        }
        written.append(value.text());
    }

    private Token name(String what) {
        Token token = step(what);
        if (!token.kind().equals("name") || token.text().contains(":")
                || WORDS.contains(token.text().toUpperCase(Locale.ROOT)) || peek("(")) {
            throw wrong("'" + token.text() + "' is not the name of " + what, token);
        }
        return token;
    }

    private Token step(String expected) {
        if (next == tokens.size()) {
            throw new IllegalArgumentException("The query ends where " + expected + " is expected.");
        }
        return tokens.get(next++);
    }

    private void expect(String word) {
        Token token = step(word);
        if (!token.is(word)) {
            throw wrong(word + " is expected instead of '" + token.text() + "'", token);
        }
    }

    private boolean peek(String word) {
        return next < tokens.size() && tokens.get(next).is(word);
    }

    private boolean take(String word) {
        boolean there = peek(word);
        next += there ? 1 : 0;
        return there;
    }

    private static IllegalArgumentException wrong(String what, Token token) {
        return new IllegalArgumentException(what + " (character " + (token.at() + 1) + ").");
    }

    private static List<Token> tokens(String text) {
        List<Token> tokens = new ArrayList<>();
        Matcher matcher = TOKEN.matcher(text);
        int at = 0;
        while (at < text.length() && !text.substring(at).isBlank()) {
            matcher.region(at, text.length());
            if (!matcher.lookingAt()) {
                int start = at;
                while (Character.isWhitespace(text.charAt(start))) {
                    start++;
                }
                throw new IllegalArgumentException("The query cannot be read from character " + (start + 1) + " on: '"
                        + text.substring(start, Math.min(text.length(), start + 20)) + "'.");
            }
            for (String kind : List.of("string", "date", "number", "name", "sign")) {
                if (matcher.group(kind) != null) {
                    tokens.add(new Token(kind, matcher.group(kind), matcher.start(kind)));
                }
            }
            at = matcher.end();
        }
        return tokens;
    }
}
