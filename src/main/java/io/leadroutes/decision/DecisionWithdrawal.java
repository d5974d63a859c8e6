package io.leadroutes.decision;

import io.leadroutes.lead.LeadEvent;
import io.leadroutes.rules.ActiveRules;
import io.quarkus.arc.Unremovable;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Named;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import org.apache.camel.Body;
import org.jboss.logging.Logger;

/** Takes decisions back whose person was suppressed before the write. */
@ApplicationScoped
@Named("decisionWithdrawal")
@Unremovable
public class DecisionWithdrawal {

    private static final Logger LOG = Logger.getLogger(DecisionWithdrawal.class);

    private final Decisions decisions;
    private final ActiveRules rules;

    DecisionWithdrawal(Decisions decisions, ActiveRules rules) {
        this.decisions = decisions;
        this.rules = rules;
    }

    /** @param refused leads that the compliance gate does not let pass */
    public void withdraw(@Body Collection<LeadEvent> refused) {
        List<UUID> withdrawn = decisions.withdraw(refused.stream().map(LeadEvent::claim).toList(), rules.current());
        if (!withdrawn.isEmpty()) {
            LOG.infof("%d lead(s) decided again and stopped: suppressed between decision and write", withdrawn.size());
        }
    }
}
