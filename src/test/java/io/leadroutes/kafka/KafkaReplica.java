package io.leadroutes.kafka;

import io.leadroutes.ShortRounds;
import io.leadroutes.lead.DeadLetters;
import io.leadroutes.lead.LeadInbox;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.function.UnaryOperator;
import javax.sql.DataSource;
import org.apache.camel.Exchange;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** What one process of the application does with Kafka: its routes, in a Camel context of its own. */
final class KafkaReplica implements AutoCloseable {

    final MeterRegistry meters = new SimpleMeterRegistry();
    final DecisionOutbox outbox;
    private Runnable beforePublished = () -> { };
    private final DefaultCamelContext context = new DefaultCamelContext();

    /**
     * @param name  of the topics {@code leads-<name>} and {@code decisions-<name>} and of the group
     * @param leads what stands behind the steps of {@code kafka-lead}
     */
    KafkaReplica(Broker broker, DataSource database, String name, UnaryOperator<KafkaLeads> leads) {
        this(broker.address(), broker.jaas(), database, name, leads);
    }

    KafkaReplica(String brokers, String jaas, DataSource database, String name, UnaryOperator<KafkaLeads> leads) {
        TransactionTemplate transactions = new TransactionTemplate(new DataSourceTransactionManager(database));
        outbox = new DecisionOutbox(database, true, Duration.ofDays(7), meters,
                work -> transactions.executeWithoutResult(status -> work.run())) {
            @Override
            public void published(Exchange exchange) {
                beforePublished.run();
                super.published(exchange);
            }
        };
        Properties keys = new Properties();
        keys.put("kafka.brokers", brokers);
        keys.put("kafka.intake.topic", "leads-" + name);
        keys.put("kafka.intake.group", name);
        keys.put("kafka.intake.batch", "50");
        keys.put("kafka.decisions.topic", "decisions-" + name);
        context.getPropertiesComponent().setInitialProperties(keys);
        context.getShutdownStrategy().setTimeout(10);
        ShortRounds.in(context);
        context.getRegistry().bind("kafkaLeadHeaders", new LeadHeaders());
        context.getRegistry().bind("decisionOutbox", outbox);
        context.getRegistry().bind("kafkaLeads", leads.apply(new KafkaLeads(new LeadInbox(database),
                new DeadLetters(database, List.of()), database, meters,
                work -> transactions.executeWithoutResult(status -> work.run()))));
        KafkaClients.register(context, new KafkaSettings(Map.of("bootstrap.servers", brokers,
                "security.protocol", "SASL_PLAINTEXT", "sasl.mechanism", "PLAIN", "sasl.jaas.config", jaas,
                "reconnect.backoff.max.ms", "500", "session.timeout.ms", "4000", "heartbeat.interval.ms", "500")));
    }

    KafkaReplica(Broker broker, DataSource database, String name) {
        this(broker, database, name, leads -> leads);
    }

    KafkaReplica start(String... routes) {
        try {
            for (String file : routes) {
                PluginHelper.getRoutesLoader(context).loadRoutes(
                        ResourceHelper.resolveMandatoryResource(context, "file:routes/" + file + ".camel.yaml"));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
        context.start();
        return this;
    }

    KafkaReplica startIntake() {
        return start("shared/kafka-intake", "intake/kafka-lead");
    }

    /** @param work is done when the broker has the decisions, and before they are marked */
    KafkaReplica beforePublished(Runnable work) {
        beforePublished = work;
        return this;
    }

    /** The first step of publishing alone. */
    Exchange claim() {
        Exchange exchange = new DefaultExchange(context);
        outbox.claim(exchange);
        return exchange;
    }

    KafkaReplica startPublishing() {
        return start("shared/decision-outbox", "pipeline/decision-publish");
    }

    /** An orderly stop, as SIGTERM does it. */
    @Override
    public void close() {
        context.stop();
    }
}
