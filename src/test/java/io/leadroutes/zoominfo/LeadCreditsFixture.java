package io.leadroutes.zoominfo;

import io.leadroutes.lead.LeadStages;
import io.leadroutes.lead.LedgerFixture;
import javax.sql.DataSource;

/** The credits of live leads without a budget. */
final class LeadCreditsFixture {

    private LeadCreditsFixture() {
    }

    static LeadCredits credits(DataSource database, LeadStages stages) {
        return new LeadCredits(stages, LedgerFixture.ledger(database), LedgerFixture.redeemed(database));
    }
}
