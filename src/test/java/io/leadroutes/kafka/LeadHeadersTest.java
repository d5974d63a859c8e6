package io.leadroutes.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LeadHeadersTest {

    @Test
    void noHeaderButTheRequestIdPassesInWhateverCaseItIsWritten() {
        LeadHeaders headers = new LeadHeaders();
        Random random = new Random(11);
        for (String name : List.of("CamelHttpUri", "CamelFileName", "CamelBeanMethodName", "CamelKafkaTopic",
                "CamelKafkaManualCommit", "CamelSqlQuery", "kafka.OVERRIDE_TOPIC", "kafka.OFFSET", "org.apache.camel.any",
                "Authorization", "Idempotency-Key", "X-Request-Id2", "\u0130")) {
            for (int i = 0; i < 50; i++) {
                String variant = anyCase(name, random);
                assertThat(headers.applyFilterToExternalHeaders(variant, "x", null)).as(variant).isTrue();
                assertThat(headers.applyFilterToCamelHeaders(variant, "x", null)).as(variant).isTrue();
            }
        }
        for (int i = 0; i < 50; i++) {
            String variant = anyCase("X-Request-Id", random);
            assertThat(headers.applyFilterToExternalHeaders(variant, "x", null)).as(variant).isFalse();
        }
    }

    private static String anyCase(String name, Random random) {
        StringBuilder text = new StringBuilder();
        name.chars().forEach(c -> text.append((char) (random.nextBoolean() ? Character.toUpperCase(c)
                : Character.toLowerCase(c))));
        return text.toString();
    }
}
