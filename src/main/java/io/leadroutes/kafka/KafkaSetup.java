package io.leadroutes.kafka;

import io.quarkus.arc.Unremovable;
import jakarta.enterprise.context.ApplicationScoped;
import org.apache.camel.CamelContext;
import org.apache.camel.spi.CamelContextCustomizer;

/** Prepares Camel's Kafka component when brokers are configured; settings that make no sense stop the start. */
@ApplicationScoped
@Unremovable
class KafkaSetup implements CamelContextCustomizer {

    private final KafkaConfig config;

    KafkaSetup(KafkaConfig config) {
        this.config = config;
    }

    @Override
    public void configure(CamelContext context) {
        KafkaSettings.of(config).ifPresent(settings -> KafkaClients.register(context, settings));
    }
}
