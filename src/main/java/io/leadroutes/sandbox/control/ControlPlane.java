package io.leadroutes.sandbox.control;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.netty.channel.ChannelOption;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.file.FileSystemOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.impl.HttpServerConnection;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.BiFunction;
import java.util.function.Function;

/**
 * Mounts on a stand-in's router what every sandbox port has: arrival times, call log, latency, faults, and
 * {@code /_sandbox/{credentials,stats,calls,settings,reset}}. Calls of a product are handled by
 * {@link #call(Router, String, String, Function)}; the paths under {@code /_sandbox} are neither logged nor hindered.
 *
 * <p>Everything runs on the one event loop of the server, so products need no locks.
 */
public final class ControlPlane {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String EXCHANGE = "exchange";
    private static final int SLOW_PARTS = 10;

    private final Vertx vertx;
    private final SandboxTime time;
    private final long seed;
    private final Settings settings;
    private final Product product;
    private final Setting<Latency> latency;
    private final Setting<List<Fault>> faults;
    private final CallLog log = new CallLog();
    /** Handlers of fixed paths by path and method, so that a call does not try the pattern of every route. */
    private final Map<String, Map<HttpMethod, Function<Call, Reply>>> fixed = new HashMap<>();
    private List<Fault> countedFaults = List.of();
    private long[] faultCalls = new long[0];
    private long number;
    private long lastArrival = Long.MIN_VALUE;

    /** A request with its call; {@code logged} completes the line in the log. */
    private record Exchange(HttpServerRequest request, Call call, Runnable logged) {
    }

    /** {@code settings} gains the keys {@code latency} and {@code faults}. */
    public ControlPlane(Vertx vertx, SandboxTime time, long seed, Settings settings, Product product) {
        this.vertx = vertx;
        this.time = time;
        this.seed = seed;
        this.settings = settings;
        this.product = product;
        this.latency = settings.define("latency", JSON.getNodeFactory().numberNode(0), Latency::of);
        this.faults = settings.define("faults", JSON.createArrayNode(), Fault::listOf);
    }

    /** A Vert.x of one event loop for one stand-in; to be closed with it. */
    public static Vertx newVertx() {
        return Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1).setWorkerPoolSize(1).setInternalBlockingPoolSize(2)
                .setFileSystemOptions(new FileSystemOptions().setClassPathResolvingEnabled(false)
                        .setFileCachingEnabled(false)));
    }

    /** The calls so far. */
    public CallLog log() {
        return log;
    }

    /** Mounts arrival and control paths; to be called before the product's own routes are added. */
    public void mount(Router router) {
        router.route().handler(this::arrived);
        router.get("/_sandbox/credentials").handler(context -> send(context, Reply.json(200, product.credentials())));
        router.get("/_sandbox/stats").handler(context -> send(context, Reply.json(200, stats())));
        router.get("/_sandbox/settings").handler(context -> send(context, Reply.json(200, settings.toJson())));
        router.put("/_sandbox/settings").handler(this::change);
        router.post("/_sandbox/reset").handler(context -> {
            settings.reset();
            log.reset();
            number = 0;
            countedFaults = List.of();
            product.reset();
            send(context, Reply.json(200, JSON.createObjectNode().put("reset", true)));
        });
        router.get("/_sandbox/calls").handler(context -> {
            String path = context.request().getParam("path");
            context.response().putHeader("Content-Type", "application/x-ndjson")
                    .end(log.toJsonLines(path == null ? "" : path));
        });
        router.route("/_sandbox/*").handler(context -> send(context, Reply.json(404, JSON.createObjectNode().put("error",
                "no such control path; there are GET credentials, stats, calls, settings, PUT settings, POST reset"))));
    }

    /**
     * Handles calls of one method and path (vertx-web path, may hold {@code :parameters} and end in {@code *}). An empty method
     * stands for all. The handler gets the whole body and returns the whole answer.
     */
    public void call(Router router, String method, String path, Function<Call, Reply> handler) {
        if (!method.isEmpty() && path.indexOf(':') < 0 && path.indexOf('*') < 0) {
            fixed.computeIfAbsent(path, key -> new HashMap<>()).putIfAbsent(HttpMethod.valueOf(method), handler);
        }
        var route = method.isEmpty() ? router.route(path) : router.route(HttpMethod.valueOf(method), path);
        route.handler(context -> receive(context.get(EXCHANGE), handler));
    }

    /** What the server hands its requests to: fixed paths are looked up, all others go to the router. */
    public Handler<HttpServerRequest> dispatcher(Router router) {
        return request -> {
            Map<HttpMethod, Function<Call, Reply>> byMethod = fixed.get(request.path());
            Function<Call, Reply> handler = byMethod == null ? null : byMethod.get(request.method());
            if (handler == null) {
                router.handle(request);
            } else {
                receive(arrival(request), handler);
            }
        };
    }

    private void receive(Exchange exchange, Function<Call, Reply> handler) {
        exchange.request().bodyHandler(body -> {
            exchange.call().body(body);
            handle(exchange, handler);
        });
    }

    /**
     * Adds a control path of a product below {@code /_sandbox}; to be called before {@link #mount(Router)}. The handler
     * gets the request and its whole body; a {@link SettingException} that it throws is answered with 400.
     */
    public void control(Router router, String method, String path, BiFunction<HttpServerRequest, Buffer, Reply> handler) {
        router.route(HttpMethod.valueOf(method), path).handler(context ->
                context.request().bodyHandler(body -> {
                    try {
                        send(context, handler.apply(context.request(), body));
                    } catch (SettingException e) {
                        send(context, Reply.json(400, JSON.createObjectNode().put("error", e.getMessage())));
                    }
                }));
    }

    private void arrived(RoutingContext context) {
        if (!context.request().path().startsWith("/_sandbox")) {
            context.put(EXCHANGE, arrival(context.request()));
        }
        context.next();
    }

    private Exchange arrival(HttpServerRequest request) {
        long nanos = Math.max(time.nanos(), lastArrival);
        lastArrival = nanos;
        Call call = new Call(++number, nanos, request, randomId());
        return new Exchange(request, call, log.arrived(call));
    }

    private void handle(Exchange exchange, Function<Call, Reply> handler) {
        Call call = exchange.call();
        Fault fault = faultFor(call);
        Reply reply;
        if (fault != null && !fault.processed()) {
            reply = fault.kind() == Fault.Kind.STATUS ? product.error(fault.status(), fault.message())
                    : Reply.empty(500);
        } else {
            try {
                reply = handler.apply(call);
            } catch (RuntimeException e) {
                // A defect of the stand-in must not look like a property of the product.
                reply = Reply.json(500, JSON.createObjectNode().put("error", "defect in the sandbox: " + e));
                System.getLogger(ControlPlane.class.getName()).log(System.Logger.Level.ERROR, "defect in the sandbox", e);
            }
            if (call.later().isPresent()) {
                call.later().get().onComplete(done -> handled(exchange, fault, done.succeeded() ? done.result()
                        : Reply.json(500, JSON.createObjectNode().put("error", "defect in the sandbox: " + done.cause()))));
                return;
            }
        }
        handled(exchange, fault, reply);
    }

    /** Lays fault, common headers and latency over the answer of the product. */
    private void handled(Exchange exchange, Fault fault, Reply given) {
        Reply reply = given;
        if (fault != null && fault.processed() && fault.kind() == Fault.Kind.STATUS) {
            reply = product.error(fault.status(), fault.message());
        }
        product.dress(exchange.call(), reply);
        Reply answer = reply;
        long wait = latency.get().draw(seed, exchange.call().number());
        if (wait > 0) {
            vertx.setTimer(wait, timer -> answer(exchange, answer, fault));
        } else {
            answer(exchange, answer, fault);
        }
    }

    private Fault faultFor(Call call) {
        List<Fault> now = faults.get();
        if (now.isEmpty()) {
            return null;
        }
        if (now != countedFaults) {
            countedFaults = now;
            faultCalls = new long[now.size()];
        }
        Fault chosen = null;
        for (int i = 0; i < now.size(); i++) {
            Fault fault = now.get(i);
            if (fault.concerns(call) && fault.hits(seed, i, ++faultCalls[i]) && chosen == null) {
                chosen = fault;
            }
        }
        return chosen;
    }

    private void answer(Exchange exchange, Reply reply, Fault fault) {
        String word = fault == null ? "" : fault.kind().word();
        boolean reset = fault != null && fault.kind() == Fault.Kind.RESET;
        exchange.call().ended(reset ? 0 : reply.status(), word);
        exchange.logged().run();
        HttpServerResponse response = exchange.request().response();
        if (response.closed() || response.ended()) {
            return;
        }
        if (reset) {
            cut(exchange.request());
            return;
        }
        if (fault == null || fault.kind() == Fault.Kind.STATUS) {
            send(response, reply);
            return;
        }
        Buffer body = reply.body();
        head(response, reply);
        response.putHeader("Content-Length", Integer.toString(body.length()));
        switch (fault.kind()) {
            case MALFORMED -> {
                // Same length, but no longer JSON.
                Buffer broken = body.copy();
                if (broken.length() > 0) {
                    broken.setByte(broken.length() - 1, (byte) '!');
                }
                response.end(broken);
            }
            case TRUNCATE -> response.write(body.slice(0, body.length() / 2))
                    .onComplete(written -> exchange.request().connection().close());
            default -> slowly(response, body, 0, Math.max(1, fault.durationMs() / SLOW_PARTS));
        }
    }

    private void slowly(HttpServerResponse response, Buffer body, int part, long pause) {
        if (response.closed()) {
            return;
        }
        int from = (int) ((long) body.length() * part / SLOW_PARTS);
        int to = (int) ((long) body.length() * (part + 1) / SLOW_PARTS);
        vertx.setTimer(pause, timer -> {
            if (response.closed()) {
                return;
            }
            if (part == SLOW_PARTS - 1) {
                response.end(body.slice(from, to));
            } else {
                response.write(body.slice(from, to));
                slowly(response, body, part + 1, pause);
            }
        });
    }

    /** Ends the connection with a TCP reset, not with an orderly close. */
    private static void cut(HttpServerRequest request) {
        if (request.connection() instanceof HttpServerConnection connection) {
            connection.channel().config().setOption(ChannelOption.SO_LINGER, 0);
        }
        request.connection().close();
    }

    private void change(RoutingContext context) {
        context.request().bodyHandler(body -> {
            try {
                settings.merge(JSON.readTree(body.getBytes()));
                product.changed();
                send(context, Reply.json(200, settings.toJson()));
            } catch (SettingException e) {
                send(context, Reply.json(400, JSON.createObjectNode().put("error", e.getMessage())));
            } catch (IOException e) {
                String cause = e instanceof JsonProcessingException json ? json.getOriginalMessage() : e.getMessage();
                send(context, Reply.json(400, JSON.createObjectNode().put("error", "not JSON: " + cause)));
            }
        });
    }

    private JsonNode stats() {
        ObjectNode stats = JSON.createObjectNode();
        stats.put("calls", log.total());
        ObjectNode byOperation = stats.putObject("callsByOperation");
        log.byOperation().forEach((operation, byStatus) -> {
            ObjectNode node = byOperation.putObject(operation);
            byStatus.forEach(node::put);
        });
        stats.putObject("peak").put("perSecond", log.peakPerSecond()).put("perMinute", log.peakPerMinute());
        product.stats(stats);
        return stats;
    }

    private static void send(RoutingContext context, Reply reply) {
        send(context.response(), reply);
    }

    private static void send(HttpServerResponse response, Reply reply) {
        head(response, reply);
        response.end(reply.body());
    }

    private static void head(HttpServerResponse response, Reply reply) {
        response.setStatusCode(reply.status());
        if (!reply.contentType().isEmpty()) {
            response.putHeader("Content-Type", reply.contentType());
        }
        reply.headers().forEach(response::putHeader);
    }

    /** A UUID of version 4 without the cost of a secure one: nothing here is a secret. */
    private static String randomId() {
        ThreadLocalRandom random = ThreadLocalRandom.current();
        return new UUID(random.nextLong() & ~0xF000L | 0x4000L, random.nextLong() & ~(3L << 62) | 1L << 63).toString();
    }
}
