package io.leadroutes.lead;

import javax.sql.DataSource;

/** The ledger for tests of other packages. */
public final class LedgerFixture {

    private LedgerFixture() {
    }

    public static CreditLedger ledger(DataSource database) {
        return new CreditLedger(database);
    }
}
