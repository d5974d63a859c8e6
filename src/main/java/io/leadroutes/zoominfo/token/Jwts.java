package io.leadroutes.zoominfo.token;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.Signature;
import java.security.interfaces.RSAPrivateKey;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

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

    /** The moment of expiry, if the token is a JWT that says it. */
    static Optional<Instant> expiry(ObjectMapper json, String token) {
        String[] parts = token.split("\\.");
        if (parts.length < 2) {
            return Optional.empty();
        }
        try {
            JsonNode exp = json.readTree(Base64.getUrlDecoder().decode(parts[1])).path("exp");
            return exp.isNumber() ? Optional.of(Instant.ofEpochSecond(exp.asLong())) : Optional.empty();
        } catch (IOException | IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
