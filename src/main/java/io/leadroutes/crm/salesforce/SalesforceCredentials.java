package io.leadroutes.crm.salesforce;

import io.leadroutes.crm.salesforce.SalesforceConfig.AuthType;
import io.leadroutes.secret.PrivateKeys;
import io.leadroutes.secret.Secrets;
import java.security.PrivateKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The credentials as configured, secrets read from their files, and checked for completeness.
 *
 * @param privateKey the key of the JWT bearer flow; empty for the other flows
 */
record SalesforceCredentials(AuthType type, String loginUrl, String clientId, Optional<String> clientSecret,
        Optional<String> username, Optional<String> password, Optional<PrivateKey> privateKey) {

    /**
     * @throws IllegalStateException    naming every key that is missing
     * @throws IllegalArgumentException if a file cannot be read, or what is wrong with the private key
     */
    static SalesforceCredentials of(SalesforceConfig config) {
        Optional<String> key = Secrets.read("salesforce.private-key", config.privateKey(), config.privateKeyFile());
        Optional<String> clientId = Secrets.read("salesforce.client-id", config.clientId(), config.clientIdFile());
        Optional<String> clientSecret =
                Secrets.read("salesforce.client-secret", config.clientSecret(), config.clientSecretFile());
        Optional<String> username = Secrets.read("salesforce.username", config.username(), config.usernameFile());
        Optional<String> password = Secrets.read("salesforce.password", config.password(), config.passwordFile());
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
                username, password, type == AuthType.JWT ? key.map(pem -> PrivateKeys.read("salesforce.private-key", pem)) : Optional.empty());
    }

    private static void need(List<String> missing, String key, Optional<String> value) {
        if (value.filter(text -> !text.isBlank()).isEmpty()) {
            missing.add(key);
        }
    }

    @Override
    public String toString() {
        return "SalesforceCredentials[" + type + ", " + loginUrl + "]";
    }
}
