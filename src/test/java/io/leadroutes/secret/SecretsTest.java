package io.leadroutes.secret;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SecretsTest {

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
    void aKeyIsReadHoweverItsLinesWereMangled() {
        String bare = pem.replaceAll("-----[A-Z ]+-----", "");
        for (String variant : List.of(pem, pem.replace("\n", ""), pem.replace("\n", " "), pem.replace("\n", "\\n"),
                pem.replace("\n", "\r\n"), pem.replace("\n", "\\r\\n"), bare, bare.replace("\n", ""),
                "\"" + pem.replace("\n", "\\n") + "\"")) {
            assertThat(PrivateKeys.read("some.private-key", variant)).isEqualTo(pair.getPrivate());
        }
    }

    @Test
    void akeyOfAnotherKindIsRefusedWithTheRemedyAndWithoutItsText() {
        assertThatThrownBy(() -> PrivateKeys.read("some.private-key", pem.replace("PRIVATE", "RSA PRIVATE")))
                .hasMessageContaining("PKCS#1").hasMessageContaining("openssl pkcs8");
        assertThatThrownBy(() -> PrivateKeys.read("some.private-key", pem.replace("PRIVATE", "ENCRYPTED PRIVATE")))
                .hasMessageContaining("encrypted").hasMessageContaining("openssl pkcs8");
        assertThatThrownBy(() -> PrivateKeys.read("some.private-key", pem.replace("PRIVATE", "PUBLIC"))).hasMessageContaining("public key");
        String cut = pem.substring(0, 500);
        assertThatThrownBy(() -> PrivateKeys.read("some.private-key", cut)).isInstanceOf(IllegalArgumentException.class)
                .satisfies(e -> assertThat(e.getMessage()).doesNotContain(pem.substring(100, 140)));
        assertThatThrownBy(() -> PrivateKeys.read("some.private-key", "not a key!")).hasMessageContaining("base64");
    }

    @Test
    void aSecretIsItsValueOrTheContentOfItsFileAndABlankOneIsNone(@TempDir Path folder) throws Exception {
        Path file = Files.writeString(folder.resolve("secret"), " s3cret\n");
        assertThat(Secrets.read("a.key", Optional.of("value"), Optional.of(file.toString()))).contains("value");
        assertThat(Secrets.read("a.key", Optional.of(" "), Optional.of(file.toString()))).contains("s3cret");
        assertThat(Secrets.read("a.key", Optional.empty(), Optional.of(" "))).isEmpty();
        assertThatThrownBy(() -> Secrets.read("a.key", Optional.empty(), Optional.of(folder.resolve("none").toString())))
                .hasMessageContaining("a.key-file cannot be read");
    }
}
