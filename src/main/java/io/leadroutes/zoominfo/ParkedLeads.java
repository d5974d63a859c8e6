package io.leadroutes.zoominfo;

import io.leadroutes.lead.LeadStages;
import io.leadroutes.lead.LeadStages.Parked;
import io.leadroutes.zoominfo.Circuits.Open;
import io.leadroutes.zoominfo.ContractLimits.Limit;
import io.quarkus.arc.Unremovable;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Named;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jboss.logging.Logger;

/** Parks the leads that wait while ZoomInfo cannot be used, and lets them go on when the cause has ended. */
@ApplicationScoped
@Named("parkedLeads")
@Unremovable
public class ParkedLeads {

    /** A call for persons' details, as the enrichment of leads makes it. */
    static final String OPERATION = "enrich/contact";
    /** Match status of an input that the account's remaining limits did not cover; such leads are parked for it. */
    static final String LIMIT_EXCEEDED = "LIMIT_EXCEEDED";
    private static final Logger LOG = Logger.getLogger(ParkedLeads.class);

    private final LeadStages stages;
    private final Circuits circuits;
    private final ContractLimits limits;
    private final UsageGate gate;

    ParkedLeads(LeadStages stages, Circuits circuits, ContractLimits limits, UsageGate gate) {
        this.stages = stages;
        this.circuits = circuits;
        this.limits = limits;
        this.gate = gate;
    }

    /**
     * What is parked, and why.
     *
     * @param leads   how many
     * @param reason  what ZoomInfo said, or why it was not asked; empty when the cause says it all
     * @param tries   how often it was tried in vain since then
     * @param retryAt when it is tried again; at the next opportunity when empty
     */
    public record Waiting(String cause, long leads, String reason, Instant since, int tries, Optional<Instant> retryAt) {
    }

    /** Brings all parked leads to where they belong now; done every second by each replica. */
    public void review() {
        Optional<Open> open = circuits.open(OPERATION);
        if (open.isEmpty()) {
            told(stages.goOn());
        } else if (open.get().due()) {
            stages.tryHeld();
        } else {
            stages.holdWaiting(open.get().cause());
        }
        stages.tryParked();
    }

    private static void told(int leads) {
        if (leads > 0) {
            LOG.infof("%d parked lead(s) go on", leads);
        }
    }

    /** After ZoomInfo has told its limits: what is parked for want of room goes on if there is some again. */
    public void usageRead() {
        if (gate.admits("live")) {
            circuits.tryAgain(FailureClass.QUOTA_EXHAUSTED);
        }
        if (limits.of(Limit.UNIQUE_ID).filter(reading -> reading.unlimited() || reading.share() < 1).isPresent()) {
            stages.tryAgain(LIMIT_EXCEEDED);
        }
    }

    /** All causes for which leads wait, or would wait. */
    public List<Waiting> waiting() {
        Optional<Open> open = circuits.open(OPERATION);
        return stages.parked().stream().map(parked -> waiting(parked, open)).toList();
    }

    private static Waiting waiting(Parked parked, Optional<Open> open) {
        Optional<Open> circuit = parked.retryAt().isPresent() ? Optional.empty() : open;
        return new Waiting(parked.cause(), parked.leads(), circuit.map(Open::reason).orElse(""),
                circuit.map(Open::since).orElse(parked.since()), circuit.map(Open::tries).orElse(parked.tries()),
                parked.retryAt().or(() -> circuit.map(Open::retryAt)));
    }
}
