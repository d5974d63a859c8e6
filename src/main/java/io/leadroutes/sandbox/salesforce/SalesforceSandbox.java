package io.leadroutes.sandbox.salesforce;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.DoubleNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.grpc.Server;
import io.grpc.netty.NettyServerBuilder;
import io.leadroutes.sandbox.control.Call;
import io.leadroutes.sandbox.control.ControlPlane;
import io.leadroutes.sandbox.control.Product;
import io.leadroutes.sandbox.control.Reply;
import io.leadroutes.sandbox.control.SandboxServer;
import io.leadroutes.sandbox.control.SandboxTime;
import io.leadroutes.sandbox.control.Setting;
import io.leadroutes.sandbox.control.SettingException;
import io.leadroutes.sandbox.control.Settings;
import io.leadroutes.sandbox.world.SampleLeads;
import io.leadroutes.sandbox.world.World;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A Salesforce organisation in memory: OAuth and SOAP login, REST and SOQL on one port, the Pub/Sub API (plaintext
 * gRPC) on another. Control paths are under {@code /_sandbox} on the REST port.
 */
public final class SalesforceSandbox implements SandboxServer {

    /** Id of the organisation. */
    public static final String ORGANISATION = SalesforceId.full("00DSb0000000001");
    public static final String CONSUMER_KEY = "sandbox-consumer-key";
    public static final String CONSUMER_SECRET = "sandbox-consumer-secret";
    public static final String USERNAME = "integration@leadroutes.example";
    public static final String PASSWORD = "sandbox-password";

    /**
     * Where and how to start.
     *
     * @param host                 address to bind to
     * @param port                 REST port; 0 for any free one
     * @param pubSubPort           gRPC port; 0 for any free one
     * @param sampleLeadsPerSecond leads that arrive by themselves; 0 for none
     * @param seed                 seed of the sample leads and of faults by rate
     */
    public record Options(String host, int port, int pubSubPort, double sampleLeadsPerSecond, long seed) {
    }

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Pattern DATA = Pattern.compile("/services/data/v(\\d{2})\\.0(/.*)?");
    private static final int OLDEST_VERSION = 50;
    private static final int NEWEST_VERSION = 67;
    private static final int MOST_SAMPLE_LEADS = 100_000;
    private static final int MOST_SHIFT = 1_000_000;
    private static final long TICK_MILLIS = 50;
    /** Below the ten digits that a record's number may have. */
    private static final long MOST_RECORDS = 9_000_000_000L;

    private final Options options;
    private final World world;
    private final SandboxTime time;
    private final Vertx vertx = ControlPlane.newVertx();
    private final ExecutorService executor = Executors.newFixedThreadPool(2, work -> {
        Thread thread = new Thread(work, "salesforce-pubsub");
        thread.setDaemon(true);
        return thread;
    });
    private final Catalog catalog = new Catalog();
    private final ReplayIds replayIds;
    private final Keys keys;
    private final ChangeLog log;
    private final RecordStore store;
    private final Tokens tokens;
    private final Login login;
    private final RestApi rest;
    private final PubSubService pubSub;
    private final ControlPlane control;
    private final Setting<Long> apiRequestsPerDay;
    private final Setting<Double> sampleLeadsPerSecond;
    private final Setting<Set<String>> lockedIds;
    private final Setting<Double> lockedRate;
    private final SplittableRandom lockDraws;
    private SampleLeads sampleLeads;
    private double sampleLeadsOwed;
    private final TreeMap<Long, Long> apiRequestsByHour = new TreeMap<>();
    private HttpServer http;
    private Server grpc;

    private SalesforceSandbox(Options options, World world, SandboxTime time) {
        this.options = options;
        this.world = world;
        this.time = time;
        Settings settings = new Settings();
        Setting<Long> tokenLife = settings.number("tokenLifetimeSeconds", 7200, 1);
        apiRequestsPerDay = settings.number("apiRequestsPerDay", 1_000_000, 0);
        Setting<Long> batchSize = settings.number("queryBatchSize", 2000, 1);
        sampleLeadsPerSecond = fraction(settings, "sampleLeadsPerSecond", options.sampleLeadsPerSecond(), 1000);
        Setting<Long> keepAlive = settings.number("pubsub.keepAliveMillis", 60_000, 1);
        Setting<Long> retention = settings.number("pubsub.retentionHours", 72, 0);
        Setting<Boolean> silent = settings.flag("pubsub.silent", false);
        Setting<Long> stampLag = settings.number("stampLagSeconds", 0, 0);
        Setting<Boolean> merging = settings.flag("pubsub.mergeEqualChanges", true);
        lockedIds = settings.strings("rowLock.ids", List.of());
        lockedRate = fraction(settings, "rowLock.rate", 0, 1);
        lockDraws = new SplittableRandom(options.seed());

        replayIds = new ReplayIds((int) time.now().getEpochSecond());
        keys = new Keys(time.now());
        log = new ChangeLog(catalog, time, () -> Duration.ofHours(retention.get()), merging::get);
        store = new RecordStore(catalog, time, log);
        store.lockedWhen(id -> lockedIds.get().contains(id)
                || lockedRate.get() > 0 && lockDraws.nextDouble() < lockedRate.get());
        store.stampedBeforeCommit(() -> Duration.ofSeconds(stampLag.get()));
        // As in Salesforce no id comes twice, although records end with the process.
        store.numberFrom(new SplittableRandom(time.now().toEpochMilli()).nextLong(MOST_RECORDS));
        tokens = new Tokens(time, () -> Duration.ofSeconds(tokenLife.get()));
        login = new Login(catalog, store, tokens, keys, time);
        rest = new RestApi(catalog, store, new QueryEngine(catalog, store, time), batchSize::get, this::limits);
        pubSub = new PubSubService(log, tokens, replayIds, executor, keepAlive::get, silent::get, time::nanos);
        control = new ControlPlane(vertx, time, options.seed(), settings, new Organisation());
        sampleLeads = new SampleLeads(world, options.seed());
    }

    private static Setting<Double> fraction(Settings settings, String key, double initial, double most) {
        return settings.define(key, DoubleNode.valueOf(initial), node -> {
            if (node.isBoolean() && !node.asBoolean()) {
                return 0.0;
            }
            if (!node.isNumber() || node.asDouble() < 0 || node.asDouble() > most) {
                throw new SettingException("a number from 0 to " + most + " is wanted, not " + node);
            }
            return node.asDouble();
        });
    }

    /** Starts on both ports; throws if one cannot be had. */
    public static SalesforceSandbox start(Options options, World world, SandboxTime time) {
        SalesforceSandbox sandbox = new SalesforceSandbox(options, world, time);
        try {
            sandbox.listen();
            return sandbox;
        } catch (RuntimeException | IOException e) {
            sandbox.close();
            throw new IllegalStateException("the Salesforce sandbox cannot listen on " + options.host() + ":"
                    + options.port() + " and " + options.pubSubPort() + ": " + e.getMessage(), e);
        }
    }

    private void listen() throws IOException {
        Router router = Router.router(vertx);
        mountCommands(router);
        control.mount(router);
        control.call(router, "POST", "/services/oauth2/token", login::token);
        control.call(router, "", "/services/oauth2/revoke", login::revoke);
        control.call(router, "", "/services/oauth2/userinfo", login::userInfo);
        control.call(router, "GET", "/id/*", login::userInfo);
        control.call(router, "POST", "/services/Soap/u/*", login::soap);
        control.call(router, "", "/*", this::data);
        http = vertx.createHttpServer(new HttpServerOptions().setHost(options.host()).setPort(options.port())
                        .setMaxInitialLineLength(64 * 1024).setMaxHeaderSize(64 * 1024).setDecompressionSupported(true))
                .requestHandler(router).listen().toCompletionStage().toCompletableFuture().join();
        grpc = NettyServerBuilder.forAddress(new InetSocketAddress(options.host(), options.pubSubPort()))
                .addService(pubSub).intercept(pubSub).executor(executor).build().start();
        vertx.setPeriodic(TICK_MILLIS, timer -> {
            pubSub.tick();
            arriveLeads();
        });
    }

    @Override
    public String describe() {
        return "Salesforce REST on http://" + options.host() + ":" + port() + ", Pub/Sub (plaintext gRPC) on "
                + options.host() + ":" + pubSubPort();
    }

    /** The REST port. */
    @Override
    public int port() {
        return http.actualPort();
    }

    /** The gRPC port. */
    public int pubSubPort() {
        return grpc.getPort();
    }

    @Override
    public void close() {
        if (grpc != null) {
            grpc.shutdownNow();
        }
        vertx.close().toCompletionStage().toCompletableFuture().join();
        executor.shutdownNow();
    }

    private void arriveLeads() {
        double perSecond = sampleLeadsPerSecond.get();
        sampleLeadsOwed = perSecond <= 0 ? 0 : sampleLeadsOwed + perSecond * TICK_MILLIS / 1000;
        int due = (int) sampleLeadsOwed;
        sampleLeadsOwed -= due;
        createSampleLeads(due);
    }

    private List<String> createSampleLeads(int count) {
        Caller webForm = new Caller(RecordStore.WEB_FORM_USER, "");
        List<String> ids = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            ObjectNode fields = JSON.createObjectNode();
            sampleLeads.next().forEach(fields::put);
            fields.put("OwnerId", SalesforceId.of("00G", 1));
            SaveResult result = store.create(webForm, catalog.lead, fields);
            ids.add(result.refusal().<String>map(refusal -> {
                throw refusal;
            }).orElseGet(result::id));
        }
        return ids;
    }

    private void mountCommands(Router router) {
        command(router, "sample-leads", "count", MOST_SAMPLE_LEADS, count -> {
            ObjectNode answer = JSON.createObjectNode();
            createSampleLeads(count).forEach(answer.putArray("ids")::add);
            return answer;
        });
        command(router, "streams/break", () -> JSON.createObjectNode().put("ended", pubSub.breakAll()));
        command(router, "streams/complete", () -> JSON.createObjectNode().put("ended", pubSub.completeAll()));
        command(router, "tokens/expire", () -> {
            tokens.expireAll();
            return JSON.createObjectNode().put("expired", true);
        });
        command(router, "replay-ids/invalidate", () -> {
            replayIds.invalidate();
            return JSON.createObjectNode().put("invalidated", true);
        });
        command(router, "replay-ids/shift", "by", MOST_SHIFT, by -> {
            replayIds.shift(by);
            return JSON.createObjectNode().put("shifted", by);
        });
    }

    private static void command(Router router, String path, Supplier<ObjectNode> work) {
        router.post("/_sandbox/" + path).handler(context -> send(context, 200, work.get()));
    }

    /** A command whose body names a whole number, from 1 to {@code most}. */
    private static void command(Router router, String path, String name, int most, IntFunction<ObjectNode> work) {
        router.post("/_sandbox/" + path).handler(context -> context.request().bodyHandler(body -> {
            int number;
            try {
                number = JSON.readTree(body.getBytes()).path(name).asInt(-1);
            } catch (IOException e) {
                number = -1;
            }
            if (number < 1 || number > most) {
                send(context, 400, JSON.createObjectNode().put("error",
                        "{\"" + name + "\": n} is wanted, n from 1 to " + most));
            } else {
                send(context, 200, work.apply(number));
            }
        }));
    }

    private static void send(RoutingContext context, int status, JsonNode body) {
        Reply reply = Reply.json(status, body);
        context.response().setStatusCode(status).putHeader("Content-Type", reply.contentType()).end(reply.body());
    }

    private Reply data(Call call) {
        String path = call.path();
        if (path.equals("/services/data") || path.equals("/services/data/")) {
            call.operation("GET versions");
            return reply(versions());
        }
        Matcher matcher = DATA.matcher(path);
        if (!matcher.matches() || Integer.parseInt(matcher.group(1)) < OLDEST_VERSION
                || Integer.parseInt(matcher.group(1)) > NEWEST_VERSION) {
            call.operation("unknown path");
            return reply(Answer.refused(Refusal.notFound()));
        }
        String version = matcher.group(1) + ".0";
        Optional<String> user = Login.token(call.header("Authorization")).flatMap(tokens::user);
        Map<String, String> query = Optional.ofNullable(call.request().query()).map(Login::form).orElseGet(HashMap::new);
        String client = call.header("Sforce-Call-Options").stream().flatMap(o -> List.of(o.split(",")).stream())
                .map(String::strip).filter(o -> o.startsWith("client=")).findFirst().map(o -> ";" + o).orElse("");
        try {
            RestRequest bare = new RestRequest(query.getOrDefault("_HttpMethod", call.method()),
                    "/services/data/v" + version, Composite.segments(Optional.ofNullable(matcher.group(2)).orElse("")),
                    query, Optional.empty(), Map.of("sforce-query-options",
                            call.header("Sforce-Query-Options").orElse("")),
                    new Caller(user.orElse(""), "com/salesforce/api/rest/" + version + client));
            call.operation(RestApi.operation(bare));
            if (user.isEmpty()) {
                throw new Refusal(401, "INVALID_SESSION_ID", "Session expired or invalid");
            }
            if (apiRequests() >= apiRequestsPerDay.get()) {
                throw new Refusal(403, "REQUEST_LIMIT_EXCEEDED", "TotalRequests Limit exceeded.");
            }
            apiRequestsByHour.merge(hour(), 1L, Long::sum);
            RestRequest request = new RestRequest(bare.method(), bare.base(), bare.segments(), query, body(call),
                    bare.options(), bare.caller());
            Answer answer = rest.handle(request);
            call.ids(ids(request, answer));
            return reply(answer);
        } catch (Refusal refusal) {
            return reply(Answer.refused(refusal));
        }
    }

    private long hour() {
        return time.now().getEpochSecond() / 3600;
    }

    /** Calls of the last 24 hours, by full hours. */
    private long apiRequests() {
        apiRequestsByHour.headMap(hour() - 23).clear();
        return apiRequestsByHour.values().stream().mapToLong(Long::longValue).sum();
    }

    private static Optional<JsonNode> body(Call call) {
        if (call.body().length() == 0) {
            return Optional.empty();
        }
        try {
            return Optional.of(JSON.readTree(call.body().getBytes()));
        } catch (IOException e) {
            String message = e instanceof com.fasterxml.jackson.core.JsonProcessingException json
                    ? json.getOriginalMessage() : e.getMessage();
            throw Refusal.json(message);
        }
    }

    /** The records that a call wrote or named, for the call log. */
    private static List<String> ids(RestRequest request, Answer answer) {
        List<String> ids = new ArrayList<>();
        for (String segment : request.segments()) {
            SalesforceId.parse(segment).filter(id -> segment.length() == 18 && id.startsWith("0")).ifPresent(ids::add);
        }
        if (!request.is("GET")) {
            answer.body().ifPresent(body -> {
                (body.isArray() ? body : JsonNodeFactory.instance.arrayNode().add(body)).forEach(item -> {
                    String id = item.path("id").asText();
                    if (!id.isEmpty() && !ids.contains(id)) {
                        ids.add(id);
                    }
                });
            });
        }
        return ids;
    }

    private static Answer versions() {
        ArrayNode versions = JsonNodeFactory.instance.arrayNode();
        for (int version = OLDEST_VERSION; version <= NEWEST_VERSION; version++) {
            int year = 2021 + (version - 50) / 3;
            String season = List.of("Spring", "Summer", "Winter").get((version - 51 + 3) % 3);
            versions.addObject().put("label", season + " '" + (year - 2000))
                    .put("url", "/services/data/v" + version + ".0").put("version", version + ".0");
        }
        return Answer.of(200, versions);
    }

    private static Reply reply(Answer answer) {
        return answer.body().map(body -> Reply.json(answer.status(), body))
                .orElseGet(() -> Reply.empty(answer.status()));
    }

    private ObjectNode limits() {
        long max = apiRequestsPerDay.get();
        ObjectNode limits = JSON.createObjectNode();
        limits.putObject("DailyApiRequests").put("Max", max).put("Remaining", Math.max(0, max - apiRequests()));
        limits.putObject("HourlyPublishedStandardVolumePlatformEvents").put("Max", 1000).put("Remaining", 1000);
        limits.putObject("DataStorageMB").put("Max", 1024).put("Remaining", 1000);
        return limits;
    }

    /** What the control plane asks of this stand-in. */
    private final class Organisation implements Product {

        @Override
        public ObjectNode credentials() {
            String url = "http://" + options.host() + ":" + port();
            ObjectNode all = JSON.createObjectNode().put("loginUrl", url).put("instanceUrl", url)
                    .put("pubSubHost", options.host()).put("pubSubPort", pubSubPort())
                    .put("organizationId", ORGANISATION).put("clientId", CONSUMER_KEY)
                    .put("clientSecret", CONSUMER_SECRET).put("username", USERNAME).put("password", PASSWORD)
                    .put("integrationUserId", RecordStore.INTEGRATION_USER).put("privateKey", keys.privatePem())
                    .put("certificate", keys.certificatePem())
                    .put("keyStore", Base64.getEncoder().encodeToString(keys.keyStore()))
                    .put("keyStorePassword", Keys.STORE_PASSWORD);
            ArrayNode users = all.putArray("users");
            store.rows(catalog.user).forEach(row -> users.addObject().put("id", row.id())
                    .put("name", (String) row.get("Name")).put("username", (String) row.get("Username"))
                    .put("active", (Boolean) row.get("IsActive")));
            ArrayNode queues = all.putArray("queues");
            store.rows(catalog.group).forEach(row -> queues.addObject().put("id", row.id())
                    .put("name", (String) row.get("Name")));
            return all;
        }

        @Override
        public void stats(ObjectNode stats) {
            ObjectNode records = stats.putObject("records");
            for (ObjectType type : catalog.objects()) {
                records.put(type.name, store.rows(type).stream().filter(row -> !row.deleted()).count());
            }
            stats.put("apiRequests", apiRequests()).put("tokensIssued", tokens.issued());
            stats.putObject("pubsub").put("published", log.published()).put("delivered", pubSub.delivered())
                    .put("subscribers", pubSub.subscribers()).put("streamsOpened", pubSub.opened());
            writes(stats.putObject("leadWritesByIntegrationUser"));
        }

        private void writes(ObjectNode node) {
            TreeMap<Long, Long> histogram = new TreeMap<>();
            long total = 0;
            List<String> most = new ArrayList<>();
            for (Map.Entry<String, LongAdder> entry : store.writesByIntegrationUser().entrySet()) {
                if (entry.getKey().startsWith(catalog.lead.keyPrefix)) {
                    long writes = entry.getValue().sum();
                    if (histogram.isEmpty() || writes > histogram.lastKey()) {
                        most.clear();
                    }
                    histogram.merge(writes, 1L, Long::sum);
                    total += writes;
                    if (writes == histogram.lastKey() && most.size() < 20) {
                        most.add(entry.getKey());
                    }
                }
            }
            node.put("leads", histogram.values().stream().mapToLong(Long::longValue).sum()).put("writes", total)
                    .put("max", histogram.isEmpty() ? 0 : histogram.lastKey());
            ObjectNode counts = node.putObject("histogram");
            histogram.forEach((writes, leads) -> counts.put(Long.toString(writes), leads));
            most.forEach(node.putArray("mostWritten")::add);
        }

        /** {@code message} may begin with an error code and a colon. */
        @Override
        public Reply error(int status, String message) {
            Matcher coded = Pattern.compile("([A-Z][A-Z_]+): ?(.*)", Pattern.DOTALL).matcher(message);
            String code = switch (status) {
                case 401 -> "INVALID_SESSION_ID";
                case 403 -> "REQUEST_LIMIT_EXCEEDED";
                case 404 -> "NOT_FOUND";
                case 503 -> "SERVER_UNAVAILABLE";
                default -> "UNKNOWN_EXCEPTION";
            };
            return coded.matches() ? Reply.json(status, Answer.error(coded.group(1), coded.group(2), List.of()))
                    : Reply.json(status, Answer.error(code, message.isEmpty() ? "An unexpected error occurred"
                            : message, List.of()));
        }

        @Override
        public void dress(Call call, Reply reply) {
            reply.with("X-Request-Id", call.header("X-Request-Id").orElse(call.requestId()));
            if (call.path().startsWith("/services/data/v")) {
                reply.with("Sforce-Limit-Info", "api-usage=" + apiRequests() + "/" + apiRequestsPerDay.get());
            }
        }

        @Override
        public void reset() {
            store.reset();
            log.reset();
            tokens.reset();
            rest.reset();
            apiRequestsByHour.clear();
            sampleLeadsOwed = 0;
            sampleLeads = new SampleLeads(world, options.seed());
        }
    }
}
