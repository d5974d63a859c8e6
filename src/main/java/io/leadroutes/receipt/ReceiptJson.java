package io.leadroutes.receipt;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.erdtman.jcs.JsonCanonicalizer;

/** Receipts as JSON, and their hash. */
public final class ReceiptJson {

    @JsonIgnoreProperties("hash")
    private interface WithoutHash {
    }

    @JsonIgnoreProperties({"facts", "hash", "previous"})
    private interface Body {
    }

    /** Whole numbers up to here are the same as a double. */
    private static final long EXACT = 1L << 53;

    private static final JsonMapper MAPPER = mapper().build();
    private static final JsonMapper BODY = mapper().addMixIn(Receipt.class, Body.class).build();
    private static final JsonMapper SORTED = mapper().addMixIn(Receipt.class, WithoutHash.class)
            .enable(MapperFeature.SORT_PROPERTIES_ALPHABETICALLY)
            .disable(MapperFeature.SORT_CREATOR_PROPERTIES_FIRST)
            .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS).build();

    private ReceiptJson() {
    }

    private static JsonMapper.Builder mapper() {
        return JsonMapper.builder().addModule(new Jdk8Module()).enable(JsonGenerator.Feature.WRITE_BIGDECIMAL_AS_PLAIN)
                .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS);
    }

    /** The receipt with its own hash in place. */
    static Receipt sealed(Receipt receipt) {
        return receipt.withHash(hash(receipt));
    }

    /** The complete receipt. */
    public static String write(Receipt receipt) {
        return text(MAPPER, receipt);
    }

    /** The receipt without {@code facts}, {@code hash} and {@code previous}, which the store keeps beside it. */
    public static String body(Receipt receipt) {
        return text(BODY, receipt);
    }

    /** The facts alone. */
    public static String facts(Receipt receipt) {
        return text(MAPPER, receipt.facts());
    }

    /** Puts a stored receipt together again. */
    public static Receipt read(String body, String facts, String hash, String previous) {
        try {
            ObjectNode node = (ObjectNode) MAPPER.readTree(body);
            node.set("facts", MAPPER.readTree(facts));
            node.put("hash", hash);
            node.put("previous", previous.isEmpty() ? null : previous);
            return MAPPER.treeToValue(node, Receipt.class);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("not a receipt: " + e.getOriginalMessage(), e);
        }
    }

    /**
     * The body without anything that was made of a person's data: the outcome stays, words and score lines go. The hash
     * of such a receipt is that of what it once said.
     *
     * @param body as the store keeps it
     */
    public static String erased(String body) {
        try {
            ObjectNode node = (ObjectNode) MAPPER.readTree(body);
            node.put("headline", "Erased at the request of the person.");
            node.putArray("steps");
            if (node.get("score") instanceof ObjectNode score) {
                score.putArray("lines");
            }
            if (node.get("route") instanceof ObjectNode route) {
                route.putNull("reason");
                route.putNull("error");
                route.putArray("rejected");
            }
            return MAPPER.writeValueAsString(node);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("not a receipt: " + e.getOriginalMessage(), e);
        }
    }

    /** True when the receipt is as it was when it was sealed. */
    public static boolean intact(Receipt receipt) {
        return hash(receipt).equals(receipt.hash());
    }

    /** The canonical JSON (RFC 8785) of the receipt without its hash. */
    static String canonical(Receipt receipt) {
        String sorted = text(SORTED, receipt);
        // Sorted keys and plain decimals are canonical already, but for rare control characters and large numbers.
        boolean large = receipt.facts().values().stream()
                .anyMatch(fact -> fact instanceof Long number && (number > EXACT || number < -EXACT));
        if (!large && !sorted.contains("\\u")) {
            return sorted;
        }
        try {
            return new JsonCanonicalizer(sorted).getEncodedString();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String hash(Receipt receipt) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256")
                    .digest(canonical(receipt).getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String text(JsonMapper mapper, Object value) {
        try {
            return mapper.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("not writable as JSON: " + e.getOriginalMessage(), e);
        }
    }
}
