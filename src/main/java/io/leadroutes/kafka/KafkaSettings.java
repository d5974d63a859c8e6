package io.leadroutes.kafka;

import io.leadroutes.secret.Secrets;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;

/**
 * How the brokers are reached: the properties that all clients share. They never become part of an endpoint, whose
 * address may be shown.
 *
 * @param client keys and values in Kafka's own words
 */
record KafkaSettings(Map<String, String> client) {

    private static final List<String> PROTOCOLS = List.of("PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL");

    /**
     * @return empty when no brokers are configured
     * @throws IllegalArgumentException naming the key that is wrong or missing
     */
    static Optional<KafkaSettings> of(KafkaConfig config) {
        Optional<String> brokers = given(config.brokers());
        Optional<String> intake = given(config.intake().topic());
        Optional<String> decisions = given(config.decisions().topic());
        if (brokers.isEmpty()) {
            intake.or(() -> decisions).ifPresent(topic -> refuse("the topic " + topic
                    + " needs kafka.brokers (host:port of some brokers)"));
            return Optional.empty();
        }
        if (intake.isEmpty() && decisions.isEmpty()) {
            refuse("kafka.brokers is given, but neither kafka.intake.topic (leads come in) nor kafka.decisions.topic"
                    + " (decisions go out)");
        }
        if (config.intake().batch() < 1 || config.intake().batch() > 10_000 || config.intake().consumers() < 1) {
            refuse("kafka.intake.batch must be 1 to 10000, kafka.intake.consumers at least 1");
        }
        Map<String, String> client = new LinkedHashMap<>();
        client.put("bootstrap.servers", brokers.get());
        String protocol = config.securityProtocol().strip().toUpperCase(Locale.ROOT);
        if (!PROTOCOLS.contains(protocol)) {
            refuse("kafka.security-protocol must be one of " + PROTOCOLS + ", not " + config.securityProtocol());
        }
        client.put("security.protocol", protocol);
        put(client, "sasl.mechanism", config.saslMechanism());
        put(client, "sasl.jaas.config", Secrets.read("kafka.sasl-jaas-config", config.saslJaasConfig(),
                config.saslJaasConfigFile()));
        store(client, "ssl.truststore", config.sslTruststore(), Secrets.read("kafka.ssl-truststore-password",
                config.sslTruststorePassword(), config.sslTruststorePasswordFile()));
        store(client, "ssl.keystore", config.sslKeystore(), Secrets.read("kafka.ssl-keystore-password",
                config.sslKeystorePassword(), config.sslKeystorePasswordFile()));
        put(client, "ssl.key.password", Secrets.read("kafka.ssl-key-password", config.sslKeyPassword(),
                config.sslKeyPasswordFile()));
        given(config.clientPropertiesFile()).ifPresent(file -> client.putAll(properties(file)));
        if (protocol.startsWith("SASL") && !client.containsKey("sasl.mechanism")) {
            refuse("kafka.security-protocol " + protocol + " needs kafka.sasl-mechanism");
        }
        return Optional.of(new KafkaSettings(Map.copyOf(client)));
    }

    private static void store(Map<String, String> client, String prefix, Optional<String> file,
            Optional<String> password) {
        given(file).ifPresent(path -> {
            client.put(prefix + ".location", path);
            String name = path.toLowerCase(Locale.ROOT);
            client.put(prefix + ".type", name.endsWith(".pem") ? "PEM"
                    : name.endsWith(".p12") || name.endsWith(".pfx") ? "PKCS12" : "JKS");
        });
        put(client, prefix + ".password", password);
    }

    private static void put(Map<String, String> client, String key, Optional<String> value) {
        given(value).ifPresent(text -> client.put(key, text));
    }

    private static Map<String, String> properties(String file) {
        Properties read = new Properties();
        try (Reader reader = Files.newBufferedReader(Path.of(file.strip()))) {
            read.load(reader);
        } catch (IOException | InvalidPathException e) {
            refuse("kafka.client-properties-file cannot be read: " + file + " (" + e.getClass().getSimpleName() + ")");
        }
        Map<String, String> found = new LinkedHashMap<>();
        read.stringPropertyNames().forEach(key -> found.put(key, read.getProperty(key)));
        return found;
    }

    private static Optional<String> given(Optional<String> value) {
        return value.map(String::strip).filter(text -> !text.isEmpty());
    }

    private static void refuse(String problem) {
        throw new IllegalArgumentException(problem);
    }

    /** Without the values, some of which are secrets. */
    @Override
    public String toString() {
        return "KafkaSettings" + client.keySet();
    }
}
