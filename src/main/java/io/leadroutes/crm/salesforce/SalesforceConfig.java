package io.leadroutes.crm.salesforce;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.Optional;

/** The keys {@code salesforce.*}; each secret can also be given as the path of a file in {@code …-file}. */
@ConfigMapping(prefix = "salesforce")
public interface SalesforceConfig {

    /** Where to log in: {@code https://login.salesforce.com}, {@code https://test.salesforce.com} or a My Domain. */
    Optional<String> loginUrl();

    /** Consumer key of the connected app. */
    Optional<String> clientId();

    Optional<String> clientIdFile();

    /** Consumer secret of the connected app. */
    Optional<String> clientSecret();

    Optional<String> clientSecretFile();

    /** The integration user. */
    Optional<String> username();

    Optional<String> usernameFile();

    /** Password of the integration user, with the security token appended where the org asks for it. */
    Optional<String> password();

    Optional<String> passwordFile();

    /** PEM (PKCS#8) of the RSA key whose certificate the connected app knows. */
    Optional<String> privateKey();

    Optional<String> privateKeyFile();

    /** How to log in; inferred when absent: a private key means JWT, a password USERNAME_PASSWORD. */
    Optional<AuthType> authType();

    /** Audience of the JWT, where it differs from the log-in address. */
    Optional<String> jwtAudience();

    @WithDefault("62.0")
    String apiVersion();

    /** Time limit of one REST call; must stay below the lease of the write-back. */
    @WithDefault("PT20S")
    Duration requestTimeout();

    PubSub pubsub();

    Stream stream();

    Reconcile reconcile();

    Limits limits();

    /** Ways to log in. */
    enum AuthType {
        JWT, CLIENT_CREDENTIALS, USERNAME_PASSWORD
    }

    /** Address of the Pub/Sub API. */
    interface PubSub {
        @WithDefault("api.pubsub.salesforce.com")
        String host();

        @WithDefault("7443")
        int port();

        /** No TLS; only in dev, test and sandbox, or to this machine itself. */
        @WithDefault("false")
        boolean plaintext();
    }

    /** Supervision of the change-event stream. */
    interface Stream {
        @WithDefault("true")
        boolean enabled();

        /** Without any answer for this long, the stream is taken for dead and opened again. */
        @WithDefault("PT2M")
        Duration maxSilence();

        /** First pause before a failed stream is opened again; doubled up to {@link #retryMax()}. */
        @WithDefault("PT1S")
        Duration retryInitial();

        @WithDefault("PT30S")
        Duration retryMax();

        /** How often lock, stream and silence are looked at. */
        @WithDefault("PT0.5S")
        Duration checkEvery();
    }

    /** Search for created leads that did not come through the stream. */
    interface Reconcile {
        /** How often without a cause; 0 for never. */
        @WithDefault("PT1H")
        Duration every();

        /**
         * How far before the end of the last search the next one begins: longer than a transaction of Salesforce can
         * last (10 minutes), because a record is stamped before it is committed, with what the clocks differ.
         */
        @WithDefault("PT15M")
        Duration overlap();

        /** Shortest time between two searches, and the pause after one that failed. */
        @WithDefault("PT1M")
        Duration pause();

        /** Records of one query, 1 to 2000. */
        @WithDefault("2000")
        int pageSize();
    }

    /** The limit of API calls in 24 hours that all clients of the org share. */
    interface Limits {
        /** Used share, 0 to 1, from which on background work leaves the rest to live leads. */
        @WithDefault("0.8")
        double backgroundStop();

        /** How old a reading may be before the limits are asked for. */
        @WithDefault("PT15M")
        Duration watch();
    }
}
