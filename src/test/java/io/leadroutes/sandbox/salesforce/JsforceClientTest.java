package io.leadroutes.sandbox.salesforce;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The stand-in is right if a client that others wrote can use it. */
class JsforceClientTest {

    private static final Path NPM = Path.of("target", "npm", "jsforce");

    @Test
    void jsforceLogsInCreatesQueriesUpsertsAndUpdatesCollections() throws Exception {
        Files.createDirectories(NPM);
        boolean installed = Files.exists(NPM.resolve("node_modules/jsforce/package.json"))
                || run(NPM.resolve("install.log"), "npm", "install", "--no-audit", "--no-fund", "--prefix", ".",
                        "jsforce@3") == 0;
        assumeTrue(installed, "npm or its registry cannot be reached");
        Path script = NPM.resolve("jsforce.cjs");
        Files.copy(Path.of("src/test/resources/sandbox/jsforce.cjs"), script,
                java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        try (TestOrganisation organisation = new TestOrganisation()) {
            Path log = NPM.resolve("jsforce.log");
            int exit = run(log, "node", "jsforce.cjs", organisation.base, SalesforceSandbox.USERNAME,
                    SalesforceSandbox.PASSWORD);
            String output = Files.readString(log);
            assertThat(exit).as(output).isZero();
            JsonNode seen = TestOrganisation.JSON.readTree(output.substring(output.indexOf("{\"login\"")));
            assertThat(seen.path("login").path("organizationId").asText()).isEqualTo(SalesforceSandbox.ORGANISATION);
            assertThat(seen.path("created").path("success").asBoolean()).isTrue();
            assertThat(seen.path("found").path("records").path(0).path("Owner").path("Name").asText())
                    .isEqualTo("LeadRoutes Integration");
            assertThat(seen.path("upserted").path("created").asBoolean()).isTrue();
            assertThat(seen.path("again").path("id")).isEqualTo(seen.path("upserted").path("id"));
            assertThat(seen.path("collection").path(0).path("success").asBoolean()).isTrue();
            assertThat(seen.path("collection").path(1).path("errors").path(0).toString())
                    .contains("INVALID_EMAIL_ADDRESS");
            assertThat(seen.path("read").path("Title").asText()).isEqualTo("CEO");
            assertThat(seen.path("refused").asText()).isEqualTo("REQUIRED_FIELD_MISSING");
            assertThat(seen.path("username").asText()).isEqualTo(SalesforceSandbox.USERNAME);
        }
    }

    private static int run(Path log, String... command) throws InterruptedException {
        try {
            Process process = new ProcessBuilder(List.of(command)).directory(new File(NPM.toString()))
                    .redirectErrorStream(true).redirectOutput(log.toFile()).start();
            if (!process.waitFor(2, TimeUnit.MINUTES)) {
                process.destroyForcibly();
                return -1;
            }
            return process.exitValue();
        } catch (IOException e) {
            return -1;
        }
    }
}
