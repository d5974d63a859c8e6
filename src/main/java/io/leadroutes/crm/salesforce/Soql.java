package io.leadroutes.crm.salesforce;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Builds queries of which no part can be anything but what it is meant to be: names are checked, values are quoted. */
final class Soql {

    private static final Pattern NAME = Pattern.compile("[A-Za-z][A-Za-z0-9]*(_[A-Za-z0-9]+)*(__[a-z]+)?");
    private static final int NAME_LIMIT = 80;
    /** A query goes into the address of a GET; proxies and Salesforce take some 16,000 characters of it, escaped. */
    private static final int LENGTH_LIMIT = 4_000;

    private Soql() {
    }

    /** Selects records whose field is one of the values. */
    static String selectIn(List<String> fields, String object, String field, Collection<String> values) {
        if (fields.isEmpty() || values.isEmpty()) {
            throw new IllegalArgumentException("a query needs fields and values");
        }
        return "SELECT " + fields.stream().map(Soql::name).collect(Collectors.joining(",")) + " FROM " + name(object)
                + " WHERE " + name(field) + " IN (" + values.stream().map(Soql::literal).collect(Collectors.joining(","))
                + ")";
    }

    /** Splits what is asked for by a value, in its order, into as much as one query can name. */
    static <T> List<List<T>> split(Collection<T> all, Function<T, String> value) {
        List<List<T>> queries = new ArrayList<>();
        int length = LENGTH_LIMIT + 1;
        for (T one : all) {
            if (length > LENGTH_LIMIT) {
                queries.add(new ArrayList<>());
                length = 0;
            }
            queries.get(queries.size() - 1).add(one);
            length += value.apply(one).length() + 3;
        }
        return queries;
    }

    /**
     * @throws IllegalArgumentException if this cannot be the API name of an object or field
     */
    static String name(String apiName) {
        if (apiName.length() > NAME_LIMIT || !NAME.matcher(apiName).matches()) {
            throw new IllegalArgumentException("not the name of a Salesforce object or field: " + apiName);
        }
        return apiName;
    }

    /** A quoted string (SOQL and SOSL Reference, "Quoted String Escape Sequences"). */
    static String literal(String value) {
        StringBuilder text = new StringBuilder(value.length() + 2).append('\'');
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            switch (c) {
                case '\\' -> text.append("\\\\");
                case '\'' -> text.append("\\'");
                case '"' -> text.append("\\\"");
                case '\n' -> text.append("\\n");
                case '\r' -> text.append("\\r");
                case '\t' -> text.append("\\t");
                case '\b' -> text.append("\\b");
                case '\f' -> text.append("\\f");
                default -> text.append(c);
            }
        }
        return text.append('\'').toString();
    }
}
