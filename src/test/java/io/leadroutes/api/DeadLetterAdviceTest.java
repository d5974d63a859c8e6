package io.leadroutes.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import io.leadroutes.lead.DeadLetters.Letter;
import io.leadroutes.lead.DeadLetters.Stage;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What a dead letter says about what to do. */
class DeadLetterAdviceTest {

    private static final ObjectMapper JSON = new ObjectMapper().registerModules(new Jdk8Module(), new JavaTimeModule());

    private static JsonNode shown(Stage stage, String failureClass, String message) {
        return JSON.valueToTree(DeadLetterResource.Advised.of(new Letter(7, "zi-7", "RESPONSE", Optional.empty(), "route",
                stage, failureClass, Optional.of(400), message, 1, Map.of("email", "…"), Instant.EPOCH, Instant.EPOCH, "OPEN",
                Optional.empty(), "cause", 0)));
    }

    @Test
    void aMessageOfZoomInfosTableBringsItsActionBesideTheLettersOwnFields() {
        JsonNode letter = shown(Stage.ENRICH, "INVALID_REQUEST", "There are invalid fields in your request.");

        assertThat(letter.path("requestId").asText()).isEqualTo("zi-7");
        assertThat(letter.path("replayable").asText()).isEqualTo("false");
        assertThat(letter.path("message").asText()).startsWith("There are invalid fields");
        assertThat(letter.path("action").asText()).contains("zoominfo-lookup-inputfields-action");
    }

    @Test
    void anUnknownMessageOfZoomInfoBringsTheActionOfItsClass() {
        assertThat(shown(Stage.ENRICH, "PROTOCOL", "The answer is not a JSON object or array").path("action").asText())
                .contains("X-Request-Id");
    }

    @Test
    void whatFailedInAnotherSystemBringsNone() {
        assertThat(shown(Stage.WRITE_BACK, "INVALID_REQUEST", "FIELD_CUSTOM_VALIDATION_EXCEPTION").path("action").isNull())
                .isTrue();
        assertThat(shown(Stage.ENRICH, "INTERNAL", "null pointer").path("action").isNull()).isTrue();
    }
}
