package io.leadroutes.zoominfo.token;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class TokenSealTest {

    private static final Credentials PASSWORD = new Credentials("user@example.com", Optional.of("secret"),
            Optional.empty(), Optional.empty());
    private static final Credentials ROTATED = new Credentials("user@example.com", Optional.of("secret2"),
            Optional.empty(), Optional.empty());
    private static final Credentials KEY = new Credentials("user@example.com", Optional.empty(), Optional.of("client"),
            Optional.of("-----BEGIN PRIVATE KEY-----"));
    private static final String TOKEN = "head.claims.signature";

    private final TokenSeal seal = new TokenSeal("account", TokenFixture.FEW_ROUNDS);

    @Test
    void anotherReplicaWithTheSameCredentialsOpensWhatThisOneSealed() {
        TokenSeal other = new TokenSeal("account", TokenFixture.FEW_ROUNDS);
        for (Credentials credentials : new Credentials[] {PASSWORD, KEY}) {
            byte[] sealed = seal.seal(credentials, 7, TOKEN);
            assertThat(other.open(credentials, 7, sealed)).contains(TOKEN);
            assertThat(new String(sealed, StandardCharsets.ISO_8859_1)).doesNotContain("claims", "secret");
        }
        assertThat(seal.seal(PASSWORD, 7, TOKEN)).as("each seal is new").isNotEqualTo(seal.seal(PASSWORD, 7, TOKEN));
    }

    @Test
    void nothingElseOpensIt() {
        byte[] sealed = seal.seal(PASSWORD, 7, TOKEN);
        assertThat(seal.open(ROTATED, 7, sealed)).as("other credentials").isEmpty();
        assertThat(seal.open(PASSWORD, 8, sealed)).as("another version").isEmpty();
        assertThat(new TokenSeal("other", TokenFixture.FEW_ROUNDS).open(PASSWORD, 7, sealed)).as("another account")
                .isEmpty();
        sealed[sealed.length - 1] ^= 1;
        assertThat(seal.open(PASSWORD, 7, sealed)).as("tampered with").isEmpty();
        assertThat(seal.open(PASSWORD, 7, new byte[3])).isEmpty();
    }

    @Test
    void theFingerprintTellsCredentialsApart() {
        assertThat(seal.fingerprint(PASSWORD)).isEqualTo(seal.fingerprint(PASSWORD))
                .isNotEqualTo(seal.fingerprint(ROTATED));
    }
}
