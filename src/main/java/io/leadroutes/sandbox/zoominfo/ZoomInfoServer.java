package io.leadroutes.sandbox.zoominfo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.leadroutes.sandbox.control.Call;
import io.leadroutes.sandbox.control.ControlPlane;
import io.leadroutes.sandbox.control.PeakRate;
import io.leadroutes.sandbox.control.Product;
import io.leadroutes.sandbox.control.Reply;
import io.leadroutes.sandbox.control.SandboxServer;
import io.leadroutes.sandbox.control.SandboxTime;
import io.leadroutes.sandbox.world.World;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.ext.web.Router;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Stands in for {@code https://api.zoominfo.com}: authentication, search, enrich, field lookups and usage, with the limits,
 * headers, envelopes and error texts of the API overview. One event loop does everything, so no state here needs a lock.
 */
public final class ZoomInfoServer implements SandboxServer, Product {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final long START_SECONDS = 20;

    private final ZoomInfoSettings settings = new ZoomInfoSettings();
    private final SandboxTime time;
    private final Tokens tokens;
    private final Account account;
    private final Enrich enrich;
    private final EnrichContact enrichContact;
    private final EnrichCompany enrichCompany;
    private final Search search;
    private final Lookups lookups;
    private final BatchFill fill = new BatchFill();
    private final PeakRate acceptedPerSecond = new PeakRate(TimeUnit.SECONDS.toNanos(1));
    private final PeakRate acceptedPerMinute = new PeakRate(TimeUnit.MINUTES.toNanos(1));
    private final PeakRate authPerSecond = new PeakRate(TimeUnit.SECONDS.toNanos(1));
    private final Vertx vertx = ControlPlane.newVertx();
    private final HttpServer server;
    private final String host;
    /** What is added to monotone nanoseconds to get nanoseconds since the epoch. */
    private final long epochOffset;
    private RateLimit authLimit = new RateLimit("sliding-log", 1, 0);
    private RateLimit standardLimit = new RateLimit("sliding-log", 25, 1_500);
    private long lastAdmission = Long.MIN_VALUE;
    private long tooFast;
    private boolean closed;

    private ZoomInfoServer(String host, int port, World world, long seed, SandboxTime time) {
        this.host = host;
        this.time = time;
        this.tokens = new Tokens(time);
        this.account = new Account(time);
        this.enrich = new Enrich(settings, account);
        this.enrichContact = new EnrichContact(world, settings, enrich);
        this.enrichCompany = new EnrichCompany(world, enrich);
        this.search = new Search(world, settings);
        this.lookups = new Lookups(settings, enrich, account);
        this.epochOffset = TimeUnit.MILLISECONDS.toNanos(time.now().toEpochMilli()) - time.nanos();
        settings.all.action("revokeTokens", tokens::revokeAll);
        ControlPlane control = new ControlPlane(vertx, time, seed, settings.all, this);
        Router router = Router.router(vertx);
        control.mount(router);
        control.call(router, "POST", "/authenticate", this::authenticate);
        control.call(router, "POST", "/enrich/contact", call -> enriching(call,
                body -> enrichContact.handle(call, body, fill)));
        control.call(router, "POST", "/enrich/company", call -> enriching(call,
                body -> enrichCompany.handle(call, body, fill)));
        control.call(router, "POST", "/search/contact", call -> enriching(call, body -> search.contacts(call, body)));
        control.call(router, "POST", "/search/company", call -> enriching(call, body -> search.companies(call, body)));
        control.call(router, "GET", "/lookup/*", this::lookup);
        control.call(router, "", "/*", call -> {
            call.operation("other");
            return Lookups.notFound().reply();
        });
        try {
            this.server = vertx.createHttpServer(new HttpServerOptions().setHost(host).setPort(port).setTcpNoDelay(true)
                    .setCompressionSupported(false)).requestHandler(router).listen().toCompletionStage()
                    .toCompletableFuture().get(START_SECONDS, TimeUnit.SECONDS);
        } catch (Exception e) {
            close();
            throw new IllegalStateException("the ZoomInfo sandbox cannot listen on " + host + ":" + port
                    + " (sandbox.zoominfo.port): " + e.getMessage(), e);
        }
    }

    /** Starts it on a host and port; port 0 takes a free one. Throws IllegalStateException naming the setting if it cannot listen. */
    public static ZoomInfoServer start(String host, int port, World world, long seed, SandboxTime time) {
        return new ZoomInfoServer(host, port, world, seed, time);
    }

    @Override
    public int port() {
        return server.actualPort();
    }

    @Override
    public String describe() {
        return "ZoomInfo API on http://" + host + ":" + port();
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            vertx.close().toCompletionStage().toCompletableFuture().orTimeout(START_SECONDS, TimeUnit.SECONDS).join();
        }
    }

    @Override
    public ObjectNode credentials() {
        return JSON.createObjectNode().put("baseUrl", "http://" + host + ":" + port()).put("username", Tokens.USERNAME)
                .put("password", Tokens.PASSWORD).put("clientId", Tokens.CLIENT_ID)
                .put("privateKey", Tokens.pem("PRIVATE KEY", tokens.clientKeys().getPrivate().getEncoded()))
                .put("publicKey", Tokens.pem("PUBLIC KEY", tokens.clientKeys().getPublic().getEncoded()));
    }

    @Override
    public void stats(ObjectNode stats) {
        stats.putObject("credits").put("charged", account.credits()).put("uniquePersons", account.personsCharged())
                .put("uniqueCompanies", account.companiesCharged())
                .put("mostChargesOfOnePerson", account.mostChargesOfOnePerson())
                .put("mostChargesOfOneCompany", account.mostChargesOfOneCompany());
        stats.putObject("usage").put("requests", account.requests()).put("records", account.records())
                .put("uniqueIds", account.credits());
        stats.putObject("acceptedPeak").put("standardPerSecond", acceptedPerSecond.peak())
                .put("standardPerMinute", acceptedPerMinute.peak()).put("authPerSecond", authPerSecond.peak());
        stats.putObject("enrich").put("calls", fill.calls()).put("inputs", fill.inputs()).put("meanInputsPerCall", fill.mean());
        stats.put("tokensIssued", tokens.issued());
        stats.put("rateLimited", tooFast);
    }

    @Override
    public Reply error(int status, String message) {
        return new ApiError(status, message.isEmpty() ? ApiError.usualText(status) : message).reply();
    }

    @Override
    public void reset() {
        tokens.reset();
        account.reset();
        fill.reset();
        acceptedPerSecond.reset();
        acceptedPerMinute.reset();
        authPerSecond.reset();
        tooFast = 0;
        authLimit = new RateLimit("sliding-log", 1, 0);
        standardLimit = new RateLimit("sliding-log", 25, 1_500);
    }

    @Override
    public void dress(Call call, Reply reply) {
        Map<String, String> headers = reply.headers();
        headers.put("X-Request-Id", call.requestId());
        boolean metered = call.path().startsWith("/enrich/") || call.path().startsWith("/search/");
        if (!metered || reply.status() == 401) {
            return;
        }
        long now = lastAdmission == Long.MIN_VALUE ? call.arrivalNanos() + epochOffset : lastAdmission;
        headers.put("X-RateLimit-Limit", Long.toString(settings.standardPerMinute.get()));
        headers.put("X-RateLimit-Remaining", Long.toString(standardLimit.remaining(now)));
        headers.put("X-RateLimit-Reset", Long.toString(standardLimit.resetEpochSeconds(now)));
        if (reply.status() == 429 && settings.retryAfter.get()) {
            long seconds = standardLimit.resetEpochSeconds(now) - Math.floorDiv(now, RateLimit.SECOND);
            headers.put("Retry-After", Long.toString(Math.max(1, seconds)));
        }
        boolean lower = settings.usageHeaderCase.get().equals("lower");
        usage(headers, lower, UsageHeader.RECORD, settings.recordLimit.get(), account.records());
        usage(headers, lower, UsageHeader.REQUEST, settings.requestLimit.get(), account.requests());
        usage(headers, lower, UsageHeader.UNIQUE_ID, settings.uniqueIdLimit.get(), account.credits());
        usage(headers, lower, UsageHeader.WEBSIGHTS_RECORD, settings.webSightsRecordLimit.get(), 0);
        usage(headers, lower, UsageHeader.WEBSIGHTS_REQUEST, settings.webSightsRequestLimit.get(), 0);
    }

    private enum UsageHeader {
        RECORD("Record-Limit"), REQUEST("Request-Limit"), UNIQUE_ID("Unique-Id-Limit"),
        WEBSIGHTS_RECORD("Websights-Api-Record-Limit"), WEBSIGHTS_REQUEST("Websights-Api-Request-Limit");

        private final String limit;
        private final String remaining;

        UsageHeader(String middle) {
            limit = "X-Usage-" + middle + "-Limit";
            remaining = "X-Usage-" + middle + "-Remaining";
        }
    }

    private static void usage(Map<String, String> headers, boolean lower, UsageHeader header, long limit, long used) {
        headers.put(lower ? header.limit.toLowerCase(java.util.Locale.ROOT) : header.limit, Long.toString(limit));
        headers.put(lower ? header.remaining.toLowerCase(java.util.Locale.ROOT) : header.remaining,
                Long.toString(Math.max(0, limit - used)));
    }

    private interface Operation {

        Reply apply(JsonNode body);
    }

    private Reply authenticate(Call call) {
        try {
            String model = settings.windowModel.get();
            if (!authLimit.isOf(model, settings.authPerSecond.get(), settings.authPerMinute.get())) {
                authLimit = new RateLimit(model, settings.authPerSecond.get(), settings.authPerMinute.get());
            }
            admit(authLimit, call);
            authPerSecond.arrived(lastAdmission);
            Optional<String> authorization = call.header("Authorization").filter(value -> !value.isBlank());
            if (authorization.isPresent()) {
                String value = authorization.get();
                boolean good = value.regionMatches(true, 0, "Bearer ", 0, 7)
                        && tokens.isGoodClientJwt(value.substring(7).strip());
                return good ? token() : Reply.text(401, "Error getting jwt info");
            }
            Map<String, String> sent = userAndPassword(call);
            String username = sent.getOrDefault("username", "");
            String password = sent.getOrDefault("password", "");
            if (username.isEmpty() || password.isEmpty()) {
                return new ApiError(400, "Missing username or password").reply();
            }
            if (!username.equals(Tokens.USERNAME) || !password.equals(Tokens.PASSWORD)) {
                return new ApiError(401, ApiError.AUTHENTICATION_FAILED).reply();
            }
            return token();
        } catch (ApiError e) {
            return e.reply();
        }
    }

    private Reply token() {
        if (!settings.accountHasRoles.get()) {
            return new ApiError(400, ApiError.NO_ROLES).reply();
        }
        ObjectNode answer = JSON.createObjectNode();
        if (settings.successBesideJwt.get()) {
            answer.put("success", true);
        }
        return Reply.json(200, answer.put("jwt", tokens.issue(settings.tokenLifetimeSeconds.get())));
    }

    /** The official Python client posts a form, the documentation shows JSON. */
    private static Map<String, String> userAndPassword(Call call) {
        Map<String, String> values = new HashMap<>();
        String body = call.body().toString(StandardCharsets.UTF_8);
        if (call.header("Content-Type").orElse("").startsWith("application/x-www-form-urlencoded")) {
            for (String pair : body.split("&")) {
                int equals = pair.indexOf('=');
                if (equals > 0) {
                    values.put(decoded(pair.substring(0, equals)), decoded(pair.substring(equals + 1)));
                }
            }
        } else if (!body.isBlank()) {
            JsonNode json = parsed(call);
            values.put("username", json.path("username").asText(""));
            values.put("password", json.path("password").asText(""));
        }
        return values;
    }

    private static String decoded(String text) {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return "";
        }
    }

    private Reply enriching(Call call, Operation operation) {
        try {
            Optional<Reply> refused = refused(call);
            if (refused.isPresent()) {
                return refused.get();
            }
            if (settings.usageEnforced.get()) {
                if (account.requests() >= settings.requestLimit.get()) {
                    throw new ApiError(403, ApiError.REQUESTS_USED_UP);
                }
            }
            account.request();
            return operation.apply(parsed(call));
        } catch (ApiError e) {
            return e.reply();
        }
    }

    private Reply lookup(Call call) {
        try {
            Optional<Reply> refused = refused(call);
            if (refused.isPresent()) {
                return refused.get();
            }
            String[] parts = call.path().split("/");
            if (call.path().equals("/lookup/usage")) {
                return lookups.usage();
            }
            if (parts.length == 5 && parts[2].equals("inputfields")) {
                return lookups.inputFields(parts[3], parts[4]);
            }
            if (parts.length == 5 && parts[2].equals("outputfields")) {
                return lookups.outputFields(parts[3], parts[4]);
            }
            throw Lookups.notFound();
        } catch (ApiError e) {
            return e.reply();
        }
    }

    /** Token, then rate, then entitlement; an answer if one of them fails. */
    private Optional<Reply> refused(Call call) {
        if (!tokens.isGoodBearer(call.header("Authorization").orElse(""))) {
            return Optional.of(Reply.text(401, "Unauthorized"));
        }
        String model = settings.windowModel.get();
        if (!standardLimit.isOf(model, settings.standardPerSecond.get(), settings.standardPerMinute.get())) {
            standardLimit = new RateLimit(model, settings.standardPerSecond.get(), settings.standardPerMinute.get());
        }
        admit(standardLimit, call);
        acceptedPerSecond.arrived(lastAdmission);
        acceptedPerMinute.arrived(lastAdmission);
        if (!settings.apiAccess.get()) {
            throw new ApiError(403, ApiError.NO_PERMISSION);
        }
        if (settings.deniedEndpoints.get().contains(call.path())) {
            throw ApiError.noAccess(call.path());
        }
        return Optional.empty();
    }

    private void admit(RateLimit limit, Call call) {
        lastAdmission = Math.max(lastAdmission, call.arrivalNanos() + epochOffset);
        if (settings.rateEnforced.get() && !limit.admit(lastAdmission)) {
            tooFast++;
            throw new ApiError(429, ApiError.TOO_FAST);
        }
    }

    private static JsonNode parsed(Call call) {
        try {
            JsonNode body = JSON.readTree(call.body().getBytes());
            if (body == null || !body.isObject()) {
                throw new ApiError(400, ApiError.BAD_JSON);
            }
            return body;
        } catch (IOException e) {
            throw new ApiError(400, ApiError.BAD_JSON);
        }
    }
}
