package io.leadroutes.zoominfo.token;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Instant;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.HealthCheckResponseBuilder;
import org.eclipse.microprofile.health.Readiness;

/** Readiness {@code zoominfo-authentication}: down when the last authentication failed and no valid token is left. */
@Readiness
@ApplicationScoped
public class ZoomInfoAuthenticationCheck implements HealthCheck {

    private final TokenHolder holder;

    @Inject
    ZoomInfoAuthenticationCheck(TokenHolder holder) {
        this.holder = holder;
    }

    /** For CDI's client proxy. */
    ZoomInfoAuthenticationCheck() {
        this(null);
    }

    @Override
    public HealthCheckResponse call() {
        TokenStatus status = holder.status();
        boolean stillValid = status.expires().filter(Instant.now()::isBefore).isPresent();
        HealthCheckResponseBuilder response = HealthCheckResponse.named("zoominfo-authentication")
                .status(status.state() != TokenStatus.State.FAILED || stillValid)
                .withData("state", status.state().name());
        status.problem().ifPresent(problem -> response.withData("problem", problem));
        status.at().ifPresent(at -> response.withData("at", at.toString()));
        status.expires().ifPresent(expires -> response.withData("expires", expires.toString()));
        return response.build();
    }
}
