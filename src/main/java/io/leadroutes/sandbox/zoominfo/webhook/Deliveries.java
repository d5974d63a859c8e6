package io.leadroutes.sandbox.zoominfo.webhook;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.leadroutes.sandbox.control.SandboxTime;
import io.leadroutes.sandbox.zoominfo.account.ZoomInfoSettings;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import java.net.URI;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * Brings deliveries to their targets: some at a time, each until it is taken with a 2xx or its attempts are used up, the
 * pause before an attempt being twice the one before. How often and how long ZoomInfo tries is not published, so all of it
 * is a setting. Runs on the event loop of the stand-in and never waits on it.
 */
final class Deliveries {

    static final String TOKEN_HEADER = "x-zoominfo-token";
    private static final int KEPT = 50_000;
    private static final int MOST_CONNECTIONS = 64;
    private static final int LONGEST_DELAY_FACTOR = 1 << 10;
    private static final ObjectMapper JSON = new ObjectMapper();

    private enum State {
        WAITING, DELIVERED, FAILED, DROPPED
    }

    /** One delivery with what became of it; its body is forgotten at the end. */
    private static final class Delivery {
        private final long number;
        private final String webhookId;
        private final String objectType;
        private final List<String> ids;
        private final boolean duplicate;
        private final long madeNanos;
        private final ArrayNode answers = JSON.createArrayNode();
        private Buffer body;
        private State state = State.WAITING;
        private long endedNanos;

        private Delivery(long number, String webhookId, String objectType, List<String> ids, boolean duplicate,
                long madeNanos, Buffer body) {
            this.number = number;
            this.webhookId = webhookId;
            this.objectType = objectType;
            this.ids = ids;
            this.duplicate = duplicate;
            this.madeNanos = madeNanos;
            this.body = body;
        }
    }

    private final Vertx vertx;
    private final ZoomInfoSettings settings;
    private final SandboxTime time;
    private final long seed;
    private final Function<String, Optional<Webhook>> webhooks;
    private final HttpClient client;
    private final ArrayDeque<Delivery> log = new ArrayDeque<>();
    private final ArrayDeque<Delivery> ready = new ArrayDeque<>();
    private SplittableRandom chance;
    private long numbers;
    private long delivered;
    private long duplicates;
    private long failed;
    private long dropped;
    private int inFlight;
    /** Counts the resets, so that what was under way at one does nothing after it. */
    private long era;

    Deliveries(Vertx vertx, ZoomInfoSettings settings, SandboxTime time, long seed,
            Function<String, Optional<Webhook>> webhooks) {
        this.vertx = vertx;
        this.settings = settings;
        this.time = time;
        this.seed = seed;
        this.webhooks = webhooks;
        this.chance = new SplittableRandom(seed);
        // Receivers on this machine have certificates of their own making.
        this.client = vertx.createHttpClient(new HttpClientOptions().setTrustAll(true).setVerifyHost(false),
                new PoolOptions().setHttp1MaxSize(MOST_CONNECTIONS));
    }

    /** Sends a body as soon as its turn comes; the number under which the log has it. */
    long send(Webhook webhook, String objectType, List<String> ids, ObjectNode body) {
        Delivery delivery = new Delivery(++numbers, webhook.id, objectType, ids, false, time.nanos(),
                Buffer.buffer(body.toString()));
        enter(delivery);
        return delivery.number;
    }

    private void enter(Delivery delivery) {
        log.addLast(delivery);
        if (log.size() > KEPT) {
            log.removeFirst();
        }
        ready.addLast(delivery);
        go();
    }

    private void go() {
        while (inFlight < settings.webhooksConcurrency.get() && !ready.isEmpty()) {
            attempt(ready.removeFirst());
        }
    }

    private void attempt(Delivery delivery) {
        Optional<Webhook> webhook = webhooks.apply(delivery.webhookId).filter(found -> found.enabled);
        if (webhook.isEmpty()) {
            end(delivery, State.DROPPED);
            return;
        }
        long since = era;
        inFlight++;
        long sent = time.nanos();
        post(webhook.get().targetUrl, Optional.of(webhook.get().token), delivery.body).onComplete(answer -> {
            if (since != era) {
                return;
            }
            inFlight--;
            ObjectNode told = delivery.answers.addObject();
            if (answer.succeeded()) {
                told.put("status", answer.result()).put("millis", TimeUnit.NANOSECONDS.toMillis(time.nanos() - sent));
            } else {
                told.putNull("status").put("problem", problem(answer.cause()));
            }
            boolean taken = answer.succeeded() && answer.result() >= 200 && answer.result() < 300;
            if (taken) {
                end(delivery, State.DELIVERED);
            } else if (delivery.answers.size() >= settings.webhooksAttempts.get()) {
                end(delivery, State.FAILED);
            } else {
                long factor = Math.min(LONGEST_DELAY_FACTOR, 1L << Math.min(30, delivery.answers.size() - 1));
                vertx.setTimer(settings.webhooksFirstDelayMillis.get() * factor, timer -> {
                    if (since == era) {
                        ready.addLast(delivery);
                        go();
                    }
                });
            }
            go();
        });
    }

    private void end(Delivery delivery, State state) {
        Buffer body = delivery.body;
        delivery.state = state;
        delivery.body = null;
        delivery.endedNanos = time.nanos();
        switch (state) {
            case DELIVERED -> delivered++;
            case FAILED -> failed++;
            default -> dropped++;
        }
        if (state == State.DELIVERED && !delivery.duplicate && chance.nextDouble() < settings.webhooksDuplicateRate.get()) {
            duplicates++;
            enter(new Delivery(++numbers, delivery.webhookId, delivery.objectType, delivery.ids, true, time.nanos(), body));
        }
    }

    /** Posts a body to a target; the status answered. Fails if the target may not be reached or gives no answer. */
    Future<Integer> post(String targetUrl, Optional<String> token, Buffer body) {
        if (!settings.webhooksAnyHost.get() && !isThisMachine(targetUrl)) {
            return Future.failedFuture("the sandbox delivers to this machine only (setting webhooks.anyHost)");
        }
        long timeout = settings.webhooksTimeoutMillis.get();
        RequestOptions options = new RequestOptions().setAbsoluteURI(targetUrl).setMethod(HttpMethod.POST)
                .setTimeout(timeout).setFollowRedirects(false);
        return client.request(options).compose(request -> {
            request.putHeader("Content-Type", "application/json").putHeader("User-Agent", "ZoomInfo-Sandbox");
            token.ifPresent(value -> request.putHeader(TOKEN_HEADER, value));
            return request.send(body);
        }).compose(response -> response.body().map(ignored -> response.statusCode()));
    }

    /** Told from the text alone, as a look-up of the name would block the event loop. */
    static boolean isThisMachine(String url) {
        String host = Optional.ofNullable(URI.create(url).getHost()).orElse("").toLowerCase(Locale.ROOT);
        return host.equals("localhost") || host.equals("[::1]") || host.matches("127\\.\\d{1,3}\\.\\d{1,3}\\.\\d{1,3}");
    }

    private static String problem(Throwable cause) {
        return cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
    }

    /** One JSON object a line, oldest first; only those of a webhook unless that is empty. */
    String toJsonLines(String webhookId) {
        StringBuilder lines = new StringBuilder();
        for (Delivery delivery : log) {
            if (!webhookId.isEmpty() && !webhookId.equals(delivery.webhookId)) {
                continue;
            }
            ObjectNode line = JSON.createObjectNode().put("delivery", delivery.number)
                    .put("webhookId", delivery.webhookId).put("objectType", delivery.objectType)
                    .put("state", delivery.state.name().toLowerCase(Locale.ROOT)).put("duplicate", delivery.duplicate)
                    .put("madeNanos", delivery.madeNanos);
            if (delivery.state != State.WAITING) {
                line.put("endedNanos", delivery.endedNanos);
            }
            line.set("answers", delivery.answers);
            delivery.ids.forEach(line.putArray("ids")::add);
            lines.append(line).append('\n');
        }
        return lines.toString();
    }

    void stats(ObjectNode stats) {
        stats.put("deliveries", numbers).put("delivered", delivered).put("duplicates", duplicates).put("failed", failed)
                .put("dropped", dropped).put("waiting", numbers - delivered - failed - dropped);
    }

    void reset() {
        era++;
        inFlight = 0;
        log.clear();
        ready.clear();
        chance = new SplittableRandom(seed);
        numbers = 0;
        delivered = 0;
        duplicates = 0;
        failed = 0;
        dropped = 0;
    }
}
