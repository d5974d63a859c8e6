package io.leadroutes.lead.credit;

/**
 * The statements of the ledger on the clock of the database, which a test can set forward.
 *
 * @param now the time, as an expression of PostgreSQL
 */
record Sql(String now) {

    static final String NOW = "now()";

    String at(String statement) {
        return now.equals(NOW) ? statement : statement.replace(NOW, "(" + now + ")");
    }
}
