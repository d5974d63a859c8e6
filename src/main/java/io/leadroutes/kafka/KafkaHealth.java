package io.leadroutes.kafka;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.Locale;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.HealthCheckResponseBuilder;
import org.eclipse.microprofile.health.Readiness;

/** Always up, as everything else works without Kafka; the details tell how Kafka stands. */
@Readiness
@ApplicationScoped
class KafkaHealth implements HealthCheck {

    private final KafkaWatch watch;

    KafkaHealth(KafkaWatch watch) {
        this.watch = watch;
    }

    @Override
    public HealthCheckResponse call() {
        KafkaWatch.Status status = watch.status();
        HealthCheckResponseBuilder answer = HealthCheckResponse.named("kafka").up()
                .withData("state", status.state().name().toLowerCase(Locale.ROOT));
        if (status.state() != KafkaWatch.State.OFF) {
            answer.withData("since", status.since().toString());
        }
        status.problem().ifPresent(problem -> answer.withData("problem", problem));
        status.lag().ifPresent(lag -> answer.withData("lag", lag));
        status.backlog().ifPresent(waiting -> answer.withData("outbox", waiting.decisions()));
        return answer.build();
    }
}
