package io.leadroutes.compliance;

import io.leadroutes.metrics.BackgroundReading;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.Startup;
import jakarta.annotation.PostConstruct;
import jakarta.enterprise.context.ApplicationScoped;

/** Gauge {@code leadroutes.suppressions}: identifiers on the list; read at most every five seconds. */
@Startup
@ApplicationScoped
class ComplianceMetrics {

    private final BackgroundReading<Double> suppressions;
    private final MeterRegistry meters;

    ComplianceMetrics(Suppressions suppressions, MeterRegistry meters) {
        this.suppressions = new BackgroundReading<>("compliance-metrics", () -> (double) suppressions.count(), Double.NaN);
        this.meters = meters;
    }

    @PostConstruct
    void register() {
        Gauge.builder("leadroutes.suppressions", suppressions::value)
                .description("Identifiers of persons who must not be written").register(meters);
    }
}
