package io.leadroutes.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/** A sandbox in its own process, and what starts the application against it. */
final class Setup implements AutoCloseable {

    private static final Duration READY = Duration.ofSeconds(120);
    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpClient http = HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();
    private final Path directory;
    private final int application = Child.freePort();
    private final int management = Child.freePort();
    private final int zoominfo = Child.freePort();
    private final int salesforce = Child.freePort();
    private final int pubsub = Child.freePort();
    private final Child sandbox;

    Setup() throws IOException, InterruptedException {
        directory = Files.createTempDirectory("leadroutes-bench");
        sandbox = Child.start(directory.resolve("sandbox.log"), sandboxPorts(), "sandbox");
        await(sandbox, zoominfoUrl() + "/_sandbox/stats");
    }

    private Map<String, String> sandboxPorts() {
        return new HashMap<>(Map.of("sandbox.zoominfo.port", "" + zoominfo, "sandbox.salesforce.port", "" + salesforce,
                "sandbox.salesforce.pubsub-port", "" + pubsub, "sandbox.sample-leads", "false"));
    }

    String zoominfoUrl() {
        return "http://localhost:" + zoominfo;
    }

    String url() {
        return "http://localhost:" + application;
    }

    /** Starts the application in a profile and waits until it is ready. */
    Child application(String profile, Map<String, String> more) throws IOException, InterruptedException {
        Map<String, String> keys = sandboxPorts();
        keys.putAll(Map.of("quarkus.profile", profile, "sandbox.start", "false",
                "quarkus.http.port", "" + application, "quarkus.management.port", "" + management,
                "database.directory", directory.resolve("postgres").toString(),
                "zoominfo.base-url", zoominfoUrl(), "zoominfo.username", "sandbox@leadroutes.example",
                "zoominfo.password", "sandbox-password"));
        keys.putAll(Map.of("salesforce.login-url", "http://localhost:" + salesforce,
                "salesforce.client-id", "sandbox-consumer-key", "salesforce.client-secret", "sandbox-consumer-secret",
                "salesforce.username", "integration@leadroutes.example", "salesforce.password", "sandbox-password",
                "salesforce.pubsub.host", "localhost", "salesforce.pubsub.port", "" + pubsub,
                "salesforce.pubsub.plaintext", "true"));
        keys.putAll(more);
        Child child = Child.start(directory.resolve("application.log"), keys);
        await(child, "http://localhost:" + management + "/observe/health/ready");
        return child;
    }

    private void await(Child child, String url) throws IOException, InterruptedException {
        while (child.age().compareTo(READY) < 0) {
            if (!child.isAlive()) {
                throw new IllegalStateException("A process ended at its start; see the logs in " + directory);
            }
            try {
                if (get(url).statusCode() == 200) {
                    return;
                }
            } catch (IOException notYet) {
                // Nothing listens yet.
            }
            Thread.sleep(20);
        }
        throw new IllegalStateException(url + " did not answer within " + READY + "; see the logs in " + directory);
    }

    HttpResponse<String> get(String url) throws IOException, InterruptedException {
        return http.send(HttpRequest.newBuilder(URI.create(url)).timeout(Duration.ofSeconds(30)).build(),
                BodyHandlers.ofString());
    }

    JsonNode json(String url) throws IOException, InterruptedException {
        return JSON.readTree(get(url).body());
    }

    JsonNode post(String url, String body) throws IOException, InterruptedException {
        HttpResponse<String> answer = http.send(HttpRequest.newBuilder(URI.create(url)).timeout(Duration.ofSeconds(60))
                .header("Content-Type", "application/json").POST(BodyPublishers.ofString(body)).build(),
                BodyHandlers.ofString());
        if (answer.statusCode() != 202) {
            throw new IllegalStateException(url + " answered " + answer.statusCode() + ": " + answer.body());
        }
        return JSON.readTree(answer.body());
    }

    /** Changes settings of the ZoomInfo stand-in. */
    void sandboxSettings(String body) throws IOException, InterruptedException {
        HttpResponse<String> answer = http.send(HttpRequest.newBuilder(URI.create(zoominfoUrl() + "/_sandbox/settings"))
                .timeout(Duration.ofSeconds(30)).header("Content-Type", "application/json")
                .PUT(BodyPublishers.ofString(body)).build(), BodyHandlers.ofString());
        if (answer.statusCode() >= 300) {
            throw new IllegalStateException("The sandbox refused its settings: " + answer.body());
        }
    }

    /** An access token of the ZoomInfo stand-in. */
    String authenticate(String credentials) throws IOException, InterruptedException {
        HttpResponse<String> answer = http.send(HttpRequest.newBuilder(URI.create(zoominfoUrl() + "/authenticate"))
                .timeout(Duration.ofSeconds(30)).header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(credentials)).build(), BodyHandlers.ofString());
        return JSON.readTree(answer.body()).path("jwt").asText();
    }

    static String lead(String record) {
        return "{\"source\":\"bench\",\"recordId\":\"" + record + "\",\"version\":\"1\",\"firstName\":\"Ana\",\"lastName\":\"Bench"
                + "\",\"email\":\"bench." + record + "@example.com\",\"company\":\"Bench " + record + "\"}";
    }

    @Override
    public void close() {
        sandbox.close();
    }
}
