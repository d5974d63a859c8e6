package io.leadroutes.sandbox.zoominfo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.leadroutes.sandbox.control.Call;
import io.leadroutes.sandbox.control.ControlPlane;
import io.leadroutes.sandbox.control.Product;
import io.leadroutes.sandbox.control.Reply;
import io.leadroutes.sandbox.control.SandboxServer;
import io.leadroutes.sandbox.control.SandboxTime;
import io.leadroutes.sandbox.control.SettingException;
import io.leadroutes.sandbox.world.World;
import io.leadroutes.sandbox.zoominfo.account.Account;
import io.leadroutes.sandbox.zoominfo.account.ApiError;
import io.leadroutes.sandbox.zoominfo.account.Endpoints.Family;
import io.leadroutes.sandbox.zoominfo.account.Endpoints.Meter;
import io.leadroutes.sandbox.zoominfo.account.Endpoints.Tier;
import io.leadroutes.sandbox.zoominfo.account.Endpoints;
import io.leadroutes.sandbox.zoominfo.account.Gate;
import io.leadroutes.sandbox.zoominfo.account.RateLimit;
import io.leadroutes.sandbox.zoominfo.account.Tokens;
import io.leadroutes.sandbox.zoominfo.account.ZoomInfoSettings;
import io.leadroutes.sandbox.zoominfo.bulk.BulkFamily;
import io.leadroutes.sandbox.zoominfo.compliance.Compliance;
import io.leadroutes.sandbox.zoominfo.contract.Contract;
import io.leadroutes.sandbox.zoominfo.enrich.Enrich;
import io.leadroutes.sandbox.zoominfo.enrich.EnrichFamily;
import io.leadroutes.sandbox.zoominfo.lookup.Enumerations;
import io.leadroutes.sandbox.zoominfo.lookup.Lookups;
import io.leadroutes.sandbox.zoominfo.search.Search;
import io.leadroutes.sandbox.zoominfo.signal.SignalFamily;
import io.leadroutes.sandbox.zoominfo.webhook.WebhookFamily;
import io.leadroutes.sandbox.zoominfo.websights.WebSights;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.ext.web.Router;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
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
    /** The request limit of the scaling tier (ZoomInfo API overview, rate and usage limits). */
    private static final long UNLIMITED = -1;

    private final ZoomInfoSettings settings = new ZoomInfoSettings();
    private final SandboxTime time;
    private final Tokens tokens;
    private final Account account;
    private final Gate authGate = new Gate(settings, settings.auth);
    private final Gate standardGate = new Gate(settings, settings.standard);
    private final Gate scalingGate = new Gate(settings, settings.scaling);
    private final List<Gate> gates = List.of(authGate, standardGate, scalingGate);
    private final List<Family> families;
    private final Vertx vertx = ControlPlane.newVertx();
    private final HttpServer server;
    private final String host;
    /** What is added to monotone nanoseconds to get nanoseconds since the epoch. */
    private final long epochOffset;
    private long lastAdmission = Long.MIN_VALUE;
    private boolean closed;

    private ZoomInfoServer(String host, int port, World world, long seed, SandboxTime time) {
        this.host = host;
        this.time = time;
        this.tokens = new Tokens(time);
        this.account = new Account(time);
        Enrich enrich = new Enrich(settings, account);
        Search search = new Search(world, settings);
        EnrichFamily enrichFamily = new EnrichFamily(world, settings, enrich);
        this.families = List.of(search, enrichFamily, new SignalFamily(world, settings, account),
                new WebSights(world, settings, account, enrich),
                new Compliance(enrich, enrichFamily.contact()), new Enumerations(world, settings),
                new Lookups(settings, account), new WebhookFamily(vertx, world, settings, account, time, seed),
                new BulkFamily(world, settings, enrich, search, time));
        this.epochOffset = TimeUnit.MILLISECONDS.toNanos(time.now().toEpochMilli()) - time.nanos();
        settings.all.action("revokeTokens", tokens::revokeAll);
        ControlPlane control = new ControlPlane(vertx, time, seed, settings.all, this);
        Router router = Router.router(vertx);
        families.forEach(family -> family.control((method, path, handler) -> control.control(router, method, path, handler)));
        control.control(router, "POST", "/_sandbox/close", (request, body) -> closeTier(body));
        control.control(router, "POST", "/_sandbox/foreign-use", (request, body) -> foreignUse(body));
        router.get("/_sandbox/openapi.yaml").handler(context -> context.response()
                .putHeader("Content-Type", "application/yaml").end(Buffer.buffer(Contract.get().document())));
        control.mount(router);
        control.call(router, "POST", "/authenticate", this::authenticate);
        Endpoints endpoints = (method, path, tier, meter, handler) -> control.call(router, method, path,
                call -> admitted(call, tier, meter, handler));
        families.forEach(family -> family.mount(endpoints));
        control.call(router, "", "/*", call -> {
            call.operation("other");
            return refused(ApiError.notFound());
        });
        try {
            this.server = vertx.createHttpServer(new HttpServerOptions().setHost(host).setPort(port).setTcpNoDelay(true)
                    .setCompressionSupported(false)).requestHandler(control.dispatcher(router)).listen().toCompletionStage()
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
            families.forEach(Family::close);
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
        stats.putObject("credits").put("charged", account.charged()).put("uniquePersons", account.personsCharged())
                .put("uniqueCompanies", account.companiesCharged())
                .put("mostChargesOfOnePerson", account.mostChargesOfOnePerson())
                .put("mostChargesOfOneCompany", account.mostChargesOfOneCompany());
        stats.putObject("usage").put("requests", account.requests()).put("records", account.records())
                .put("uniqueIds", account.credits());
        stats.putObject("acceptedPeak").put("standardPerSecond", standardGate.peakPerSecond())
                .put("standardPerMinute", standardGate.peakPerMinute()).put("scalingPerSecond", scalingGate.peakPerSecond())
                .put("scalingPerMinute", scalingGate.peakPerMinute()).put("authPerSecond", authGate.peakPerSecond());
        ObjectNode rate = stats.putObject("rate");
        gates.forEach(gate -> gate.stats(rate, now()));
        families.forEach(family -> family.stats(stats));
        stats.put("tokensIssued", tokens.issued());
        stats.put("rateLimited", gates.stream().mapToLong(Gate::rejected).sum());
    }

    @Override
    public Reply error(int status, String message) {
        return refused(new ApiError(status, message.isEmpty() ? ApiError.usualText(status) : message));
    }

    @Override
    public void reset() {
        tokens.reset();
        account.reset();
        families.forEach(Family::reset);
        gates.forEach(Gate::reset);
    }

    @Override
    public void changed() {
        gates.forEach(gate -> gate.upTo(now()));
    }

    @Override
    public void dress(Call call, Reply reply) {
        Map<String, String> headers = reply.headers();
        headers.put("X-Request-Id", call.requestId());
        boolean metered = !call.path().equals("/authenticate") && !call.path().startsWith("/lookup/");
        if (!metered || reply.status() == 401) {
            return;
        }
        boolean scaling = isScaling(call.path());
        Gate gate = scaling ? scalingGate : standardGate;
        long now = lastAdmission == Long.MIN_VALUE ? call.arrivalNanos() + epochOffset : lastAdmission;
        headers.put("X-RateLimit-Limit", Long.toString(gate.limit()));
        headers.put("X-RateLimit-Remaining", Long.toString(gate.remaining(now)));
        headers.put("X-RateLimit-Reset", Long.toString(gate.resetEpochSeconds(now)));
        if (reply.status() == 429 && settings.retryAfter.get()) {
            long seconds = gate.resetEpochSeconds(now) - Math.floorDiv(now, RateLimit.SECOND);
            headers.put("Retry-After", Long.toString(Math.max(1, seconds)));
        }
        if (call.path().equals(BulkFamily.STATUS)) {
            return;
        }
        boolean lower = settings.usageHeaderCase.get().equals("lower");
        usage(headers, lower, UsageHeader.RECORD, settings.recordLimit.get(), account.records());
        usage(headers, lower, UsageHeader.REQUEST, scaling ? UNLIMITED : settings.requestLimit.get(), account.requests());
        usage(headers, lower, UsageHeader.UNIQUE_ID, settings.uniqueIdLimit.get(), account.credits());
        usage(headers, lower, UsageHeader.WEBSIGHTS_RECORD, settings.webSightsRecordLimit.get(), account.webSightsRecords());
        usage(headers, lower, UsageHeader.WEBSIGHTS_REQUEST, settings.webSightsRequestLimit.get(),
                account.webSightsRequests());
    }

    private static boolean isScaling(String path) {
        return path.startsWith("/bulk/") || path.equals("/webhooks") || path.startsWith("/webhooks/");
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
                Long.toString(limit == UNLIMITED ? UNLIMITED : Math.max(0, limit - used)));
    }

    private Reply refused(ApiError error) {
        return error.reply(settings.errorShape.get());
    }

    private Reply authenticate(Call call) {
        try {
            admit(authGate, call);
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
                throw new ApiError(400, "Missing username or password");
            }
            if (!username.equals(Tokens.USERNAME) || !password.equals(Tokens.PASSWORD)) {
                throw new ApiError(401, ApiError.AUTHENTICATION_FAILED);
            }
            return token();
        } catch (ApiError e) {
            return refused(e);
        }
    }

    private Reply token() {
        if (!settings.accountHasRoles.get()) {
            throw new ApiError(400, ApiError.NO_ROLES);
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

    /** Token, then rate, entitlement and request limit, then the call itself. */
    private Reply admitted(Call call, Tier tier, Meter meter, Endpoints.Handler handler) {
        try {
            if (!tokens.isGoodBearer(call.header("Authorization").orElse(""))) {
                return Reply.text(401, "Unauthorized");
            }
            admit(tier == Tier.SCALING ? scalingGate : standardGate, call);
            if (!settings.apiAccess.get()) {
                throw new ApiError(403, ApiError.NO_PERMISSION);
            }
            if (settings.deniedEndpoints.get().contains(call.path())) {
                throw ApiError.noAccess(call.path());
            }
            if (call.body().length() > settings.tooLargeBytes.get()) {
                throw new ApiError(500, ApiError.UNEXPECTED);
            }
            count(meter);
            // The rotation of a webhook's token is the one POST that needs no body.
            boolean hasBody = (call.method().equals("POST") || call.method().equals("PUT"))
                    && (call.body().length() > 0 || !call.path().endsWith("/token"));
            return handler.handle(call, hasBody ? parsed(call) : MissingNode.getInstance());
        } catch (ApiError e) {
            return refused(e);
        }
    }

    private void count(Meter meter) {
        boolean enforced = settings.usageEnforced.get();
        if (meter == Meter.REQUESTS) {
            if (enforced && account.requests() >= settings.requestLimit.get()) {
                throw new ApiError(403, ApiError.REQUESTS_USED_UP);
            }
            account.request();
        } else if (meter == Meter.WEBSIGHTS) {
            if (enforced && account.webSightsRequests() >= settings.webSightsRequestLimit.get()) {
                throw new ApiError(403, ApiError.WEBSIGHTS_REQUESTS_USED_UP);
            }
            account.webSightsRequest();
        }
    }

    private void admit(Gate gate, Call call) {
        lastAdmission = Math.max(lastAdmission, call.arrivalNanos() + epochOffset);
        if (!gate.admit(lastAdmission)) {
            throw new ApiError(429, ApiError.TOO_FAST);
        }
    }

    /** Never before the last call that was looked at. */
    private long now() {
        return Math.max(lastAdmission, time.nanos() + epochOffset);
    }

    private Reply closeTier(Buffer body) {
        JsonNode wanted = wanted(body, List.of("tier", "seconds"));
        long seconds = wholeNumber(wanted, "seconds", TimeUnit.DAYS.toSeconds(1));
        Gate gate = switch (wanted.path("tier").asText("standard")) {
            case "auth" -> authGate;
            case "standard" -> standardGate;
            case "scaling" -> scalingGate;
            default -> throw new SettingException("tier is auth, standard or scaling, not " + wanted.path("tier"));
        };
        gate.close(now(), seconds);
        return Reply.json(200, JSON.createObjectNode().put("resetEpochSeconds", gate.resetEpochSeconds(now())));
    }

    private Reply foreignUse(Buffer body) {
        JsonNode wanted = wanted(body, List.of("requests", "records", "uniqueIds"));
        account.foreign(wholeNumber(wanted, "requests", Integer.MAX_VALUE),
                wholeNumber(wanted, "records", Integer.MAX_VALUE), wholeNumber(wanted, "uniqueIds", Integer.MAX_VALUE));
        return Reply.json(200, JSON.createObjectNode().put("requests", account.requests())
                .put("records", account.records()).put("uniqueIds", account.credits()));
    }

    private static JsonNode wanted(Buffer body, List<String> keys) {
        try {
            JsonNode wanted = JSON.readTree(body.getBytes());
            if (wanted.isObject() && !wanted.isEmpty()
                    && wanted.properties().stream().allMatch(each -> keys.contains(each.getKey()))) {
                return wanted;
            }
        } catch (IOException e) {
            // Said below.
        }
        throw new SettingException("a JSON object with keys out of " + keys + " is wanted");
    }

    private static long wholeNumber(JsonNode wanted, String key, long most) {
        JsonNode value = wanted.path(key);
        if (value.isMissingNode()) {
            return 0;
        }
        if (!value.isIntegralNumber() || value.asLong() < 0 || value.asLong() > most) {
            throw new SettingException(key + " is a whole number from 0 to " + most + ", not " + value);
        }
        return value.asLong();
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
