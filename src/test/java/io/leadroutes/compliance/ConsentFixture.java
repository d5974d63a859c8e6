package io.leadroutes.compliance;

import io.leadroutes.lead.LeadStages;
import java.util.Optional;
import javax.sql.DataSource;

/** The consent steps for tests of other packages. */
public final class ConsentFixture {

    private ConsentFixture() {
    }

    public static LeadConsent consent(DataSource database) {
        return new LeadConsent(new Suppressions(database, Optional.empty()), new PersonNotices(database),
                new LeadStages(database));
    }
}
