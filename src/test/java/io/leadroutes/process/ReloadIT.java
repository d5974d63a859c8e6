package io.leadroutes.process;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.leadroutes.sandbox.world.Person;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Routes and rules that are edited while the packaged application runs. */
class ReloadIT {

    /** The axis weighs 35 %: 30 points give 10.5, 12 give 4.2. */
    private static final String C_LEVEL = "{id: c-level,     cells: [C-Level],     points: 30,";
    private static Installation installation;

    @BeforeAll
    static void start() throws IOException {
        installation = new Installation("reload", Map.of()).start();
    }

    @AfterAll
    static void stop() {
        installation.close();
    }

    @Test
    void aRuleThatIsChangedCountsForTheNextLeadAndOneThatIsBrokenChangesNothing() throws IOException {
        Path file = installation.directory.resolve("rules/scoring.yaml");
        String shipped = Files.readString(file);
        assertThat(shipped).contains(C_LEVEL);
        JsonNode first = decided();
        assertThat(points(first)).isEqualTo("10.5");

        Files.writeString(file, shipped.replace(C_LEVEL, C_LEVEL.replace("30", "12")));
        JsonNode second = awaitPoints("4.2");
        assertThat(version(second)).isNotEqualTo(version(first));

        Files.writeString(file, shipped.replace("columns: [lead.title]", "columns: [lead.titel]"));
        installation.awaitLog("stays in force");
        assertThat(installation.log()).containsPattern("scoring\\.yaml:\\d+:\\d+").contains("lead.titel")
                .containsPattern("(?i)did you mean '?lead\\.title|nearest|instead");
        JsonNode third = decided();
        assertThat(points(third)).isEqualTo("4.2");
        assertThat(version(third)).isEqualTo(version(second));

        Files.writeString(file, shipped);
        JsonNode fourth = awaitPoints("10.5");
        assertThat(version(fourth)).as("the version is that of the content").isEqualTo(version(first));
    }

    @Test
    void aRouteThatIsChangedIsInForceAndOneThatIsBrokenChangesNothing() throws IOException {
        Path file = installation.directory.resolve("routes/intake/http-lead-received.camel.yaml");
        String shipped = Files.readString(file);
        assertThat(status()).isEqualTo(202);

        Files.writeString(file, shipped.replace("\"202\"", "\"200\""));
        awaitStatus(200);

        Files.writeString(file, shipped.replace("- removeHeaders:", "- removeHeader5:"));
        Awaitility.await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> assertThat(installation.log())
                .containsPattern("http-lead-received\\.camel\\.yaml:\\d+:\\d+"));
        assertThat(installation.log()).contains("removeHeader5")
                .contains("Did you mean 'removeHeader");
        assertThat(status()).isEqualTo(200);

        Files.writeString(file, shipped);
        awaitStatus(202);
        assertThat(PackagedProcess.json("http://localhost:" + installation.managementPort + "/observe/health/ready")
                .path("status").asText()).isEqualTo("UP");
    }

    private static JsonNode awaitPoints(String points) {
        return Awaitility.await("a lead gets " + points).atMost(Duration.ofSeconds(30))
                .until(ReloadIT::decided, story -> points(story).equals(points));
    }

    /** The story of a new lead who is somebody at C level. */
    private static JsonNode decided() throws IOException {
        Person person = Installation.person();
        while (!person.managementLevel().equals("C-Level")) {
            person = Installation.person();
        }
        return installation.await(installation.post(person), "DONE");
    }

    private static String points(JsonNode story) {
        for (JsonNode line : story.path("score").path("lines")) {
            if (line.path("reason").asText().contains("C-level seat")) {
                return line.path("points").asText();
            }
        }
        return "none in " + story.path("score");
    }

    private static String version(JsonNode story) {
        String version = story.path("score").path("rulesVersion").asText();
        assertThat(version).isNotBlank();
        return version;
    }

    private static int status() throws IOException {
        return PackagedProcess.send("POST", installation.api("/api/leads"), Installation.JSON
                .writeValueAsString(Installation.lead(Installation.person()))).statusCode();
    }

    private static void awaitStatus(int status) {
        Awaitility.await("POST /api/leads answers " + status).atMost(Duration.ofSeconds(30))
                .until(() -> status() == status);
    }
}
