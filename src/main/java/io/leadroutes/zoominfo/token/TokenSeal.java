package io.leadroutes.zoominfo.token;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Optional;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.PBEKeySpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Seals the token for the database with AES-256-GCM under a key derived from the account's own credentials: who has the
 * database alone has no token. A seal holds for one account and one version.
 */
final class TokenSeal {

    /** A password may be guessed where it is weak, so each guess is made dear (OWASP, PBKDF2 with HMAC-SHA-512). */
    static final int ROUNDS = 210_000;

    private static final String DERIVATION = "PBKDF2WithHmacSHA512";
    private static final String CIPHER = "AES/GCM/NoPadding";
    private static final int HALF = 32;
    private static final int NONCE_BYTES = 12;
    private static final int TAG_BITS = 128;

    /** @param fingerprint tells these credentials from others without telling them */
    private record Keys(Credentials of, SecretKeySpec key, byte[] fingerprint) {
    }

    private final String account;
    private final int rounds;
    private final SecureRandom random = new SecureRandom();
    private Optional<Keys> last = Optional.empty();

    TokenSeal(String account, int rounds) {
        this.account = account;
        this.rounds = rounds;
    }

    byte[] fingerprint(Credentials credentials) {
        return keys(credentials).fingerprint().clone();
    }

    byte[] seal(Credentials credentials, long version, String token) {
        byte[] nonce = new byte[NONCE_BYTES];
        random.nextBytes(nonce);
        try {
            byte[] text = cipher(Cipher.ENCRYPT_MODE, credentials, version, nonce)
                    .doFinal(token.getBytes(StandardCharsets.UTF_8));
            return ByteBuffer.allocate(NONCE_BYTES + text.length).put(nonce).put(text).array();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("The token could not be sealed", e);
        }
    }

    /** The token; empty when it was sealed with other credentials, for another version, or was tampered with. */
    Optional<String> open(Credentials credentials, long version, byte[] sealed) {
        if (sealed.length <= NONCE_BYTES) {
            return Optional.empty();
        }
        try {
            byte[] text = cipher(Cipher.DECRYPT_MODE, credentials, version, Arrays.copyOf(sealed, NONCE_BYTES))
                    .doFinal(sealed, NONCE_BYTES, sealed.length - NONCE_BYTES);
            return Optional.of(new String(text, StandardCharsets.UTF_8));
        } catch (AEADBadTagException e) {
            return Optional.empty();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("The token could not be opened", e);
        }
    }

    private Cipher cipher(int mode, Credentials credentials, long version, byte[] nonce)
            throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance(CIPHER);
        cipher.init(mode, keys(credentials).key(), new GCMParameterSpec(TAG_BITS, nonce));
        cipher.updateAAD((account + "|" + version).getBytes(StandardCharsets.UTF_8));
        return cipher;
    }

    /** Derived once for the credentials in use; that takes a fifth of a second. */
    private synchronized Keys keys(Credentials credentials) {
        if (last.isEmpty() || !last.get().of().equals(credentials)) {
            char[] secret = credentials.privateKey().or(credentials::password).orElseThrow().toCharArray();
            byte[] salt = ("leadroutes zoominfo token " + account).getBytes(StandardCharsets.UTF_8);
            PBEKeySpec spec = new PBEKeySpec(secret, salt, rounds, 2 * HALF * Byte.SIZE);
            try {
                byte[] derived = SecretKeyFactory.getInstance(DERIVATION).generateSecret(spec).getEncoded();
                last = Optional.of(new Keys(credentials, new SecretKeySpec(derived, 0, HALF, "AES"),
                        Arrays.copyOfRange(derived, HALF, 2 * HALF)));
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException("No key could be derived from the credentials", e);
            } finally {
                spec.clearPassword();
                Arrays.fill(secret, '\0');
            }
        }
        return last.get();
    }
}
