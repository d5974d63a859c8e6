package io.leadroutes.compliance;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.Startup;
import jakarta.annotation.PostConstruct;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.concurrent.TimeUnit;
import org.springframework.dao.DataAccessException;

/** Gauge {@code leadroutes.suppressions}: identifiers on the list; read at most every five seconds. */
@Startup
@ApplicationScoped
class ComplianceMetrics {

    private static final long FRESH = TimeUnit.SECONDS.toNanos(5);

    private final Suppressions suppressions;
    private final MeterRegistry meters;
    private double last = Double.NaN;
    private long readAt;

    ComplianceMetrics(Suppressions suppressions, MeterRegistry meters) {
        this.suppressions = suppressions;
        this.meters = meters;
    }

    @PostConstruct
    void register() {
        readAt = System.nanoTime() - FRESH;
        Gauge.builder("leadroutes.suppressions", this::count)
                .description("Identifiers of persons who must not be written").register(meters);
    }

    private synchronized double count() {
        if (System.nanoTime() - readAt >= FRESH) {
            readAt = System.nanoTime();
            try {
                last = suppressions.count();
            } catch (DataAccessException e) {
                last = Double.NaN;
            }
        }
        return last;
    }
}
