package io.leadroutes.zoominfo;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.leadroutes.zoominfo.ZoomInfoClient.Bounds;
import io.leadroutes.zoominfo.ZoomInfoConfig.CapCounts;
import io.leadroutes.zoominfo.pacing.Pacing;
import io.leadroutes.zoominfo.pacing.PacingFixture;
import io.leadroutes.zoominfo.pacing.SlotTable;
import io.leadroutes.zoominfo.token.TokenFixture;
import io.leadroutes.zoominfo.token.TokenHolder;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.FluentProducerTemplate;
import org.apache.camel.component.direct.DirectComponent;
import org.apache.camel.component.http.HttpClientConfigurer;
import org.apache.camel.component.kamelet.KameletComponent;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;

/** The routes and Kamelets of the repository with their beans, in front of a fake ZoomInfo. */
public final class ZoomInfoRig implements AutoCloseable {

    /** A circuit that never opens, for tests that are not about it. */
    private static final Bounds USUAL = new Bounds(Duration.ofSeconds(30), 8 << 20);
    static final Circuit ALWAYS_CLOSED = new Circuit() {
        @Override
        public Pass admit(String operation, String requestId) {
            return Pass.closed();
        }

        @Override
        public void succeeded(String operation, Pass pass) {
        }

        @Override
        public void failed(String operation, Pass pass, ZoomInfoException failure, boolean suspect) {
        }

        @Override
        public void tryAgain(FailureClass cause) {
        }
    };

    /** Counts no credits, unless a test gives it a ledger. */
    static final class Credits extends RouteCredits {

        private Optional<RouteCredits> counted = Optional.empty();

        Credits() {
            super(null, null);
        }

        void count(RouteCredits with) {
            counted = Optional.of(with);
        }

        @Override
        public void reserve(Exchange exchange) throws ZoomInfoException {
            if (counted.isPresent()) {
                counted.get().reserve(exchange);
            }
        }

        @Override
        public void settle(Exchange exchange) {
            counted.ifPresent(credits -> credits.settle(exchange));
        }
    }

    final Credits credits = new Credits();
    public final FakeZoomInfo zoomInfo = new FakeZoomInfo();
    public final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    /** The time by which answers of look-ups expire. */
    public final ManualClock clock = new ManualClock();
    public final ContractLimits limits = new ContractLimits(meters, clock);
    public final UsageRecord usage = new UsageRecord(meters, limits, Clock.systemUTC());
    public final CamelContext camel = new DefaultCamelContext();
    public final TokenHolder tokens;

    public ZoomInfoRig(SlotTable slots, String requestsPerSecond) throws Exception {
        this(slots, requestsPerSecond, builder -> {
        });
    }

    /** Logs in as this user; what the fake is to answer is the test's. */
    public ZoomInfoRig(SlotTable slots, String requestsPerSecond, String username, String password) throws Exception {
        this(slots, requestsPerSecond, builder -> {
        }, username, password, ALWAYS_CLOSED, USUAL);
    }

    /**
     * @param requestsPerSecond limit of the standard tier
     * @param client            set-up of the HTTP client besides ours
     */
    public ZoomInfoRig(SlotTable slots, String requestsPerSecond, HttpClientConfigurer client) throws Exception {
        this(slots, requestsPerSecond, client, "user@example.com", "secret", ALWAYS_CLOSED, USUAL);
    }

    /** @param deadline of each call, whose answer may have 100,000 bytes */
    ZoomInfoRig(SlotTable slots, String requestsPerSecond, Circuit circuit, Duration deadline) throws Exception {
        this(slots, requestsPerSecond, builder -> {
        }, "user@example.com", "secret", circuit, new Bounds(deadline, 100_000));
    }

    /** In front of a ZoomInfo elsewhere, such as the sandbox. */
    public ZoomInfoRig(SlotTable slots, String requestsPerSecond, String baseUrl, String username, String password)
            throws Exception {
        this(slots, requestsPerSecond, builder -> {
        }, Optional.of(baseUrl), username, password, ALWAYS_CLOSED, USUAL);
    }

    private ZoomInfoRig(SlotTable slots, String requestsPerSecond, HttpClientConfigurer client, String username,
            String password, Circuit circuit, Bounds bounds) throws Exception {
        this(slots, requestsPerSecond, client, Optional.empty(), username, password, circuit, bounds);
    }

    private ZoomInfoRig(SlotTable slots, String requestsPerSecond, HttpClientConfigurer client, Optional<String> baseUrl,
            String username, String password, Circuit circuit, Bounds bounds) throws Exception {
        tokens = TokenFixture.byPassword(camel, username, password);
        Properties settings = new Properties();
        settings.setProperty("zoominfo.base-url", baseUrl.orElse(zoomInfo.url()));
        settings.setProperty("zoominfo.tier.standard.requests-per-second", requestsPerSecond);
        settings.setProperty("zoominfo.tier.auth.requests-per-second", requestsPerSecond.equals("0") ? "0" : "1");
        settings.setProperty("zoominfo.retry.delay", "1");
        // Before the configuration that a test of the whole application may have left in this JVM.
        camel.getPropertiesComponent().setOverrideProperties(settings);
        ObjectMapper json = new ObjectMapper();
        Pacing pacing = PacingFixture.pacing(slots, meters);
        Lookups lookups = new Lookups(Lookups.tier(camel), Duration.ofHours(1), clock);
        camel.getRegistry().bind("zoominfoPacing", pacing);
        HttpClientConfigurer ours = new ZoomInfoClient(PacingFixture.sendMoment(pacing), bounds, bounds);
        camel.getRegistry().bind("zoominfoClient", (HttpClientConfigurer) builder -> {
            client.configureHttpClient(builder);
            ours.configureHttpClient(builder);
        });
        camel.getRegistry().bind("zoominfoTier",
                new TierCall(pacing, () -> tokens, usage, circuit, json, meters, Clock.systemUTC()));
        camel.getRegistry().bind("zoominfoRequest", new ApiRequest(new OutputFields(lookups, clock), json));
        camel.getRegistry().bind("zoominfoLimits", limits);
        camel.getRegistry().bind("routeCredits", credits);
        camel.getRegistry().bind("zoominfoLookups", lookups);
        camel.getRegistry().bind("zoominfoSearchPages", new SearchPages(camel, 4, CapCounts.PAGES));
        camel.getComponent("kamelet", KameletComponent.class).setLocation("file:routes/kamelets");
        // As in application.properties.
        camel.getComponent("kamelet", KameletComponent.class).setNoErrorHandler(true);
        camel.getComponent("direct", DirectComponent.class).setBlock(false);
        // The route configuration first: routes name it.
        try (Stream<Path> files = Stream.concat(Stream.of(Path.of("routes/shared/zoominfo-caller.camel.yaml")),
                Files.list(Path.of("routes/zoominfo")))) {
            for (Path file : files.toList()) {
                load("file:" + file);
            }
        }
        camel.start();
    }

    public void load(String resource) throws Exception {
        PluginHelper.getRoutesLoader(camel).loadRoutes(ResourceHelper.resolveMandatoryResource(camel, resource));
    }

    public void loadYaml(String yaml) throws Exception {
        PluginHelper.getRoutesLoader(camel).loadRoutes(ResourceHelper.fromString("test-route.camel.yaml", yaml));
    }

    /** Sends one body; the exchange holds the answer or the exception. */
    public Exchange send(String uri, Object body) {
        return send(uri, body, Map.of());
    }

    public Exchange send(String uri, Object body, Map<String, Object> headers) {
        FluentProducerTemplate template = camel.createFluentProducerTemplate().to(uri).withBody(body);
        headers.forEach(template::withHeader);
        return template.send();
    }

    @Override
    public void close() throws Exception {
        camel.close();
        zoomInfo.close();
    }
}
