package io.leadroutes.compliance;

import io.leadroutes.crm.CrmUpdates;
import io.leadroutes.lead.LedgerFixture;
import java.time.Duration;
import java.util.Optional;
import javax.sql.DataSource;

/** The consent steps for tests of other packages. */
public final class ConsentFixture {

    private ConsentFixture() {
    }

    public static LeadConsent consent(DataSource database) {
        Suppressions suppressions = new Suppressions(database, Optional.empty());
        return new LeadConsent(suppressions, new PersonNotices(database), optOuts(suppressions, database),
                LedgerFixture.stages(database));
    }

    static OptOuts optOuts(Suppressions suppressions, DataSource database) {
        return new OptOuts(suppressions, new CrmUpdates(database, Duration.ofDays(7)));
    }
}
