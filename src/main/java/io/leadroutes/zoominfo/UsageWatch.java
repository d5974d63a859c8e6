package io.leadroutes.zoominfo;

import io.leadroutes.lead.credit.CreditWatch;
import io.leadroutes.lead.credit.CreditWatch.Snapshot;
import io.leadroutes.lead.credit.Redeemed;
import io.leadroutes.zoominfo.ContractLimits.Limit;
import io.quarkus.arc.Unremovable;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Named;
import java.util.Map;
import org.apache.camel.Body;
import org.apache.camel.Exchange;
import org.apache.camel.Variable;

/** The steps of {@code routes/jobs/zoominfo-usage-watch}. */
@ApplicationScoped
@Named("usageWatch")
@Unremovable
public class UsageWatch {

    static final String SNAPSHOT = "creditSnapshot";

    private final ContractLimits limits;
    private final CreditWatch credits;
    private final Redeemed redeemed;

    UsageWatch(ContractLimits limits, CreditWatch credits, Redeemed redeemed) {
        this.limits = limits;
        this.credits = credits;
        this.redeemed = redeemed;
    }

    /** Notes the state of the ledger before ZoomInfo is asked. */
    public void look(Exchange exchange) {
        exchange.setVariable(SNAPSHOT, credits.look());
    }

    /** Notes the limits, and compares ZoomInfo's counter of credits with the ledger. */
    public void read(@Body Map<String, Object> answer, @Variable(SNAPSHOT) Snapshot before) {
        limits.read(answer);
        ContractLimits.used(answer, Limit.UNIQUE_ID).ifPresent(used -> credits.compare(before, used));
        redeemed.forgetOld();
    }
}
