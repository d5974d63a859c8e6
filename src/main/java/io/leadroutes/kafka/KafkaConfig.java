package io.leadroutes.kafka;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.Optional;

/** The keys {@code kafka.*}; each secret can also be given as the path of a file in {@code …-file}. */
@ConfigMapping(prefix = "kafka")
public interface KafkaConfig {

    /** {@code host:port} of some brokers, separated by commas. Without it nothing of Kafka runs. */
    Optional<String> brokers();

    Intake intake();

    Decisions decisions();

    /** {@code PLAINTEXT}, {@code SSL}, {@code SASL_PLAINTEXT} or {@code SASL_SSL}. */
    @WithDefault("PLAINTEXT")
    String securityProtocol();

    /** {@code PLAIN}, {@code SCRAM-SHA-256}, {@code SCRAM-SHA-512}, {@code OAUTHBEARER} or {@code GSSAPI}. */
    Optional<String> saslMechanism();

    /** Kafka's {@code sasl.jaas.config}, which holds the password. */
    Optional<String> saslJaasConfig();

    Optional<String> saslJaasConfigFile();

    /** File with the certificates that are trusted: PEM, JKS or PKCS#12 by its ending. */
    Optional<String> sslTruststore();

    Optional<String> sslTruststorePassword();

    Optional<String> sslTruststorePasswordFile();

    /** File with our own key and certificate. */
    Optional<String> sslKeystore();

    Optional<String> sslKeystorePassword();

    Optional<String> sslKeystorePasswordFile();

    Optional<String> sslKeyPassword();

    Optional<String> sslKeyPasswordFile();

    /** Properties file with further keys of the Kafka clients, in Kafka's own words; it beats the keys above. */
    Optional<String> clientPropertiesFile();

    /** Leads from a topic. */
    interface Intake {
        /** Without it no leads are taken from Kafka. */
        Optional<String> topic();

        /** Consumer group that all replicas share. */
        @WithDefault("leadroutes")
        String group();

        /** Most messages that are stored in one transaction. */
        @WithDefault("500")
        int batch();

        /** Consumers in one process. */
        @WithDefault("1")
        int consumers();
    }

    /** Decisions to a topic. */
    interface Decisions {
        /** Without it no decisions are published. */
        Optional<String> topic();

        /** How long it is kept that a decision was published. */
        @WithDefault("P7D")
        Duration keep();
    }
}
