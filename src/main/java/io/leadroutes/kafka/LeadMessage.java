package io.leadroutes.kafka;

import io.leadroutes.lead.RequestIds;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.component.kafka.KafkaConstants;

/**
 * A message of the topic of leads.
 *
 * @param requestId the header's when it is harmless, else made from the place of the message, so that a message that
 *                  comes again has the same
 */
record LeadMessage(String topic, int partition, long offset, byte[] key, byte[] value, String requestId) {

    static LeadMessage of(Exchange record) {
        Message message = record.getMessage();
        String topic = message.getHeader(KafkaConstants.TOPIC, String.class);
        int partition = message.getHeader(KafkaConstants.PARTITION, Integer.class);
        long offset = message.getHeader(KafkaConstants.OFFSET, Long.class);
        String requestId = RequestIds.harmless(message.getHeader(RequestIds.HEADER, String.class))
                .orElseGet(() -> id(topic, partition, offset).toString());
        return new LeadMessage(topic, partition, offset, bytes(message.getHeader(KafkaConstants.KEY)),
                bytes(message.getBody()), requestId);
    }

    private static byte[] bytes(Object given) {
        return given instanceof byte[] bytes ? bytes : new byte[0];
    }

    /** The same for the same place. */
    UUID id() {
        return id(topic, partition, offset);
    }

    private static UUID id(String topic, int partition, long offset) {
        return UUID.nameUUIDFromBytes(("kafka " + topic + "/" + partition + "/" + offset)
                .getBytes(StandardCharsets.UTF_8));
    }

    /** What a dead letter keeps of it; nothing of the message is lost. */
    Map<String, Object> payload() {
        Map<String, Object> payload = new LinkedHashMap<>();
        payload.put("topic", topic);
        payload.put("partition", partition);
        payload.put("offset", offset);
        payload.put("requestId", requestId);
        put(payload, "key", key);
        put(payload, "body", value);
        return payload;
    }

    static LeadMessage of(Map<String, Object> payload) {
        return new LeadMessage(String.valueOf(payload.get("topic")), ((Number) payload.get("partition")).intValue(),
                ((Number) payload.get("offset")).longValue(), get(payload, "key"), get(payload, "body"),
                String.valueOf(payload.get("requestId")));
    }

    private static void put(Map<String, Object> payload, String name, byte[] bytes) {
        Optional<String> text = text(bytes);
        payload.put(text.isPresent() ? name : name + "Base64",
                text.orElseGet(() -> Base64.getEncoder().encodeToString(bytes)));
    }

    private static byte[] get(Map<String, Object> payload, String name) {
        return payload.containsKey(name) ? payload.get(name).toString().getBytes(StandardCharsets.UTF_8)
                : Base64.getDecoder().decode(String.valueOf(payload.get(name + "Base64")));
    }

    /** The bytes as text that PostgreSQL keeps. */
    private static Optional<String> text(byte[] bytes) {
        try {
            String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
            return text.indexOf('\0') >= 0 ? Optional.empty() : Optional.of(text);
        } catch (CharacterCodingException e) {
            return Optional.empty();
        }
    }
}
