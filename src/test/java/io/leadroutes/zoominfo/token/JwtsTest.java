package io.leadroutes.zoominfo.token;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.leadroutes.secret.PrivateKeys;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class JwtsTest {

    private static KeyPair pair;
    private static String pem;

    @BeforeAll
    static void key() throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(2048);
        pair = generator.generateKeyPair();
        pem = "-----BEGIN PRIVATE KEY-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(pair.getPrivate().getEncoded())
                + "\n-----END PRIVATE KEY-----\n";
    }

    @Test
    void theClientTokenCarriesTheClaimsOfTheOfficialClientsAndVerifies() throws Exception {
        Instant now = Instant.ofEpochSecond(1_700_000_000);
        ObjectMapper json = new ObjectMapper();

        String token = Jwts.clientToken(json, "user@example.com", "client", PrivateKeys.read("zoominfo.private-key", pem), now);

        String[] parts = token.split("\\.");
        Signature signature = Signature.getInstance("SHA256withRSA");
        signature.initVerify(pair.getPublic());
        signature.update((parts[0] + "." + parts[1]).getBytes());
        assertThat(signature.verify(Base64.getUrlDecoder().decode(parts[2]))).isTrue();
        JsonNode claims = json.readTree(Base64.getUrlDecoder().decode(parts[1]));
        assertThat(claims.get("aud").asText()).isEqualTo("enterprise_api");
        assertThat(claims.get("iss").asText()).isEqualTo("api-client@zoominfo.com");
        assertThat(claims.get("username").asText()).isEqualTo("user@example.com");
        assertThat(claims.get("client_id").asText()).isEqualTo("client");
        assertThat(claims.get("iat").asLong()).isEqualTo(1_700_000_000 - 60);
        assertThat(claims.get("exp").asLong()).isEqualTo(1_700_000_000 + 300);
    }

    @Test
    void aTokenLivesFromIssueToExpiryWhateverTheClockHereSaysAndNoLongerThanUntilItsExpiry() {
        Instant now = Instant.ofEpochSecond(1_700_000_000);
        String issued = "{\"iat\":1700000000,\"exp\":1700003600}";
        assertThat(life(issued, now)).contains(Duration.ofHours(1));
        assertThat(life(issued, now.minusSeconds(600))).contains(Duration.ofHours(1));
        assertThat(life(issued, now.plusSeconds(86_400))).contains(Duration.ofHours(1));
        assertThat(life(issued, now.plusSeconds(3_000))).as("issued a while ago").contains(Duration.ofMinutes(10));
        assertThat(life("{\"exp\":1700003600}", now)).contains(Duration.ofHours(1));
        assertThat(life("{\"exp\":1600000000}", now)).isEmpty();
        assertThat(life("{\"exp\":9000000000000000000}", now)).isEmpty();
        assertThat(life("{}", now)).isEmpty();
        assertThat(Jwts.life(new ObjectMapper(), "opaque", now)).isEmpty();
    }

    private static Optional<Duration> life(String claims, Instant now) {
        return Jwts.life(new ObjectMapper(),
                "h." + Base64.getUrlEncoder().withoutPadding().encodeToString(claims.getBytes()) + ".s", now);
    }
}
