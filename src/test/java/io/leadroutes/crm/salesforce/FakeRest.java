package io.leadroutes.crm.salesforce;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.function.Function;

/** The REST API with answers that a test writes; it logs everyone in. */
final class FakeRest implements AutoCloseable {

    private final HttpServer server;
    private final List<Call> calls = new CopyOnWriteArrayList<>();
    private volatile Function<Call, Answer> answers = call -> new Answer(404, "[]");

    record Call(String method, String path, String query, String body, String callOptions) {
    }

    record Answer(int status, String body) {
    }

    FakeRest() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newCachedThreadPool());
        server.createContext("/", this::handle);
        server.start();
    }

    String baseUrl() {
        return "http://localhost:" + server.getAddress().getPort();
    }

    void answer(Function<Call, Answer> function) {
        answers = function;
    }

    /** Calls to the data API, in the order of arrival. */
    List<Call> calls() {
        return List.copyOf(calls);
    }

    void forget() {
        calls.clear();
    }

    private void handle(HttpExchange exchange) throws IOException {
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        String path = exchange.getRequestURI().getPath();
        Answer answer;
        if (path.equals("/services/oauth2/token")) {
            answer = new Answer(200, """
                    {"access_token":"token","instance_url":"%s","id":"%s/id/00DSb0000000001MAA/005Sb0000000099IAA",
                     "token_type":"Bearer","issued_at":"1","signature":"s"}""".formatted(baseUrl(), baseUrl()));
        } else if (path.startsWith("/services/oauth2/")) {
            answer = new Answer(200, "");
        } else {
            Call call = new Call(exchange.getRequestMethod(), path, exchange.getRequestURI().getQuery(), body,
                    exchange.getRequestHeaders().getFirst("Sforce-Call-Options"));
            calls.add(call);
            answer = answers.apply(call);
        }
        byte[] bytes = answer.body().getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(answer.status(), bytes.length == 0 ? -1 : bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
