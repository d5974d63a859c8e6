package io.leadroutes.sandbox.salesforce;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.leadroutes.sandbox.control.SandboxTime;
import io.leadroutes.sandbox.world.World;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;

/** A running stand-in on free ports, its time moved by hand, and a small client for it. */
final class TestOrganisation implements AutoCloseable {

    static final ObjectMapper JSON = new ObjectMapper();
    private static final World WORLD = World.of(1);

    record Response(int status, JsonNode body, HttpResponse<String> raw) {
    }

    static final class ManualTime implements SandboxTime {
        private volatile Duration ahead = Duration.ZERO;

        @Override
        public long nanos() {
            return System.nanoTime() + ahead.toNanos();
        }

        @Override
        public Instant now() {
            return Instant.now().plus(ahead);
        }

        void advance(Duration by) {
            ahead = ahead.plus(by);
        }
    }

    final ManualTime time = new ManualTime();
    final SalesforceSandbox sandbox;
    final String base;
    private final HttpClient client = HttpClient.newHttpClient();
    private String token = "";
    private Map<String, String> headers = Map.of();

    TestOrganisation() {
        sandbox = SalesforceSandbox.start(new SalesforceSandbox.Options("127.0.0.1", 0, 0, 0, 1), WORLD, time);
        base = "http://127.0.0.1:" + sandbox.port();
        login(SalesforceSandbox.USERNAME);
    }

    String token() {
        return token;
    }

    void login(String username) {
        Response answer = token(Map.of("grant_type", "password", "client_id", SalesforceSandbox.CONSUMER_KEY,
                "client_secret", SalesforceSandbox.CONSUMER_SECRET, "username", username, "password",
                SalesforceSandbox.PASSWORD));
        token = answer.body().path("access_token").asText();
    }

    Response token(Map<String, String> form) {
        StringBuilder body = new StringBuilder();
        form.forEach((key, value) -> body.append(body.isEmpty() ? "" : "&").append(encode(key)).append('=')
                .append(encode(value)));
        return exchange(HttpRequest.newBuilder(URI.create(base + "/services/oauth2/token"))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(BodyPublishers.ofString(body.toString())).build());
    }

    void headers(Map<String, String> further) {
        headers = further;
    }

    /** A call below /services/data/v62.0; the body may use ' for ". */
    Response call(String method, String path, String body) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(base + (path.startsWith("/services") ? ""
                        : "/services/data/v62.0/") + path))
                .header("Authorization", "Bearer " + token).header("Content-Type", "application/json")
                .method(method, body.isEmpty() ? BodyPublishers.noBody()
                        : BodyPublishers.ofString(body.replace('\'', '"')));
        headers.forEach(request::header);
        return exchange(request.build());
    }

    Response get(String path) {
        return call("GET", path, "");
    }

    Response query(String soql) {
        return get("query?q=" + encode(soql));
    }

    JsonNode control(String method, String path, String body) {
        return exchange(HttpRequest.newBuilder(URI.create(base + "/_sandbox/" + path))
                .method(method, BodyPublishers.ofString(body.replace('\'', '"'))).build()).body();
    }

    /** Creates a lead of that last name at Acme and returns its id. */
    String lead(String lastName) {
        Response created = call("POST", "sobjects/Lead", "{'LastName':'" + lastName + "','Company':'Acme'}");
        return created.body().path("id").asText();
    }

    private Response exchange(HttpRequest request) {
        try {
            HttpResponse<String> answer = client.send(request, HttpResponse.BodyHandlers.ofString());
            boolean json = answer.headers().firstValue("content-type").orElse("").contains("json");
            return new Response(answer.statusCode(),
                    json ? JSON.readTree(answer.body()) : MissingNode.getInstance(), answer);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        sandbox.close();
    }
}
