package io.leadroutes.lead;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.List;
import javax.sql.DataSource;
import org.apache.camel.Processor;

/** The ledger and the stages for tests of other packages. */
public final class LedgerFixture {

    private LedgerFixture() {
    }

    public static CreditLedger ledger(DataSource database) {
        return new CreditLedger(database);
    }

    public static LeadStages stages(DataSource database) {
        return new LeadStages(database, ledger(database), lostClaims());
    }

    public static Claims claims(DataSource database) {
        return new Claims(database, lostClaims());
    }

    public static Processor deadLetterWriter(DataSource database) {
        return new DeadLetterWriter(new DeadLetters(database, List.of()));
    }

    public static LostClaims lostClaims() {
        return new LostClaims(new SimpleMeterRegistry());
    }
}
