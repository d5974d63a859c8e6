package io.leadroutes.sandbox.salesforce;

import io.leadroutes.sandbox.salesforce.Soql.Literal;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads SOQL by recursive descent over tokens. */
final class SoqlParser {

    private static final int MOST_NESTED = 50;
    private static final Set<String> FUNCTIONS = Set.of("COUNT", "COUNT_DISTINCT", "MIN", "MAX", "SUM", "AVG",
            "FIELDS");
    private static final Set<String> RESERVED = Set.of("AND", "ASC", "DESC", "FROM", "GROUP", "HAVING", "IN", "LIKE",
            "LIMIT", "NOT", "NULL", "NULLS", "OFFSET", "OR", "ORDER", "SELECT", "WHERE", "WITH", "TRUE", "FALSE");
    private static final Set<String> DATE_WORDS = Set.of("TODAY", "YESTERDAY", "TOMORROW", "THIS_WEEK", "LAST_WEEK",
            "NEXT_WEEK", "THIS_MONTH", "LAST_MONTH", "NEXT_MONTH", "THIS_YEAR", "LAST_YEAR", "NEXT_YEAR",
            "LAST_90_DAYS", "NEXT_90_DAYS");
    private static final Set<String> DATE_WORDS_N = Set.of("LAST_N_DAYS", "NEXT_N_DAYS", "N_DAYS_AGO", "LAST_N_WEEKS",
            "NEXT_N_WEEKS", "LAST_N_MONTHS", "NEXT_N_MONTHS", "LAST_N_YEARS", "NEXT_N_YEARS");
    private static final Pattern DATE_TIME = Pattern.compile(
            "\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d{1,9})?(Z|[+-]\\d\\d:?\\d\\d)");
    private static final Pattern DATE = Pattern.compile("\\d{4}-\\d\\d-\\d\\d");
    private static final Pattern NUMBER = Pattern.compile("[+-]?(\\d+(\\.\\d*)?|\\.\\d+)([eE][+-]?\\d+)?");
    private static final Pattern NAME = Pattern.compile("[A-Za-z][A-Za-z0-9_]*(\\.[A-Za-z][A-Za-z0-9_]*)*");

    private enum Kind {
        NAME, STRING, NUMBER, DATE, DATE_TIME, SYMBOL, END
    }

    private record Token(Kind kind, String text, int column) {
    }

    private final String text;
    private final List<Token> tokens = new ArrayList<>();
    private int at;
    private int depth;

    SoqlParser(String text) {
        this.text = text;
        tokenise();
    }

    Soql query() {
        expectWord("SELECT");
        List<Soql.Selected> select = new ArrayList<>();
        do {
            select.add(selected());
        } while (takeSymbol(","));
        expectWord("FROM");
        String from = name("an object");
        if (peek().kind() == Kind.NAME && !RESERVED.contains(upper(peek()))) {
            at++;
        }
        Optional<Soql.Condition> where = takeWord("WHERE") ? Optional.of(or()) : Optional.empty();
        List<String> groupBy = new ArrayList<>();
        if (takeWord("GROUP")) {
            expectWord("BY");
            do {
                groupBy.add(name("a field"));
            } while (takeSymbol(","));
        }
        List<Soql.Order> orderBy = new ArrayList<>();
        if (takeWord("ORDER")) {
            expectWord("BY");
            do {
                orderBy.add(order());
            } while (takeSymbol(","));
        }
        OptionalInt limit = takeWord("LIMIT") ? OptionalInt.of(count()) : OptionalInt.empty();
        int offset = takeWord("OFFSET") ? count() : 0;
        if (offset > 2000) {
            throw new Refusal(400, "NUMBER_OUTSIDE_VALID_RANGE", "Maximum SOQL offset allowed is 2000");
        }
        if (peek().kind() != Kind.END) {
            throw unexpected();
        }
        return new Soql(select, from, where, groupBy, orderBy, limit, offset);
    }

    private Soql.Selected selected() {
        String path = name("a field");
        if (!takeSymbol("(")) {
            return new Soql.Selected("", path, "");
        }
        String function = path.toUpperCase(Locale.ROOT);
        if (!FUNCTIONS.contains(function)) {
            throw Refusal.query("unknown function: " + path);
        }
        String argument = peekSymbol(")") ? "" : name("a field");
        expectSymbol(")");
        if (argument.isEmpty() && !function.equals("COUNT")) {
            throw Refusal.query("function " + function + " needs a field");
        }
        boolean hasAlias = peek().kind() == Kind.NAME && !RESERVED.contains(upper(peek()));
        return new Soql.Selected(function, argument, hasAlias ? next().text() : "");
    }

    private Soql.Order order() {
        String path = name("a field");
        boolean descending = takeWord("DESC");
        if (!descending) {
            takeWord("ASC");
        }
        boolean nullsLast = false;
        if (takeWord("NULLS")) {
            nullsLast = takeWord("LAST");
            if (!nullsLast) {
                expectWord("FIRST");
            }
        }
        return new Soql.Order(path, descending, nullsLast);
    }

    private int count() {
        Token token = next();
        if (token.kind() != Kind.NUMBER || !token.text().matches("\\d{1,9}")) {
            throw unexpected(token);
        }
        return Integer.parseInt(token.text());
    }

    private Soql.Condition or() {
        Soql.Condition first = and();
        if (!peekWord("OR")) {
            return first;
        }
        List<Soql.Condition> parts = new ArrayList<>(List.of(first));
        while (takeWord("OR")) {
            parts.add(not());
        }
        if (peekWord("AND")) {
            throw Refusal.query(place(peek()) + "unexpected token: AND (mixing AND and OR needs parentheses)");
        }
        return new Soql.Or(parts);
    }

    private Soql.Condition and() {
        Soql.Condition first = not();
        if (!peekWord("AND")) {
            return first;
        }
        List<Soql.Condition> parts = new ArrayList<>(List.of(first));
        while (takeWord("AND")) {
            parts.add(not());
        }
        if (peekWord("OR")) {
            throw Refusal.query(place(peek()) + "unexpected token: OR (mixing AND and OR needs parentheses)");
        }
        return new Soql.And(parts);
    }

    private Soql.Condition not() {
        if (++depth > MOST_NESTED) {
            throw Refusal.query("the condition is nested too deeply");
        }
        try {
            if (takeWord("NOT")) {
                return new Soql.Not(not());
            }
            if (takeSymbol("(")) {
                Soql.Condition inner = or();
                expectSymbol(")");
                return inner;
            }
            return comparison();
        } finally {
            depth--;
        }
    }

    private Soql.Condition comparison() {
        String path = name("a field");
        if (takeWord("LIKE")) {
            return new Soql.Comparison(path, "LIKE", literal());
        }
        boolean negated = takeWord("NOT");
        if (negated || peekWord("IN")) {
            expectWord("IN");
            expectSymbol("(");
            List<Literal> values = new ArrayList<>();
            do {
                values.add(literal());
            } while (takeSymbol(","));
            expectSymbol(")");
            return new Soql.Membership(path, negated, values);
        }
        Token token = next();
        String operator = token.text().equals("<>") ? "!=" : token.text();
        if (token.kind() != Kind.SYMBOL || !Set.of("=", "!=", "<", "<=", ">", ">=").contains(operator)) {
            throw unexpected(token);
        }
        return new Soql.Comparison(path, operator, literal());
    }

    private Literal literal() {
        Token token = next();
        switch (token.kind()) {
            case STRING:
                return new Literal(Literal.Kind.STRING, token.text(), 0);
            case NUMBER:
                return new Literal(Literal.Kind.NUMBER, token.text(), 0);
            case DATE:
                return new Literal(Literal.Kind.DATE, token.text(), 0);
            case DATE_TIME:
                return new Literal(Literal.Kind.DATE_TIME, token.text(), 0);
            case NAME:
                String word = upper(token);
                if (word.equals("NULL")) {
                    return new Literal(Literal.Kind.NULL, "", 0);
                } else if (word.equals("TRUE") || word.equals("FALSE")) {
                    return new Literal(Literal.Kind.BOOLEAN, word, 0);
                } else if (DATE_WORDS.contains(word)) {
                    return new Literal(Literal.Kind.DATE_LITERAL, word, 0);
                } else if (DATE_WORDS_N.contains(word)) {
                    expectSymbol(":");
                    return new Literal(Literal.Kind.DATE_LITERAL, word, count());
                }
                throw unexpected(token);
            default:
                throw unexpected(token);
        }
    }

    private void tokenise() {
        int i = 0;
        while (i < text.length()) {
            char c = text.charAt(i);
            if (Character.isWhitespace(c)) {
                i++;
            } else if (c == '\'') {
                i = string(i);
            } else if (take(DATE_TIME, Kind.DATE_TIME, i) || take(DATE, Kind.DATE, i) || take(NUMBER, Kind.NUMBER, i)
                    || take(NAME, Kind.NAME, i)) {
                i += tokens.get(tokens.size() - 1).text().length();
            } else {
                String two = text.substring(i, Math.min(text.length(), i + 2));
                String symbol = Set.of("<=", ">=", "!=", "<>").contains(two) ? two : String.valueOf(c);
                if (!"(),:=<>".contains(String.valueOf(c)) && symbol.length() == 1) {
                    throw Refusal.query(place(i) + "unexpected char: '" + c + "'");
                }
                tokens.add(new Token(Kind.SYMBOL, symbol, i));
                i += symbol.length();
            }
        }
        tokens.add(new Token(Kind.END, "<EOF>", text.length()));
    }

    private boolean take(Pattern pattern, Kind kind, int from) {
        Matcher matcher = pattern.matcher(text).region(from, text.length());
        if (!matcher.lookingAt()) {
            return false;
        }
        tokens.add(new Token(kind, matcher.group(), from));
        return true;
    }

    private int string(int from) {
        StringBuilder value = new StringBuilder();
        int i = from + 1;
        while (i < text.length() && text.charAt(i) != '\'') {
            char c = text.charAt(i++);
            if (c == '\\') {
                if (i == text.length()) {
                    break;
                }
                c = text.charAt(i++);
                switch (c) {
                    case 'n', 'N' -> value.append('\n');
                    case 'r', 'R' -> value.append('\r');
                    case 't', 'T' -> value.append('\t');
                    case 'b', 'B' -> value.append('\b');
                    case 'f', 'F' -> value.append('\f');
                    case 'u' -> {
                        if (i + 4 > text.length() || !text.substring(i, i + 4).matches("[0-9a-fA-F]{4}")) {
                            throw Refusal.query(place(i) + "Invalid string literal. Illegal character sequence");
                        }
                        value.append((char) Integer.parseInt(text.substring(i, i + 4), 16));
                        i += 4;
                    }
                    // An escaped wildcard stays escaped, so that LIKE can tell it from an open one.
                    case '_', '%' -> value.append('\\').append(c);
                    case '"', '\'', '\\' -> value.append(c);
                    default -> throw Refusal.query(place(i) + "Invalid string literal. Illegal character sequence '\\"
                            + c + "' in string literal");
                }
            } else {
                value.append(c);
            }
        }
        if (i >= text.length()) {
            throw Refusal.query(place(from) + "Bind variables only allowed in Apex code or unclosed string literal");
        }
        tokens.add(new Token(Kind.STRING, value.toString(), from));
        return i + 1;
    }

    private Token peek() {
        return tokens.get(at);
    }

    private Token next() {
        Token token = tokens.get(at);
        if (token.kind() != Kind.END) {
            at++;
        }
        return token;
    }

    private static String upper(Token token) {
        return token.text().toUpperCase(Locale.ROOT);
    }

    private boolean peekWord(String word) {
        return peek().kind() == Kind.NAME && upper(peek()).equals(word);
    }

    private boolean takeWord(String word) {
        boolean there = peekWord(word);
        at += there ? 1 : 0;
        return there;
    }

    private void expectWord(String word) {
        if (!takeWord(word)) {
            throw unexpected();
        }
    }

    private boolean peekSymbol(String symbol) {
        return peek().kind() == Kind.SYMBOL && peek().text().equals(symbol);
    }

    private boolean takeSymbol(String symbol) {
        boolean there = peekSymbol(symbol);
        at += there ? 1 : 0;
        return there;
    }

    private void expectSymbol(String symbol) {
        if (!takeSymbol(symbol)) {
            throw unexpected();
        }
    }

    private String name(String wanted) {
        Token token = next();
        if (token.kind() != Kind.NAME || RESERVED.contains(upper(token))) {
            throw Refusal.query(place(token) + "unexpected token: '" + token.text() + "' where " + wanted
                    + " is expected");
        }
        return token.text();
    }

    private Refusal unexpected() {
        return unexpected(peek());
    }

    private Refusal unexpected(Token token) {
        return Refusal.query(place(token) + "unexpected token: '" + token.text() + "'");
    }

    private String place(Token token) {
        return place(token.column());
    }

    private static String place(int column) {
        return "ERROR at Row:1:Column:" + (column + 1) + "\n";
    }
}
