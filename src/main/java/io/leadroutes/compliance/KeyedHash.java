package io.leadroutes.compliance;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.springframework.jdbc.core.JdbcTemplate;

/** HMAC-SHA-256 with the key of this installation. */
final class KeyedHash {

    private static final String ALGORITHM = "HmacSHA256";
    private static final int KEY_BYTES = 32;
    private static final int SHORTEST_KEY = 16;

    private final SecretKeySpec key;

    private KeyedHash(byte[] key) {
        this.key = new SecretKeySpec(key, ALGORITHM);
    }

    /**
     * Opens the key: the configured one, else the one in the database, made on first use. The database keeps a proof,
     * so that another key, under which nobody would be recognised, is noticed.
     *
     * @throws IllegalStateException if the key is too short, or not the one of the suppressions that are stored
     */
    static KeyedHash open(JdbcTemplate jdbc, Optional<String> configured) {
        if (configured.filter(text -> text.length() < SHORTEST_KEY).isPresent()) {
            throw new IllegalStateException("compliance.hash-key must have at least " + SHORTEST_KEY + " characters");
        }
        byte[] key = configured.map(text -> text.getBytes(StandardCharsets.UTF_8)).orElseGet(KeyedHash::random);
        // Two replicas may start at once: the first row stays, and both read it.
        jdbc.update("insert into suppression_key (key, proof) values (?, ?) on conflict do nothing",
                configured.isPresent() ? null : key, new KeyedHash(key).proof());
        Map<String, Object> row = jdbc.queryForMap("select key, proof from suppression_key");
        KeyedHash hash = new KeyedHash(configured.isEmpty() && row.get("key") != null ? (byte[]) row.get("key") : key);
        if (hash.proof().equals(row.get("proof"))) {
            return hash;
        }
        if (configured.isPresent() && jdbc.update("""
                update suppression_key set key = null, proof = ?
                where not exists (select 1 from suppression)""", hash.proof()) == 1) {
            return hash;
        }
        throw new IllegalStateException(configured.isPresent()
                ? "compliance.hash-key is not the key that the stored suppressions were made with; under it no "
                        + "suppressed person would be recognised. Configure the former key"
                : "compliance.hash-key is missing: the stored suppressions were made with a configured key");
    }

    private static byte[] random() {
        byte[] key = new byte[KEY_BYTES];
        new SecureRandom().nextBytes(key);
        return key;
    }

    private String proof() {
        return of("proof", "suppression key");
    }

    /** 64 hexadecimal digits. */
    String of(String kind, String identifier) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(key);
            return HexFormat.of().formatHex(mac.doFinal((kind + "\n" + identifier).getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
