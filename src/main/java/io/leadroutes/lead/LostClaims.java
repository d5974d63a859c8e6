package io.leadroutes.lead;

import io.micrometer.core.instrument.MeterRegistry;
import jakarta.enterprise.context.ApplicationScoped;
import org.jboss.logging.Logger;

/**
 * Tells of writes that came when their claim was over: the process had stalled for longer than its lease, and the row
 * was taken by another. Such a write changes nothing. Metric {@code leadroutes.claims.lost} by stage.
 */
@ApplicationScoped
public class LostClaims {

    private static final Logger LOG = Logger.getLogger(LostClaims.class);

    private final MeterRegistry meters;

    public LostClaims(MeterRegistry meters) {
        this.meters = meters;
    }

    /** @param count rows whose claim was over; none is no news */
    public void report(String stage, int count) {
        if (count > 0) {
            meters.counter("leadroutes.claims.lost", "stage", stage).increment(count);
            LOG.warnf("%d claim(s) of the stage %s were over before their work was: nothing of it is stored, whoever "
                    + "has them now does it", count, stage);
        }
    }
}
