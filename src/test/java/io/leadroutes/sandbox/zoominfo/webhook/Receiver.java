package io.leadroutes.sandbox.zoominfo.webhook;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.ToIntFunction;

/** Somebody's own web server to which webhooks are delivered. */
final class Receiver implements AutoCloseable {

    record Arrival(String token, JsonNode body) {
    }

    private static final ObjectMapper JSON = new ObjectMapper();
    private final HttpServer server;
    private final List<Arrival> arrivals = new CopyOnWriteArrayList<>();
    private volatile ToIntFunction<Integer> answer = number -> 200;

    Receiver() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 50);
        server.createContext("/", this::handle);
        server.start();
    }

    private void handle(HttpExchange exchange) throws IOException {
        JsonNode body = JSON.readTree(exchange.getRequestBody().readAllBytes());
        arrivals.add(new Arrival(String.valueOf(exchange.getRequestHeaders().getFirst("x-zoominfo-token")), body));
        exchange.sendResponseHeaders(answer.applyAsInt(arrivals.size()), -1);
        exchange.close();
    }

    String url() {
        return "http://localhost:" + server.getAddress().getPort() + "/hook";
    }

    List<Arrival> arrivals() {
        return List.copyOf(arrivals);
    }

    /** Status by the number of the arrival, from 1 on. */
    void answers(ToIntFunction<Integer> status) {
        answer = status;
    }

    void forget() {
        arrivals.clear();
        answer = number -> 200;
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
