package io.leadroutes.kafka;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.arc.Unremovable;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ExecutionException;
import org.jboss.logging.Logger;

/**
 * Looks every few seconds whether the brokers serve us, how far the group is behind and what waits to be published:
 * gauges {@code leadroutes.kafka.available}, {@code leadroutes.kafka.lag}, {@code leadroutes.kafka.outbox} and
 * {@code leadroutes.kafka.outbox.oldest}. What cannot be known is not a number.
 */
@ApplicationScoped
@Named("kafkaWatch")
@Unremovable
public class KafkaWatch {

    private static final Logger LOG = Logger.getLogger(KafkaWatch.class);

    private final KafkaConfig config;
    private final DecisionOutbox outbox;
    private final MeterRegistry meters;
    private final Clock clock;
    private GroupLag brokers;
    private volatile Status status = new Status(State.OFF, Instant.EPOCH, Optional.empty(), OptionalLong.empty(),
            Optional.empty());

    @Inject
    KafkaWatch(KafkaConfig config, DecisionOutbox outbox, MeterRegistry meters) {
        this(config, outbox, meters, Clock.systemUTC());
    }

    KafkaWatch(KafkaConfig config, DecisionOutbox outbox, MeterRegistry meters, Clock clock) {
        this.config = config;
        this.outbox = outbox;
        this.meters = meters;
        this.clock = clock;
    }

    enum State {
        OFF, AVAILABLE, UNAVAILABLE
    }

    /**
     * @param since   of the state
     * @param problem what the brokers, or the way there, said
     * @param lag     messages not committed by the group
     */
    record Status(State state, Instant since, Optional<String> problem, OptionalLong lag,
            Optional<DecisionOutbox.Backlog> backlog) {
    }

    Status status() {
        return status;
    }

    /** One look; the step of the route {@code kafka-watch}. Never fails. */
    public synchronized void look() {
        if (status.state() == State.OFF) {
            register();
        }
        Optional<DecisionOutbox.Backlog> backlog =
                config.decisions().topic().isPresent() ? outbox.backlog() : Optional.empty();
        try {
            if (brokers == null) {
                brokers = new GroupLag(KafkaSettings.of(config).orElseThrow());
            }
            OptionalLong lag = OptionalLong.empty();
            if (config.intake().topic().isPresent()) {
                lag = OptionalLong.of(brokers.of(config.intake().group(), config.intake().topic().get()));
            } else {
                brokers.ping();
            }
            become(State.AVAILABLE, Optional.empty(), lag, backlog);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException e) {
            become(State.UNAVAILABLE, Optional.of(describe(e.getCause())), OptionalLong.empty(), backlog);
        } catch (RuntimeException e) {
            become(State.UNAVAILABLE, Optional.of(describe(e)), OptionalLong.empty(), backlog);
        }
    }

    private void become(State state, Optional<String> problem, OptionalLong lag,
            Optional<DecisionOutbox.Backlog> backlog) {
        Status before = status;
        boolean same = before.state() == state;
        status = new Status(state, same ? before.since() : clock.instant(), problem, lag, backlog);
        if (!same && state == State.UNAVAILABLE) {
            LOG.warnf("Kafka is not available: %s. Leads of its topic and decisions for it wait", problem.orElse(""));
        } else if (!same) {
            LOG.infof("Kafka is available%s", before.state() == State.OFF ? "" : " again");
        }
    }

    private static String describe(Throwable thrown) {
        return thrown.getClass().getSimpleName() + Optional.ofNullable(thrown.getMessage()).map(text -> ": " + text)
                .orElse("");
    }

    private void register() {
        Gauge.builder("leadroutes.kafka.available", () -> status.state() == State.AVAILABLE ? 1 : 0)
                .description("Whether the brokers answer and know the topic").register(meters);
        if (config.intake().topic().isPresent()) {
            Gauge.builder("leadroutes.kafka.lag",
                    () -> status.lag().isPresent() ? status.lag().getAsLong() : Double.NaN)
                    .description("Messages of the topic of leads that the group has not committed").register(meters);
        }
        if (config.decisions().topic().isPresent()) {
            Gauge.builder("leadroutes.kafka.outbox", () -> status.backlog()
                    .map(waiting -> (double) waiting.decisions()).orElse(Double.NaN))
                    .description("Decisions that wait to be published").register(meters);
            Gauge.builder("leadroutes.kafka.outbox.oldest", () -> status.backlog()
                    .map(DecisionOutbox.Backlog::oldestSeconds).orElse(Double.NaN)).baseUnit("seconds")
                    .description("Age of the oldest decision that waits to be published").register(meters);
        }
    }

    @PreDestroy
    synchronized void close() {
        if (brokers != null) {
            brokers.close();
        }
    }
}
