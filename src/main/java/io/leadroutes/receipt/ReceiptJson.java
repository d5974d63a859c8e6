package io.leadroutes.receipt;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.erdtman.jcs.JsonCanonicalizer;

/** Receipts as JSON, and their hash. */
public final class ReceiptJson {

    private static final JsonMapper MAPPER = JsonMapper.builder().addModule(new Jdk8Module())
            .enable(JsonGenerator.Feature.WRITE_BIGDECIMAL_AS_PLAIN)
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .build();

    private ReceiptJson() {
    }

    /** The receipt with its own hash in place. */
    static Receipt sealed(Receipt receipt) {
        return receipt.withHash(hash(MAPPER.valueToTree(receipt)));
    }

    /** The complete receipt. */
    public static String write(Receipt receipt) {
        return text(receipt);
    }

    /** The receipt without {@code facts}, {@code hash} and {@code previous}, which the store keeps beside it. */
    public static String body(Receipt receipt) {
        ObjectNode node = MAPPER.valueToTree(receipt);
        node.remove("facts");
        node.remove("hash");
        node.remove("previous");
        return text(node);
    }

    /** The facts alone. */
    public static String facts(Receipt receipt) {
        return text(receipt.facts());
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

    /** True when the receipt is as it was when it was sealed. */
    public static boolean intact(Receipt receipt) {
        return hash(MAPPER.valueToTree(receipt)).equals(receipt.hash());
    }

    private static String hash(JsonNode receipt) {
        ((ObjectNode) receipt).remove("hash");
        try {
            byte[] canonical = new JsonCanonicalizer(text(receipt)).getEncodedUTF8();
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(canonical));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String text(Object value) {
        try {
            return MAPPER.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("not writable as JSON: " + e.getOriginalMessage(), e);
        }
    }
}
