package io.leadroutes.zoominfo;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class KameletDefaultsTest {

    @Test
    void theContactKameletAsksForWhatTheProductNeeds() throws Exception {
        String kamelet = Files.readString(Path.of("routes/kamelets/zoominfo-enrich-contact-action.kamelet.yaml"));
        assertThat(kamelet).contains("default: \"" + String.join(",", ContactMatcher.OUTPUT_FIELDS) + "\"");
    }
}
