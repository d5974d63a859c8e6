package io.leadroutes.process;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.leadroutes.TestDatabase;
import io.leadroutes.process.PackagedProcess.Ended;
import io.leadroutes.process.PackagedProcess.SandboxPorts;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What the packaged application says and does when it starts: well configured, badly, and with its systems down. */
class StartIT {

    private static final Path DIRECTORY = Path.of("target", "it", "start").toAbsolutePath();
    private static final List<String> API = List.of("/api/leads", "/api/leads/6a3c2f0e-0000-4000-8000-000000000000",
            "/api/dead-letters", "/api/pools", "/api/usage");

    @BeforeAll
    static void prepare() throws IOException {
        Installation.copyFiles(DIRECTORY);
    }

    @Test
    void withoutCredentialsItEndsAndNamesEachMissingKeyAndNothingElse() throws IOException {
        Ended ended = run("no-credentials", Map.of());
        assertThat(ended.exitCode()).isNotZero();
        assertThat(ended.output()).doesNotContain("Exception").doesNotContain("\tat ");
        assertThat(missing(ended)).containsExactly("zoominfo.username", "zoominfo.password", "salesforce.client-id",
                "salesforce.client-secret");
    }

    @Test
    void withSomeCredentialsOnlyThoseThatAreMissingAreNamed() throws IOException {
        assertThat(missing(run("zoominfo-only", Map.of("zoominfo.username", "u", "zoominfo.password", "p"))))
                .containsExactly("salesforce.client-id", "salesforce.client-secret");
        assertThat(missing(run("key-without-id", Map.of("zoominfo.username", "u", "zoominfo.private-key", "k",
                "salesforce.client-id", "c", "salesforce.client-secret", "s", "salesforce.username", "u"))))
                .containsExactly("zoominfo.client-id", "salesforce.password");
    }

    @Test
    void inProductionTheApiIsClosedWithoutAPasswordAndOpenToTheOneThatKnowsIt() throws IOException {
        SandboxPorts ports = SandboxPorts.free();
        Map<String, String> without = production(ports);
        Map<String, String> with = production(ports);
        with.put("api.password", "correct-horse");
        try (PackagedProcess sandbox = PackagedProcess.sandbox(ports, DIRECTORY.resolve("sandbox.log"));
                PackagedProcess closed = alive("closed", without);
                PackagedProcess open = alive("open", with)) {
            sandbox.startWithoutWaiting();
            closed.startWithoutWaiting();
            open.startWithoutWaiting();
            sandbox.awaitReady();
            closed.awaitReady();
            int port = port(without);
            for (String path : API) {
                assertThat(status("GET", port, path, "")).as(path).isEqualTo(401);
                assertThat(status("GET", port, path, "leadroutes:")).as(path).isEqualTo(401);
                assertThat(status("GET", port, path, "leadroutes:guess")).as(path).isEqualTo(401);
            }
            assertThat(status("POST", port, "/api/leads", "")).isEqualTo(401);
            assertThat(status("POST", port, "/api/leads/", "")).isEqualTo(401);
            assertThat(status("POST", port, "/api/dead-letters/replay", "")).isEqualTo(401);
            assertThat(status("POST", port, "/api/dead-letters/x/discard", "")).isEqualTo(401);
            closed.kill();

            open.awaitReady();
            port = port(with);
            for (String path : API) {
                assertThat(status("GET", port, path, "")).as(path).isEqualTo(401);
                assertThat(status("GET", port, path, "leadroutes:wrong")).as(path).isEqualTo(401);
                assertThat(status("GET", port, path, "other:correct-horse")).as(path).isEqualTo(401);
                assertThat(status("GET", port, path, "leadroutes:correct-horse")).as(path)
                        .isEqualTo(path.endsWith("000000") ? 404 : 200);
            }
            assertThat(status("POST", port, "/api/leads", "leadroutes:wrong")).isEqualTo(401);
            assertThat(status("POST", port, "/api/leads", "leadroutes:correct-horse")).isEqualTo(202);
        }
        assertThat(Files.readString(log("open"))).doesNotContain("correct-horse").doesNotContain("sandbox-password")
                .doesNotContain("sandbox-consumer-secret").doesNotContain("Bearer ");
    }

    @Test
    void inProductionNoCredentialsGoOverAConnectionThatAnybodyCanRead() throws IOException {
        Map<String, String> keys = production(SandboxPorts.free());
        keys.put("zoominfo.base-url", "http://api.zoominfo.example");
        Ended ended = run("http", keys);
        assertThat(ended.exitCode()).isNotZero();
        assertThat(ended.output()).contains("zoominfo.base-url must be https");
        assertThat(traces(ended)).isEmpty();
    }

    @Test
    void theSandboxAloneNeedsNoDatabaseAndHandsOutItsCredentials() throws IOException {
        Path alone = Path.of("target", "it", "sandbox-alone").toAbsolutePath();
        Installation.copyFiles(alone);
        SandboxPorts ports = SandboxPorts.free();
        try (PackagedProcess sandbox = PackagedProcess.sandbox(ports, alone.resolve("sandbox.log")).in(alone).start()) {
            JsonNode zoominfo = PackagedProcess.json(ports.zoominfoUrl() + "/_sandbox/credentials");
            assertThat(zoominfo.path("username").asText()).isNotBlank();
            assertThat(zoominfo.path("privateKey").asText()).contains("BEGIN PRIVATE KEY");
            JsonNode salesforce = PackagedProcess.json(ports.salesforceUrl() + "/_sandbox/credentials");
            assertThat(salesforce.path("username").asText()).isEqualTo("integration@leadroutes.example");
            assertThat(sandbox.handle().descendants()).as("no PostgreSQL beside it").isEmpty();
            assertThat(alone.resolve("data")).doesNotExist();
        }
    }

    @Test
    void aBrokenRouteFileEndsTheStartWithFileLineAndColumn() throws IOException {
        Path broken = Path.of("target", "it", "broken-route").toAbsolutePath();
        Installation.copyFiles(broken);
        Path file = broken.resolve("routes/pipeline/lead-assign.camel.yaml");
        Files.writeString(file, Files.readString(file).replace("        - split:", "        - splitt:"));
        Ended ended = refused(broken);
        assertThat(ended.output()).containsPattern("lead-assign\\.camel\\.yaml:\\d+:\\d+").contains("splitt")
                .contains("split");
    }

    @Test
    void anInvalidRuleFileEndsTheStartWithFileLineAndColumn() throws IOException {
        Path broken = Path.of("target", "it", "broken-rules").toAbsolutePath();
        Installation.copyFiles(broken);
        Path file = broken.resolve("rules/scoring.yaml");
        Files.writeString(file, Files.readString(file).replace("columns: [lead.title]", "columns: [lead.titel]"));
        Ended ended = refused(broken);
        assertThat(ended.output()).containsPattern("scoring\\.yaml:\\d+:\\d+").contains("lead.titel")
                .contains("lead.title");
    }

    @Test
    void withZoomInfoAndSalesforceDownItStartsTakesLeadsAndGoesOnByItselfWhenTheyAreBack() throws IOException {
        try (Installation installation = new Installation("systems-down", Map.of("zoominfo.pause.outage", "2s",
                "zoominfo.retry.delay", "50", "salesforce.stream.retry-max", "PT1S"))) {
            installation.application.startWithoutWaiting();
            Awaitility.await("alive").atMost(Duration.ofSeconds(60)).ignoreExceptions()
                    .until(() -> installation.health("live").path("status").asText().equals("UP"));
            Awaitility.await("not ready").atMost(Duration.ofSeconds(30)).until(() -> down(installation)
                    .contains("salesforce-stream"));
            List<String> leads = installation.post(Installation.leads(3));
            installation.awaitLog("parked");
            assertThat(installation.health("live").path("status").asText()).isEqualTo("UP");
            for (String lead : leads) {
                assertThat(installation.story(lead).path("state").asText()).isIn("RECEIVED", "ENRICHING", "PARKED");
            }
            installation.sandbox.start();
            installation.application.awaitReady();
            assertThat(down(installation)).isEmpty();
            installation.await(leads, "DONE");
            assertThat(installation.deadLetters("")).isEmpty();
        }
    }

    private static List<String> down(Installation installation) throws IOException {
        return installation.health("ready").path("checks").findParents("status").stream()
                .filter(check -> check.path("status").asText().equals("DOWN")).map(check -> check.path("name").asText())
                .toList();
    }

    private static Ended refused(Path directory) throws IOException {
        Map<String, String> keys = production(SandboxPorts.free());
        Ended ended = PackagedProcess.bare(keys, directory.resolve("application.log"), "").in(directory).runToEnd();
        assertThat(ended.exitCode()).as(ended.output()).isNotZero();
        assertThat(traces(ended)).isEmpty();
        return ended;
    }

    /** Lines with a stack trace, plain or as JSON. */
    private static List<String> traces(Ended ended) {
        return ended.output().lines().filter(line -> line.startsWith("\tat ") || line.contains("\"frames\":"))
                .toList();
    }

    private static Ended run(String name, Map<String, String> keys) throws IOException {
        return PackagedProcess.bare(keys, log(name), "").in(DIRECTORY).runToEnd();
    }

    /** The keys that the output lists, one a line, without what else would do. */
    private static List<String> missing(Ended ended) {
        return ended.output().lines().filter(line -> line.startsWith("  ")).map(line -> line.strip().split(" ")[0])
                .toList();
    }

    private static Map<String, String> production(SandboxPorts ports) {
        Map<String, String> keys = new HashMap<>();
        keys.put("zoominfo.base-url", ports.zoominfoUrl().replace("http:", "https:"));
        keys.put("zoominfo.username", "sandbox@leadroutes.example");
        keys.put("zoominfo.password", "sandbox-password");
        keys.put("salesforce.login-url", ports.salesforceUrl());
        keys.put("salesforce.client-id", "sandbox-consumer-key");
        keys.put("salesforce.client-secret", "sandbox-consumer-secret");
        keys.put("salesforce.username", "integration@leadroutes.example");
        keys.put("salesforce.password", "sandbox-password");
        keys.put("salesforce.pubsub.host", "localhost");
        keys.put("salesforce.pubsub.port", "" + ports.pubsub());
        keys.put("salesforce.pubsub.plaintext", "true");
        keys.put("database.url", TestDatabase.freshUrl());
        List<Integer> own = PackagedProcess.freePorts(2);
        keys.put("quarkus.http.port", "" + own.get(0));
        keys.put("quarkus.management.port", "" + own.get(1));
        keys.put("quarkus.shutdown.delay", "0S");
        return keys;
    }

    /** A process that is waited for until it is alive. */
    private static PackagedProcess alive(String name, Map<String, String> keys) {
        return PackagedProcess.bare(keys, log(name),
                "http://localhost:" + keys.get("quarkus.management.port") + "/observe/health/live").in(DIRECTORY);
    }

    private static int port(Map<String, String> keys) {
        return Integer.parseInt(keys.get("quarkus.http.port"));
    }

    private static int status(String method, int port, String path, String user) throws IOException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://localhost:" + port + path));
        if (!user.isEmpty()) {
            request.header("Authorization",
                    "Basic " + Base64.getEncoder().encodeToString(user.getBytes(StandardCharsets.UTF_8)));
        }
        if (method.equals("POST")) {
            request.header("Content-Type", "application/json").POST(BodyPublishers.ofString("""
                    {"source": "webform", "recordId": "1", "email": "jane.doe@example.com"}"""));
        }
        return PackagedProcess.send(request).statusCode();
    }

    private static Path log(String name) {
        return DIRECTORY.resolve(name + ".log");
    }
}
