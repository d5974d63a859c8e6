package io.leadroutes.sandbox.zoominfo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.leadroutes.sandbox.SandboxClient;
import io.leadroutes.sandbox.control.SandboxTime;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** ZoomInfo's own npm package against the stand-in. Skipped where Node, npm or the registry cannot be reached. */
class OfficialAuthClientTest {

    private static final Path MODULES = Path.of("target", "npm", "zoominfo").toAbsolutePath();

    @Test
    void officialNodeClientLogsInBothWaysAndItsTokensEnrich() throws Exception {
        Files.createDirectories(MODULES);
        assumeTrue(Files.isDirectory(MODULES.resolve("node_modules/zoominfo-api-auth-client"))
                || run("npm", "install", "--no-audit", "--no-fund", "--prefix", MODULES.toString(),
                        "zoominfo-api-auth-client@1.0.1").status() == 0, "npm and its registry are needed");
        try (ZoomInfoServer server = ZoomInfoServer.start("127.0.0.1", 0, StandIn.WORLD, 42, SandboxTime.system())) {
            SandboxClient client = new SandboxClient(server.port());
            // The script logs in three times in a row; the limit of one a second has tests of its own.
            client.settings("{\"limits\":{\"auth\":{\"perSecond\":0}}}");
            Output output = run("node", "src/test/resources/sandbox/official-auth-client.js", MODULES.toString(), client.base());
            assertThat(output.status()).as(output.text()).isZero();
            JsonNode result = SandboxClient.JSON.readTree(output.text());
            assertThat(result.path("basic").asText()).isEqualTo("FULL_MATCH");
            assertThat(result.path("pki").asText()).isEqualTo("FULL_MATCH");
            assertThat(result.path("wrong").asInt()).isEqualTo(401);
            assertThat(client.stats().path("tokensIssued").asInt()).isEqualTo(2);
        }
    }

    private record Output(int status, String text) {
    }

    private static Output run(String... command) throws InterruptedException {
        try {
            Path log = Files.createTempFile(MODULES, "run", ".log");
            Process process = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
            if (!process.waitFor(90, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                return new Output(-1, "no end after 90 s");
            }
            return new Output(process.exitValue(), Files.readString(log, StandardCharsets.UTF_8));
        } catch (IOException e) {
            return new Output(-1, e.toString());
        }
    }
}
