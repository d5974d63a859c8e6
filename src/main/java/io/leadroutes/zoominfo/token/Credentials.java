package io.leadroutes.zoominfo.token;

import io.leadroutes.secret.Secrets;
import io.leadroutes.zoominfo.ZoomInfoConfig;
import java.util.Optional;

/**
 * What this application logs in with. Files are read each time, so a rotated secret needs no restart.
 *
 * @param username   the account's user name
 * @param password   its password, if that is used
 * @param clientId   client id of the key pair, if one is used
 * @param privateKey the private key as PEM, if one is used
 */
public record Credentials(String username, Optional<String> password, Optional<String> clientId,
        Optional<String> privateKey) {

    /** Whether the key pair is used; it is preferred to the password. */
    public boolean byKey() {
        return privateKey.isPresent();
    }

    /**
     * @throws IllegalArgumentException naming the missing key or the file that cannot be read
     */
    static Credentials read(ZoomInfoConfig config) {
        String username = set(config.username()).orElseThrow(() -> missing("zoominfo.username"));
        Optional<String> key = Secrets.read("zoominfo.private-key", config.privateKey(), config.privateKeyFile());
        if (key.isPresent()) {
            String clientId = set(config.clientId()).orElseThrow(() -> missing("zoominfo.client-id"));
            return new Credentials(username, Optional.empty(), Optional.of(clientId), key);
        }
        Optional<String> password = Secrets.read("zoominfo.password", config.password(), config.passwordFile());
        if (password.isEmpty()) {
            throw missing("zoominfo.password, zoominfo.password-file, zoominfo.private-key "
                    + "or zoominfo.private-key-file");
        }
        return new Credentials(username, password, Optional.empty(), Optional.empty());
    }

    private static Optional<String> set(Optional<String> value) {
        return value.filter(text -> !text.isBlank());
    }

    private static IllegalArgumentException missing(String key) {
        return new IllegalArgumentException("not configured: " + key);
    }

    @Override
    public String toString() {
        return "Credentials[" + (byKey() ? "key pair" : "password") + "]";
    }
}
