package io.leadroutes.kafka;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RebalanceInProgressException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.WakeupException;
import org.jboss.logging.Logger;

/**
 * The consumer behind the route {@code kafka-lead}. Two things differ from Kafka's own, both because Camel's batches
 * and the partitions of a group move independently:
 *
 * <p>Camel keeps the records of a poll back until a later one. A real poll in between may take the partition away, and
 * the late commit would then put the group's offset back. So an empty answer follows each poll that brought something:
 * one poll is one batch, stored and committed before the next.
 *
 * <p>A commit that fails because a rebalance is under way or the broker is away is not the fault of the batch, which is
 * stored. It is kept, tried again at each poll, and dropped when the partition goes elsewhere: then the offset there
 * counts, and what comes again is known to the inbox.
 */
final class LeadConsumer extends KafkaConsumer<byte[], byte[]> {

    private static final Logger LOG = Logger.getLogger(LeadConsumer.class);
    private static final Duration COMMIT_AGAIN = Duration.ofSeconds(2);

    private final Map<TopicPartition, OffsetAndMetadata> uncommitted = new HashMap<>();
    private boolean handedOver;

    LeadConsumer(Properties properties) {
        super(properties);
    }

    @Override
    public ConsumerRecords<byte[], byte[]> poll(Duration timeout) {
        if (handedOver) {
            handedOver = false;
            return ConsumerRecords.empty();
        }
        commitAgain();
        ConsumerRecords<byte[], byte[]> records = super.poll(timeout);
        handedOver = !records.isEmpty();
        return records;
    }

    @Override
    public void commitSync(Map<TopicPartition, OffsetAndMetadata> offsets, Duration timeout) {
        uncommitted.putAll(offsets);
        try {
            super.commitSync(offsets, timeout);
            uncommitted.keySet().removeAll(offsets.keySet());
        } catch (RetriableException | RebalanceInProgressException | CommitFailedException e) {
            LOG.debugf("Offsets are committed later: %s", e.getMessage());
        }
    }

    private void commitAgain() {
        if (!uncommitted.isEmpty()) {
            commitSync(Map.copyOf(uncommitted), COMMIT_AGAIN);
        }
    }

    @Override
    public void subscribe(Collection<String> topics, ConsumerRebalanceListener listener) {
        super.subscribe(topics, new ConsumerRebalanceListener() {
            @Override
            public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
                try {
                    commitAgain();
                } catch (WakeupException e) {
                    LOG.debug("Stopped while offsets were committed");
                }
                uncommitted.keySet().removeAll(partitions);
                listener.onPartitionsRevoked(partitions);
            }

            @Override
            public void onPartitionsLost(Collection<TopicPartition> partitions) {
                uncommitted.keySet().removeAll(partitions);
                listener.onPartitionsLost(partitions);
            }

            @Override
            public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
                listener.onPartitionsAssigned(partitions);
            }
        });
    }
}
