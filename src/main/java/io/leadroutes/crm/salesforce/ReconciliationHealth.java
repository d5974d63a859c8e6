package io.leadroutes.crm.salesforce;

import io.leadroutes.metrics.BackgroundReading;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.Startup;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Duration;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.HealthCheckResponseBuilder;
import org.eclipse.microprofile.health.Readiness;
import org.springframework.dao.DataAccessException;

/**
 * Tells how the search for leads that the stream missed stands. Always up: leads that wait for it are no reason to take
 * a replica out of service.
 */
@Startup
@Readiness
@ApplicationScoped
class ReconciliationHealth implements HealthCheck {

    private final Reconciliation state;
    private final Clock clock = Clock.systemUTC();
    private final BackgroundReading<Double> behind = new BackgroundReading<>("salesforce-reconcile-metrics", this::behind,
            Double.NaN);

    ReconciliationHealth(Reconciliation state, MeterRegistry meters) {
        this.state = state;
        Gauge.builder("leadroutes.salesforce.reconcile.behind", behind::value).baseUnit("seconds")
                .description("Since when leads created in Salesforce are not checked for completeness").register(meters);
    }

    @Override
    public HealthCheckResponse call() {
        HealthCheckResponseBuilder answer = HealthCheckResponse.named("salesforce-reconcile").up();
        try {
            Reconciliation.Progress progress = state.progress();
            answer.withData("state", progress.running() ? "running" : "idle")
                    .withData("lookedAt", progress.lookedAt()).withData("missed", progress.missed());
            progress.cause().ifPresent(cause -> answer.withData("cause", cause));
            progress.completeUntil().ifPresent(at -> answer.withData("completeUntil", at.toString()));
            progress.startedAt().ifPresent(at -> answer.withData("startedAt", at.toString()));
            progress.finishedAt().ifPresent(at -> answer.withData("finishedAt", at.toString()));
            progress.cursorAt().filter(at -> progress.running()).ifPresent(at -> answer.withData("reached", at.toString()));
            progress.waitsFor().ifPresent(cause -> answer.withData("waitsFor", cause));
        } catch (DataAccessException e) {
            answer.withData("state", "unknown, the database does not answer");
        }
        return answer.build();
    }

    private double behind() {
        return state.progress().completeUntil()
                .map(at -> Duration.between(at, clock.instant()).toMillis() / 1000.0).orElse(0.0);
    }
}
