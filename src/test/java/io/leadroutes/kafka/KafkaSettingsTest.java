package io.leadroutes.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.smallrye.config.EnvConfigSource;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KafkaSettingsTest {

    @TempDir
    Path directory;

    private static Optional<KafkaSettings> settings(Map<String, String> keys) {
        return settings(keys, Map.of());
    }

    private static Optional<KafkaSettings> settings(Map<String, String> keys, Map<String, String> environment) {
        return KafkaSettings.of(new SmallRyeConfigBuilder().withMapping(KafkaConfig.class)
                .withSources(new PropertiesConfigSource(keys, "keys", 100), new EnvConfigSource(environment, 300)).build()
                .getConfigMapping(KafkaConfig.class));
    }

    private static Map<String, String> with(String... more) {
        Map<String, String> keys = new HashMap<>(Map.of("kafka.brokers", "k1:9092", "kafka.intake.topic", "leads"));
        for (int i = 0; i < more.length; i += 2) {
            keys.put(more[i], more[i + 1]);
        }
        return keys;
    }

    @Test
    void withoutBrokersThereIsNothing() {
        assertThat(settings(Map.of())).isEmpty();
        assertThatThrownBy(() -> settings(Map.of("kafka.decisions.topic", "d"))).hasMessageContaining("kafka.brokers");
        assertThatThrownBy(() -> settings(Map.of("kafka.brokers", "k1:9092")))
                .hasMessageContaining("kafka.intake.topic").hasMessageContaining("kafka.decisions.topic");
    }

    @Test
    void variablesThatKubernetesMakesOfAServiceNamedKafkaDoNoHarm() {
        assertThat(settings(Map.of(), Map.of("KAFKA_PORT", "tcp://10.0.0.1:9092", "KAFKA_SERVICE_HOST", "10.0.0.1",
                "KAFKA_PORT_9092_TCP_ADDR", "10.0.0.1"))).isEmpty();
        assertThat(settings(Map.of(), Map.of("KAFKA_BROKERS", "k1:9092", "KAFKA_INTAKE_TOPIC", "leads"))).isPresent();
    }

    @Test
    void secretsComeFromFilesAndAreNotShown() throws IOException {
        Path jaas = Files.writeString(directory.resolve("jaas"), "Module required password=\"s3cret\";\n");
        Path password = Files.writeString(directory.resolve("password"), "st0re\n");
        Path more = Files.writeString(directory.resolve("client.properties"), "fetch.max.bytes=1000\nsecurity.protocol=SSL\n");
        KafkaSettings made = settings(with("kafka.security-protocol", "sasl_ssl", "kafka.sasl-mechanism", "PLAIN",
                "kafka.sasl-jaas-config-file", jaas.toString(), "kafka.ssl-truststore", "/etc/trust.p12",
                "kafka.ssl-truststore-password-file", password.toString())).orElseThrow();
        assertThat(made.client()).containsEntry("security.protocol", "SASL_SSL")
                .containsEntry("sasl.jaas.config", "Module required password=\"s3cret\";")
                .containsEntry("ssl.truststore.type", "PKCS12").containsEntry("ssl.truststore.password", "st0re");
        assertThat(made.toString()).doesNotContain("s3cret", "st0re");
        assertThat(settings(with("kafka.client-properties-file", more.toString())).orElseThrow().client())
                .containsEntry("fetch.max.bytes", "1000").containsEntry("security.protocol", "SSL");
    }

    @Test
    void whatMakesNoSenseIsRefusedByName() {
        assertThatThrownBy(() -> settings(with("kafka.security-protocol", "TLS"))).hasMessageContaining("SASL_SSL");
        assertThatThrownBy(() -> settings(with("kafka.security-protocol", "SASL_SSL")))
                .hasMessageContaining("kafka.sasl-mechanism");
        assertThatThrownBy(() -> settings(with("kafka.intake.batch", "0"))).hasMessageContaining("kafka.intake.batch");
        assertThatThrownBy(() -> settings(with("kafka.client-properties-file", "/nowhere")))
                .hasMessageContaining("kafka.client-properties-file");
        assertThatThrownBy(() -> settings(with("kafka.sasl-jaas-config-file", "/nowhere")))
                .hasMessageContaining("kafka.sasl-jaas-config-file");
    }
}
