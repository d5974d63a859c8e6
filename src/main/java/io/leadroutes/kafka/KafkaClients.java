package io.leadroutes.kafka;

import java.util.Properties;
import org.apache.camel.CamelContext;
import org.apache.camel.component.kafka.DefaultKafkaClientFactory;
import org.apache.camel.component.kafka.KafkaComponent;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.producer.Producer;

/** Makes the clients of Camel's Kafka endpoints: with our settings, and consumers that hand over a poll at a time. */
final class KafkaClients extends DefaultKafkaClientFactory {

    private static final long BACKOFF_MILLIS = 10_000;

    private final KafkaSettings settings;

    private KafkaClients(KafkaSettings settings) {
        this.settings = settings;
    }

    static void register(CamelContext context, KafkaSettings settings) {
        KafkaComponent component = new KafkaComponent();
        component.setKafkaClientFactory(new KafkaClients(settings));
        component.setPollExceptionStrategy(new PatientPolling());
        component.setCreateConsumerBackoffInterval(BACKOFF_MILLIS);
        component.setSubscribeConsumerBackoffInterval(BACKOFF_MILLIS);
        // The rest of the application works without Kafka; our own health check tells how it stands.
        component.setHealthCheckConsumerEnabled(false);
        component.setHealthCheckProducerEnabled(false);
        context.addComponent("kafka", component);
    }

    @Override
    public Consumer<byte[], byte[]> getConsumer(Properties endpoint) {
        return new LeadConsumer(with(endpoint));
    }

    @Override
    public Producer<?, ?> getProducer(Properties endpoint) {
        return super.getProducer(with(endpoint));
    }

    private Properties with(Properties endpoint) {
        Properties all = new Properties();
        all.putAll(endpoint);
        all.putAll(settings.client());
        return all;
    }
}
