package io.leadroutes.zoominfo.token;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.Signature;
import java.security.interfaces.RSAPrivateKey;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** The client's own token that proves its key, and the little we read of ZoomInfo's. */
final class Jwts {

    /** ZoomInfo's clocks may be behind ours. */
    private static final Duration BACK_DATED = Duration.ofSeconds(60);
    private static final Duration LIFE = Duration.ofSeconds(300);
    private static final Base64.Encoder BASE64 = Base64.getUrlEncoder().withoutPadding();

    private Jwts() {
    }

    /** A client token as the official ZoomInfo clients make it, signed with RS256. */
    static String clientToken(ObjectMapper json, String username, String clientId, RSAPrivateKey key, Instant now) {
        Map<String, Object> header = new LinkedHashMap<>();
        header.put("alg", "RS256");
        header.put("typ", "JWT");
        Map<String, Object> claims = new LinkedHashMap<>();
        claims.put("aud", "enterprise_api");
        claims.put("iss", "api-client@zoominfo.com");
        claims.put("username", username);
        claims.put("client_id", clientId);
        claims.put("iat", now.minus(BACK_DATED).getEpochSecond());
        claims.put("exp", now.plus(LIFE).getEpochSecond());
        try {
            String signed = BASE64.encodeToString(json.writeValueAsBytes(header)) + "."
                    + BASE64.encodeToString(json.writeValueAsBytes(claims));
            Signature signature = Signature.getInstance("SHA256withRSA");
            signature.initSign(key);
            signature.update(signed.getBytes(StandardCharsets.US_ASCII));
            return signed + "." + BASE64.encodeToString(signature.sign());
        } catch (JsonProcessingException | GeneralSecurityException e) {
            throw new IllegalStateException("The client token could not be signed", e);
        }
    }

    /**
     * How long a token is valid: from its issue to its expiry, which no difference of clocks falsifies, or to its
     * expiry from now on where that is less. Empty when it is no JWT that tells its expiry, or that has passed.
     */
    static Optional<Duration> life(ObjectMapper json, String token, Instant now) {
        String[] parts = token.split("\\.");
        if (parts.length < 2) {
            return Optional.empty();
        }
        try {
            JsonNode claims = json.readTree(Base64.getUrlDecoder().decode(parts[1]));
            if (!claims.path("exp").isNumber()) {
                return Optional.empty();
            }
            Instant expires = Instant.ofEpochSecond(claims.path("exp").asLong());
            Stream<Instant> from = claims.path("iat").isNumber()
                    ? Stream.of(now, Instant.ofEpochSecond(claims.path("iat").asLong())) : Stream.of(now);
            return from.map(start -> Duration.between(start, expires)).filter(life -> life.compareTo(Duration.ZERO) > 0)
                    .min(Comparator.naturalOrder());
        } catch (IOException | IllegalArgumentException | DateTimeException | ArithmeticException e) {
            return Optional.empty();
        }
    }
}
