package io.leadroutes.kafka;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/** Asks the brokers how many messages of a topic a group has not committed yet. */
final class GroupLag implements AutoCloseable {

    private static final String TIMEOUT_MILLIS = "3000";

    private final Admin admin;

    GroupLag(KafkaSettings settings) {
        Properties properties = new Properties();
        properties.put("client.id", "leadroutes-watch");
        properties.put("request.timeout.ms", TIMEOUT_MILLIS);
        properties.put("default.api.timeout.ms", TIMEOUT_MILLIS);
        properties.put("reconnect.backoff.max.ms", "10000");
        properties.putAll(settings.client());
        ClassLoader before = Thread.currentThread().getContextClassLoader();
        try {
            // Kafka loads what the settings name by the loader of the thread.
            Thread.currentThread().setContextClassLoader(Admin.class.getClassLoader());
            admin = Admin.create(properties);
        } finally {
            Thread.currentThread().setContextClassLoader(before);
        }
    }

    /** @throws ExecutionException when the brokers do not answer, or refuse */
    void ping() throws ExecutionException, InterruptedException {
        admin.describeCluster().nodes().get();
    }

    /**
     * Messages behind the group's offsets; those of a partition without one count whole.
     *
     * @throws ExecutionException when the brokers do not answer, or refuse
     */
    long of(String group, String topic) throws ExecutionException, InterruptedException {
        Map<TopicPartition, OffsetSpec> latest = new HashMap<>();
        Map<TopicPartition, OffsetSpec> earliest = new HashMap<>();
        admin.describeTopics(List.of(topic)).topicNameValues().get(topic).get().partitions()
                .forEach(part -> latest.put(new TopicPartition(topic, part.partition()), OffsetSpec.latest()));
        Map<TopicPartition, OffsetAndMetadata> committed =
                admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata().get();
        latest.keySet().stream().filter(partition -> committed.get(partition) == null)
                .forEach(partition -> earliest.put(partition, OffsetSpec.earliest()));
        var ends = admin.listOffsets(latest).all().get();
        var starts = admin.listOffsets(earliest).all().get();
        long lag = 0;
        for (TopicPartition partition : latest.keySet()) {
            OffsetAndMetadata offset = committed.get(partition);
            lag += Math.max(0, ends.get(partition).offset()
                    - (offset == null ? starts.get(partition).offset() : offset.offset()));
        }
        return lag;
    }

    @Override
    public void close() {
        admin.close(Duration.ofSeconds(1));
    }
}
