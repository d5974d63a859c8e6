package io.leadroutes.crm.salesforce;

import io.leadroutes.crm.salesforce.SalesforceConfig.AuthType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyFactory;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The credentials as configured, secrets read from their files, and checked for completeness.
 *
 * @param privateKey the key of the JWT bearer flow; empty for the other flows
 */
record SalesforceCredentials(AuthType type, String loginUrl, String clientId, Optional<String> clientSecret,
        Optional<String> username, Optional<String> password, Optional<PrivateKey> privateKey) {

    private static final Pattern PEM_ARMOUR = Pattern.compile("-----(BEGIN|END) [A-Z ]+-----");

    /**
     * @throws IllegalStateException naming every key that is missing, or what is wrong with the private key
     */
    static SalesforceCredentials of(SalesforceConfig config) {
        Optional<String> key = secret("salesforce.private-key", config.privateKey(), config.privateKeyFile());
        Optional<String> clientId = secret("salesforce.client-id", config.clientId(), config.clientIdFile());
        Optional<String> clientSecret =
                secret("salesforce.client-secret", config.clientSecret(), config.clientSecretFile());
        Optional<String> username = secret("salesforce.username", config.username(), config.usernameFile());
        Optional<String> password = secret("salesforce.password", config.password(), config.passwordFile());
        AuthType type = config.authType().orElse(key.isPresent() ? AuthType.JWT
                : password.isEmpty() && username.isEmpty() && clientSecret.isPresent() ? AuthType.CLIENT_CREDENTIALS
                : AuthType.USERNAME_PASSWORD);
        List<String> missing = new ArrayList<>();
        need(missing, "salesforce.login-url", config.loginUrl());
        need(missing, "salesforce.client-id", clientId);
        if (type != AuthType.JWT) {
            need(missing, "salesforce.client-secret", clientSecret);
        }
        if (type != AuthType.CLIENT_CREDENTIALS) {
            need(missing, "salesforce.username", username);
        }
        if (type == AuthType.USERNAME_PASSWORD) {
            need(missing, "salesforce.password (or salesforce.private-key)", password);
        }
        if (type == AuthType.JWT) {
            need(missing, "salesforce.private-key", key);
        }
        if (!missing.isEmpty()) {
            throw new IllegalStateException("Salesforce (" + type + ") is not configured, missing: "
                    + String.join(", ", missing));
        }
        return new SalesforceCredentials(type, config.loginUrl().orElseThrow(), clientId.orElseThrow(), clientSecret,
                username, password, type == AuthType.JWT ? key.map(SalesforceCredentials::rsaKey) : Optional.empty());
    }

    private static void need(List<String> missing, String key, Optional<String> value) {
        if (value.filter(text -> !text.isBlank()).isEmpty()) {
            missing.add(key);
        }
    }

    private static Optional<String> secret(String key, Optional<String> value, Optional<String> file) {
        if (file.filter(path -> !path.isBlank()).isEmpty()) {
            return value;
        }
        try {
            return Optional.of(Files.readString(Path.of(file.get())).strip());
        } catch (IOException e) {
            throw new IllegalStateException(key + "-file cannot be read: " + file.get(), e);
        }
    }

    /** Reads PEM also where an environment variable or a form has eaten its line breaks. */
    static PrivateKey rsaKey(String pem) {
        String body = PEM_ARMOUR.matcher(pem.replace("\\n", "\n")).replaceAll("").replaceAll("\\s", "");
        try {
            return KeyFactory.getInstance("RSA").generatePrivate(
                    new PKCS8EncodedKeySpec(Base64.getDecoder().decode(body)));
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            throw new IllegalStateException("salesforce.private-key is not an RSA key in PKCS#8 PEM"
                    + (pem.contains("BEGIN RSA PRIVATE KEY")
                            ? "; convert it with: openssl pkcs8 -topk8 -nocrypt -in key.pem" : ""));
        }
    }

    @Override
    public String toString() {
        return "SalesforceCredentials[" + type + ", " + loginUrl + "]";
    }
}
