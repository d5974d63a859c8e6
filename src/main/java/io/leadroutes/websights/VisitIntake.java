package io.leadroutes.websights;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.leadroutes.lead.LeadJson;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.arc.Unremovable;
import io.quarkus.runtime.StartupEvent;
import io.vertx.core.net.SocketAddress;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.jboss.logging.Logger;

/**
 * Reads what a web site's pixel sends. A visitor who objects to tracking ({@code Sec-GPC} or {@code DNT} is 1) is not
 * stored, and of the address of a page only its path.
 */
@ApplicationScoped
@Named("websiteVisitIntake")
@Unremovable
public class VisitIntake {

    private static final Logger LOG = Logger.getLogger(VisitIntake.class);

    private static final int MOST_BYTES = 16 * 1024;
    private static final int MOST_VISITS = 50;
    /** How long a browser without a network may keep a visit. */
    private static final Duration OLDEST = Duration.ofHours(24);
    private static final Duration FAST_CLOCK = Duration.ofMinutes(5);
    private static final byte[] PIXEL = Base64.getDecoder()
            .decode("R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7");
    private static final String REMOTE = "CamelVertxPlatformHttpRemoteAddress";
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final Visits visits;
    private final MeterRegistry meters;
    private final Clock clock;
    private final List<Network> trusted;
    private final List<String> origins;
    private final int perSecond;
    /** Second of the epoch times a million, plus the requests in it. */
    private final AtomicLong window = new AtomicLong();

    @Inject
    VisitIntake(Visits visits, WebSightsConfig config, MeterRegistry meters) {
        this(visits, config, meters, Clock.systemUTC());
    }

    VisitIntake(Visits visits, WebSightsConfig config, MeterRegistry meters, Clock clock) {
        this.visits = visits;
        this.meters = meters;
        this.clock = clock;
        this.trusted = config.trustedProxies().orElse(List.of()).stream().map(Network::of).toList();
        this.origins = config.allowedOrigins().orElse(List.of()).stream().map(String::strip).toList();
        this.perSecond = config.requestsPerSecond();
    }

    /** A setting that cannot be read stops the start, not the first visit. */
    void onStart(@Observes StartupEvent started) {
        LOG.debug("The settings of WebSights are read");
    }

    /** {@code POST /websights/visits}: one visit or an array, answered 202 once it is stored. */
    public void accept(Exchange exchange) {
        Message message = exchange.getMessage();
        String method = message.getHeader(Exchange.HTTP_METHOD, "", String.class);
        String body = method.equals("OPTIONS") ? "" : text(message);
        Optional<InetAddress> remote = remote(message);
        Request request = new Request(message);
        if (!admitted(request, message)) {
            return;
        }
        if (method.equals("OPTIONS")) {
            answer(message, 204, "");
            message.setHeader("Access-Control-Allow-Methods", "POST");
            message.setHeader("Access-Control-Allow-Headers", "Content-Type");
            message.setHeader("Access-Control-Max-Age", "86400");
            return;
        }
        if (body.getBytes(StandardCharsets.UTF_8).length > MOST_BYTES) {
            count("too-large");
            problem(message, 413, "The request is too large", "Send at most " + MOST_BYTES + " bytes at once.");
            return;
        }
        if (request.objects()) {
            count("objected");
            answer(message, 202, "");
            return;
        }
        JsonNode whole;
        try {
            whole = JSON.readTree(body);
        } catch (JsonProcessingException e) {
            whole = JSON.nullNode();
        }
        List<JsonNode> all = new ArrayList<>();
        if (whole.isArray()) {
            whole.forEach(all::add);
        } else {
            all.add(whole);
        }
        if (all.isEmpty() || all.size() > MOST_VISITS || !all.stream().allMatch(one -> one.path("page").isTextual())) {
            count("invalid");
            problem(message, 400, "The request is not one visit or an array of visits", "A visit is {\"page\": "
                    + "\"https://www.example.com/pricing\", \"time\": \"2026-11-24T10:00:00Z\"}; at most " + MOST_VISITS
                    + " at once.");
            return;
        }
        visits.store(all.stream().flatMap(one -> visit(request, remote, one.path("ip").asText(""),
                one.path("page").asText(), one.path("time").asText("")).stream()).toList());
        answer(message, 202, "");
    }

    /** {@code GET /websights/pixel.gif}: the page by {@code page}, else by {@code Referer}. */
    public void pixel(Exchange exchange) {
        Message message = exchange.getMessage();
        Optional<InetAddress> remote = remote(message);
        Request request = new Request(message);
        if (!admitted(request, message)) {
            return;
        }
        String page = request.page.isBlank() ? request.referer : request.page;
        if (request.objects()) {
            count("objected");
        } else if (!page.isBlank()) {
            visits.store(visit(request, remote, "", page, request.time).stream().toList());
        } else {
            count("invalid");
        }
        answer(message, 200, "");
        message.setHeader(Exchange.CONTENT_TYPE, "image/gif");
        message.setHeader("Cache-Control", "no-store");
        message.setBody(PIXEL);
    }

    /** What of the headers counts; they are gone once the answer is written. */
    private static final class Request {
        final String origin;
        final String forwarded;
        final String page;
        final String time;
        final String referer;
        private final boolean objects;

        Request(Message message) {
            origin = header(message, "Origin");
            forwarded = header(message, "X-Forwarded-For");
            page = header(message, "page");
            time = header(message, "time");
            referer = header(message, "Referer");
            objects = header(message, "Sec-GPC").equals("1") || header(message, "DNT").equals("1");
        }

        boolean objects() {
            return objects;
        }

        /** A header that came twice, or also as a parameter of the address, is not believed. */
        private static String header(Message message, String name) {
            return message.getHeader(name) instanceof String text ? text.strip() : "";
        }
    }

    private boolean admitted(Request request, Message message) {
        boolean listed = origins.isEmpty() || origins.contains(request.origin);
        if (!request.origin.isEmpty() && !listed) {
            count("wrong-origin");
            problem(message, 403, "The origin is not one of ours", "Name it in websights.allowed-origins.");
            return false;
        }
        long second = clock.instant().getEpochSecond();
        long now = window.updateAndGet(before -> before / 1_000_000 == second ? before + 1 : second * 1_000_000 + 1);
        if (now % 1_000_000 > perSecond) {
            count("too-many");
            problem(message, 429, "Too many visits at once", "Send them again in a second.");
            message.setHeader("Retry-After", "1");
            return false;
        }
        return true;
    }

    private Optional<Visit> visit(Request request, Optional<InetAddress> remote, String given, String page, String time) {
        Optional<InetAddress> address = address(remote, request.forwarded, given);
        if (address.isEmpty()) {
            count("no-address");
        }
        return address.map(visitor -> new Visit(visitor, PageWeights.page(page), time(time)));
    }

    /** Only our own machines are believed; of a chain of proxies the last one that is not ours is the visitor. */
    private Optional<InetAddress> address(Optional<InetAddress> remote, String forwarded, String given) {
        if (remote.isEmpty() || trusted.stream().noneMatch(network -> network.contains(remote.get()))) {
            return remote;
        }
        if (!given.isBlank()) {
            return Network.address(given);
        }
        String[] chain = forwarded.split(",");
        for (int i = chain.length - 1; i >= 0; i--) {
            Optional<InetAddress> hop = Network.address(chain[i]);
            if (hop.isEmpty()) {
                return forwarded.isEmpty() ? remote : Optional.empty();
            }
            if (trusted.stream().noneMatch(network -> network.contains(hop.get()))) {
                return hop;
            }
        }
        return remote;
    }

    private Instant time(String text) {
        Instant now = clock.instant();
        Instant time = now;
        try {
            time = text.matches("\\d{12,14}") ? Instant.ofEpochMilli(Long.parseLong(text))
                    : text.isBlank() ? now : OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeException e) {
            count("no-time");
        }
        return time.isAfter(now.plus(FAST_CLOCK)) || time.isBefore(now.minus(OLDEST)) ? now : time;
    }

    private static Optional<InetAddress> remote(Message message) {
        Object remote = message.getHeader(REMOTE);
        return remote instanceof SocketAddress socket ? Optional.ofNullable(socket.hostAddress()).flatMap(Network::address)
                : remote == null ? Optional.empty() : Network.address(remote.toString());
    }

    private static String text(Message message) {
        return Optional.ofNullable(message.getBody(String.class)).orElse("");
    }

    private void answer(Message message, int status, String body) {
        Object origin = message.getHeader("Origin");
        message.removeHeaders("*");
        message.setHeader(Exchange.HTTP_RESPONSE_CODE, status);
        if (origin instanceof String named && origins.contains(named)) {
            message.setHeader("Access-Control-Allow-Origin", named);
            message.setHeader("Vary", "Origin");
        }
        message.setBody(body);
    }

    private void problem(Message message, int status, String title, String detail) {
        answer(message, status, LeadJson.write(Map.of("type", "about:blank", "title", title, "status", status,
                "detail", detail)));
        message.setHeader(Exchange.CONTENT_TYPE, "application/problem+json");
    }

    private void count(String outcome) {
        meters.counter("leadroutes.websights.visits", "outcome", outcome).increment();
    }
}
