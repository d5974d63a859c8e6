package io.leadroutes.zoominfo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;

/** A local server in ZoomInfo's place that notes every arrival and answers as a test says. */
public final class FakeZoomInfo implements AutoCloseable {

    /** One request as it arrived. */
    public record Call(long nanos, String method, String uri, Map<String, String> headers, String body) {
        public String path() {
            return uri.replaceAll("\\?.*", "");
        }
    }

    /** An answer; a status of 0 cuts the connection, the header cut sends less than announced, drip a byte at a time. */
    public record Answer(int status, String body, Map<String, String> headers) {
        public static Answer json(int status, String body) {
            return new Answer(status, body, Map.of("Content-Type", "application/json"));
        }
    }

    private static final ObjectMapper JSON = new ObjectMapper();
    private final HttpServer server;
    private final ExecutorService threads = Executors.newFixedThreadPool(64);
    private final List<Call> calls = new CopyOnWriteArrayList<>();
    private final AtomicInteger dripping = new AtomicInteger();
    private volatile Function<Call, Answer> behaviour = FakeZoomInfo::usual;

    public FakeZoomInfo() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 200);
        server.setExecutor(threads);
        server.createContext("/", this::handle);
        server.start();
    }

    public String url() {
        return "http://localhost:" + server.getAddress().getPort();
    }

    public void behave(Function<Call, Answer> how) {
        behaviour = how;
    }

    public List<Call> calls(String path) {
        return calls.stream().filter(call -> call.path().equals(path)).toList();
    }

    public List<Call> calls() {
        return List.copyOf(calls);
    }

    /** A token, the fields that are asked for, and a match for each input that echoes it. */
    public static Answer usual(Call call) {
        if (call.path().equals("/authenticate")) {
            return Answer.json(200, "{\"jwt\":\"token-" + call.nanos() + "\"}");
        }
        if (call.path().startsWith("/lookup/outputfields/")) {
            return Answer.json(200, "[{\"fieldName\":\"id\"},{\"fieldName\":\"email\",\"accessGranted\":\"true\"},"
                    + "{\"fieldName\":\"linkedin\"},{\"fieldName\":\"techSkills\",\"accessGranted\":\"false\"}]");
        }
        boolean matches = call.path().startsWith("/enrich/") || call.path().equals("/compliance");
        if (matches && call.body().contains("Input\":[")) {
            return Answer.json(200, envelope(call.body()));
        }
        return Answer.json(200, "{\"maxResults\":0,\"totalResults\":0,\"currentPage\":1,\"data\":[]}");
    }

    static String envelope(String request) {
        try {
            StringBuilder results = new StringBuilder();
            JsonNode body = JSON.readTree(request);
            JsonNode inputs = body.has("matchPersonInput") ? body.get("matchPersonInput") : body.get("matchCompanyInput");
            for (JsonNode input : inputs) {
                results.append(results.length() == 0 ? "" : ",").append("{\"input\":")
                        .append(input.toString().toLowerCase(Locale.ROOT))
                        .append(",\"data\":[{\"id\":1}],\"matchStatus\":\"FULL_MATCH\"}");
            }
            return "{\"success\":true,\"data\":{\"outputFields\":[[\"id\"]],\"result\":[" + results + "]}}";
        } catch (IOException e) {
            throw new IllegalArgumentException(e);
        }
    }

    private void handle(HttpExchange exchange) throws IOException {
        long arrived = System.nanoTime();
        Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        exchange.getRequestHeaders().forEach((name, values) -> headers.put(name, String.join(",", values)));
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        Call call = new Call(arrived, exchange.getRequestMethod(), exchange.getRequestURI().toString(), headers, body);
        calls.add(call);
        Answer answer = behaviour.apply(call);
        if (answer.status() == 0) {
            exchange.close();
            return;
        }
        byte[] bytes = answer.body().getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("X-Request-Id", "zi-" + calls.size());
        boolean cut = answer.headers().containsKey("cut");
        answer.headers().forEach((name, value) -> exchange.getResponseHeaders().set(name, value));
        exchange.sendResponseHeaders(answer.status(), bytes.length == 0 ? -1 : cut ? bytes.length + 50L : bytes.length);
        if (answer.headers().containsKey("drip")) {
            drip(exchange, bytes);
        } else if (bytes.length > 0) {
            exchange.getResponseBody().write(bytes);
        }
        exchange.close();
    }

    private void drip(HttpExchange exchange, byte[] bytes) throws IOException {
        dripping.incrementAndGet();
        try {
            for (byte one : bytes) {
                exchange.getResponseBody().write(one);
                exchange.getResponseBody().flush();
                LockSupport.parkNanos(100_000_000);
            }
        } finally {
            dripping.decrementAndGet();
        }
    }

    /** Answers that are being sent a byte at a time just now. */
    public int dripping() {
        return dripping.get();
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
