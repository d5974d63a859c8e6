package io.leadroutes.sandbox.zoominfo.account;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.leadroutes.sandbox.control.SandboxTime;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.Signature;
import java.time.Instant;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** The account's credentials, the client JWTs it signs and the access tokens it was given. For one thread. */
public final class Tokens {

    public static final String USERNAME = "sandbox@leadroutes.example";
    public static final String PASSWORD = "sandbox-password";
    public static final String CLIENT_ID = "sandbox-client";
    public static final String AUDIENCE = "enterprise_api";
    /** The Python and Java clients send the first, the Node client the second. */
    private static final Set<String> ISSUERS = Set.of("api-client@zoominfo.com", "zoominfo-api-auth-client-nodejs");
    private static final long SKEW_SECONDS = 60;

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Base64.Encoder BASE64 = Base64.getUrlEncoder().withoutPadding();

    private final SandboxTime time;
    private final byte[] secret = new byte[32];
    private final Map<String, Long> expiryByToken = new HashMap<>();
    private final CompletableFuture<KeyPair> clientKeys = makeKeys();
    private long issued;

    public Tokens(SandboxTime time) {
        this.time = time;
        new SecureRandom().nextBytes(secret);
    }

    /** The client's key pair. */
    public KeyPair clientKeys() {
        return clientKeys.join();
    }

    /** Made beside the event loop: it takes long enough to hold up every other call. */
    private static CompletableFuture<KeyPair> makeKeys() {
        CompletableFuture<KeyPair> keys = new CompletableFuture<>();
        Thread maker = new Thread(() -> {
            try {
                KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
                generator.initialize(2_048);
                keys.complete(generator.generateKeyPair());
            } catch (GeneralSecurityException e) {
                keys.completeExceptionally(e);
            }
        }, "sandbox-zoominfo-keys");
        maker.setDaemon(true);
        maker.start();
        return keys;
    }

    public static String pem(String label, byte[] der) {
        return "-----BEGIN " + label + "-----\n" + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der)
                + "\n-----END " + label + "-----\n";
    }

    /** Whether this is a client JWT of ours: signature, audience, issuer, client id, user name, and both times. */
    public boolean isGoodClientJwt(String jwt) {
        String[] parts = jwt.split("\\.");
        if (parts.length != 3) {
            return false;
        }
        try {
            JsonNode header = JSON.readTree(Base64.getUrlDecoder().decode(parts[0]));
            if (!header.path("alg").asText().equals("RS256")) {
                return false;
            }
            Signature signature = Signature.getInstance("SHA256withRSA");
            signature.initVerify(clientKeys().getPublic());
            signature.update((parts[0] + "." + parts[1]).getBytes(StandardCharsets.US_ASCII));
            if (!signature.verify(Base64.getUrlDecoder().decode(parts[2]))) {
                return false;
            }
            JsonNode claims = JSON.readTree(Base64.getUrlDecoder().decode(parts[1]));
            long now = time.now().getEpochSecond();
            return claims.path("aud").asText().equals(AUDIENCE) && ISSUERS.contains(claims.path("iss").asText())
                    && claims.path("client_id").asText().equals(CLIENT_ID)
                    && claims.path("username").asText().equals(USERNAME) && claims.path("exp").isNumber()
                    && claims.path("exp").asLong() > now && claims.path("iat").isNumber()
                    && claims.path("iat").asLong() <= now + SKEW_SECONDS;
        } catch (GeneralSecurityException | IOException | IllegalArgumentException e) {
            return false;
        }
    }

    /** A new access token, signed, with {@code iat} and {@code exp}. */
    public String issue(long lifetimeSeconds) {
        Instant now = time.now();
        expiryByToken.values().removeIf(expiry -> expiry < now.getEpochSecond());
        ObjectNode claims = JSON.createObjectNode().put("aud", AUDIENCE).put("iss", "zoominfo-sandbox").put("sub", USERNAME)
                .put("iat", now.getEpochSecond()).put("exp", now.getEpochSecond() + lifetimeSeconds).put("jti", ++issued);
        String head = encode("{\"alg\":\"HS256\",\"typ\":\"JWT\"}") + "." + encode(claims.toString());
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(secret, "HmacSHA256"));
            String token = head + "." + BASE64.encodeToString(mac.doFinal(head.getBytes(StandardCharsets.US_ASCII)));
            expiryByToken.put(token, now.getEpochSecond() + lifetimeSeconds);
            return token;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Whether an Authorization header holds a token that was issued here, is not revoked and has not expired. */
    public boolean isGoodBearer(String authorization) {
        if (!authorization.regionMatches(true, 0, "Bearer ", 0, 7)) {
            return false;
        }
        Long expiry = expiryByToken.get(authorization.substring(7).strip());
        return expiry != null && time.now().getEpochSecond() < expiry;
    }

    public void revokeAll() {
        expiryByToken.clear();
    }

    public long issued() {
        return issued;
    }

    public void reset() {
        expiryByToken.clear();
        issued = 0;
    }

    private static String encode(String text) {
        return BASE64.encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }
}
