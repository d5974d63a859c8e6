package io.leadroutes.crm.salesforce;

import jakarta.enterprise.context.ApplicationScoped;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.HealthCheckResponseBuilder;
import org.eclipse.microprofile.health.Readiness;

/** Ready when the stream is open here, or when another replica holds it. */
@Readiness
@ApplicationScoped
class SalesforceStreamHealth implements HealthCheck {

    private final SalesforceStream stream;

    SalesforceStreamHealth(SalesforceStream stream) {
        this.stream = stream;
    }

    @Override
    public HealthCheckResponse call() {
        SalesforceStream.Status status = stream.status();
        HealthCheckResponseBuilder answer = HealthCheckResponse.named("salesforce-stream")
                .status(status.state() != SalesforceStream.State.CONNECTING)
                .withData("state", status.state().name().toLowerCase(java.util.Locale.ROOT));
        status.since().ifPresent(at -> answer.withData("since", at.toString()));
        status.lastAnswer().ifPresent(at -> answer.withData("lastAnswer", at.toString()));
        status.lastError().ifPresent(error -> answer.withData("lastError", error));
        return answer.build();
    }
}
