package io.leadroutes.decision;

import io.leadroutes.decision.ScoredBatch.Undecided;
import io.leadroutes.lead.LostClaims;
import io.quarkus.arc.Unremovable;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Named;
import java.util.ArrayList;
import java.util.List;
import org.apache.camel.Body;
import org.apache.camel.Exchange;
import org.apache.camel.InvalidPayloadException;
import org.jboss.logging.Logger;

/** The assign stage: stores the decisions of a batch; when the batch fails, of each lead alone. */
@ApplicationScoped
@Named("leadAssignment")
@Unremovable
public class LeadAssignment {

    private static final Logger LOG = Logger.getLogger(LeadAssignment.class);

    private final Decisions decisions;
    private final LostClaims lost;

    LeadAssignment(Decisions decisions, LostClaims lost) {
        this.decisions = decisions;
        this.lost = lost;
    }

    /**
     * @return the batch with the leads whose own decision failed
     */
    public ScoredBatch assign(@Body ScoredBatch batch) {
        try {
            decide(batch);
            return batch;
        } catch (RuntimeException e) {
            LOG.warnf("A batch of %d leads could not be decided together (%s); each is decided alone",
                    batch.scored().size(), e.getClass().getSimpleName());
        }
        List<Undecided> failed = new ArrayList<>();
        for (ScoredLead lead : batch.scored()) {
            try {
                decide(batch.only(lead));
            } catch (RuntimeException e) {
                if (Decisions.databaseIsAway(e)) {
                    // Nobody's fault: the claim runs out and the leads come again.
                    throw e;
                }
                failed.add(new Undecided(lead.event(), new DecisionFailedException(lead.event().eventId(), e)));
            }
        }
        return batch.andUndecided(failed);
    }

    private void decide(ScoredBatch batch) {
        lost.report("DECIDE", batch.scored().size() - decisions.decide(batch).size());
    }

    /** Fails with the lead as body, so that the dead-letter channel of the route keeps it. */
    public void fail(Exchange exchange) throws InvalidPayloadException {
        Undecided undecided = exchange.getMessage().getMandatoryBody(Undecided.class);
        exchange.getMessage().setBody(undecided.lead());
        throw undecided.cause();
    }
}
