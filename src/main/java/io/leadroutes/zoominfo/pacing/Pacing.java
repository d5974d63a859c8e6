package io.leadroutes.zoominfo.pacing;

import io.leadroutes.zoominfo.FailureClass;
import io.leadroutes.zoominfo.ZoomInfoConfig;
import io.leadroutes.zoominfo.ZoomInfoException;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.arc.Unremovable;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** The pacers of all tiers, and the calls that are on their way. */
@ApplicationScoped
@Named("zoominfoPacing")
@Unremovable
public class Pacing {

    /** Exchange property with the key of a call's departure. */
    public static final String DEPARTURE = "zoominfoDeparture";
    /** Exchange property with the epoch of the egress lease under which the call may take slots; without it any may. */
    public static final String EPOCH = "zoominfoEpoch";
    /** Header that leads from a request to its departure; taken off before the request is written. */
    public static final String DEPARTURE_HEADER = "X-LeadRoutes-Departure";
    private static final String THROTTLE_PREFIX = "zoominfo-";
    /** How long a database that does not answer is waited for: long enough for it to restart. */
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final long SHORTLY_MILLIS = 20;

    private final Map<String, List<Window>> windows;
    private final double guard;
    private final Duration patience;
    private final SlotTable table;
    private final NanoClock clock;
    private final MeterRegistry meters;
    private final Map<String, List<Window>> firsts = new HashMap<>();
    private final Map<String, Pacer> pacers = new ConcurrentHashMap<>();
    private final Map<String, PacerMeters> figures = new ConcurrentHashMap<>();
    private final Map<String, Departure> departures = new ConcurrentHashMap<>();
    private final ScheduledExecutorService looks = onThread("egress-looks");
    private final ScheduledExecutorService later = onThread("egress-debits");

    @Inject
    Pacing(ZoomInfoConfig config, SlotTable table, MeterRegistry meters) {
        this(windows(config.tier()), config.pacing().guard(), PATIENCE, table, NanoClock.SYSTEM, meters);
        config.tier().requestsPerSecond().forEach((tier, perSecond) -> firsts.put(tier,
                perSecond > 0 ? List.of(new Window(perSecond, Duration.ofSeconds(1))) : List.of()));
    }

    /** @param windows name of the tier → the windows beside the one that its route states */
    Pacing(Map<String, List<Window>> windows, double guard, Duration patience, SlotTable table, NanoClock clock,
            MeterRegistry meters) {
        this.windows = Map.copyOf(windows);
        this.guard = guard;
        this.patience = patience;
        this.table = table;
        this.clock = clock;
        this.meters = meters;
    }

    /** For CDI's client proxy. */
    Pacing() {
        this(Map.of(), 0, PATIENCE, null, NanoClock.SYSTEM, null);
    }

    private static Map<String, List<Window>> windows(ZoomInfoConfig.Tiers tiers) {
        Map<String, List<Window>> windows = new HashMap<>();
        tiers.requestsPerMinute().forEach((tier, perMinute) -> {
            List<Window> all = new ArrayList<>();
            if (perMinute > 0) {
                all.add(new Window(perMinute, Duration.ofMinutes(1)));
            }
            tiers.windows().get(tier).ifPresent(list -> list.forEach(text -> {
                try {
                    all.add(Window.parse(text));
                } catch (IllegalArgumentException e) {
                    throw new IllegalArgumentException("zoominfo.tier." + tier + ".windows: " + e.getMessage(), e);
                }
            }));
            windows.put(tier, all);
        });
        return windows;
    }

    /** Name of the tier → its windows; none where pacing is switched off. */
    Map<String, List<Window>> windows() {
        Map<String, List<Window>> all = new HashMap<>();
        firsts.forEach((tier, first) -> all.put(tier, first.isEmpty() ? List.of()
                : Stream.concat(first.stream(), windows.get(tier).stream()).toList()));
        return all;
    }

    /** The tier that a throttle of this id paces; empty for all throttles that are none of ours. */
    Optional<String> tierOfThrottle(String throttleId) {
        return Optional.ofNullable(throttleId).filter(id -> id.startsWith(THROTTLE_PREFIX))
                .map(id -> id.substring(THROTTLE_PREFIX.length())).filter(windows::containsKey);
    }

    /**
     * Waits for the next slot of a tier.
     *
     * @param key   under which the departure is found when the request is written
     * @param first the window that the route states; empty: no pacing and no database call
     * @param epoch of the egress lease under which the slot is taken, if it is a call of the egress
     */
    void acquire(String tier, String key, Optional<Window> first, OptionalLong epoch) throws InterruptedException {
        Departure departure = Departure.unpaced();
        if (first.isPresent()) {
            List<Window> all = new ArrayList<>();
            all.add(first.get());
            all.addAll(windows.get(tier));
            departure = pacer(tier).acquire(new Pacer.Terms(all, guard, epoch));
            figures(tier).waited(departure.waited());
        }
        departures.put(key, departure);
    }

    private Pacer pacer(String tier) {
        return pacers.computeIfAbsent(tier, name -> new Pacer(name, table, clock, patience, figures(name),
                look -> looks.schedule(look, Pacer.LOOK_AFTER_NANOS, TimeUnit.NANOSECONDS),
                task -> later.schedule(task, SHORTLY_MILLIS, TimeUnit.MILLISECONDS)));
    }

    private static ScheduledExecutorService onThread(String name) {
        return Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, name);
            thread.setDaemon(true);
            return thread;
        });
    }

    private PacerMeters figures(String tier) {
        return figures.computeIfAbsent(tier, name -> new PacerMeters(meters, name));
    }

    /** The request under this key is about to be written; returns when it may. */
    void leave(String key) throws IOException {
        Departure departure = departures.get(key);
        if (departure != null) {
            departure.leave();
        }
    }

    /** The request under this key has been written. */
    void written(String key) {
        Departure departure = departures.get(key);
        if (departure != null) {
            departure.written();
        }
    }

    /** Whether the request under this key has left. */
    public boolean wasSent(String key) {
        Departure departure = departures.get(key);
        return departure != null && departure.wasSent();
    }

    /** The call under this key was answered with these headers. */
    public void answered(String key, RateHeaders headers) {
        Departure departure = departures.get(key);
        if (departure != null) {
            departure.answered(headers);
        }
    }

    /** The call under this key has ended, however it ended. */
    public void over(String key) {
        Departure departure = departures.remove(key);
        if (departure != null) {
            departure.over();
        }
    }

    /** The call under this key was answered with 429: nothing of its tier leaves for that long. */
    public void pause(String tier, String key, Duration length) {
        Departure departure = departures.get(key);
        pacer(tier).pause(length, departure == null ? OptionalLong.empty() : departure.slot(), guard);
    }

    /** What it means that a call got no slot; empty for all other failures. */
    public static Optional<ZoomInfoException> refusal(Throwable failure, String requestId) {
        Throwable cause = failure instanceof NotSentException ? failure.getCause() : failure;
        Optional<FailureClass> known = cause instanceof FencedException ? Optional.of(FailureClass.FENCED)
                : cause instanceof WindowClosedException ? Optional.of(FailureClass.RATE_LIMITED)
                : cause instanceof SlotTable.SlotsUnavailableException || cause instanceof InterruptedException
                        ? Optional.of(FailureClass.TRANSIENT) : Optional.empty();
        return known.map(failureClass -> {
            ZoomInfoException refusal = new ZoomInfoException(failureClass, cause.getMessage(), requestId);
            refusal.initCause(cause);
            return refusal;
        });
    }

    /** The longest time from a call of this tier to its answer within the last minute. */
    Duration longestTrip(String tier) {
        Pacer pacer = pacers.get(tier);
        return pacer == null ? Duration.ZERO : pacer.longestTrip();
    }

    @PreDestroy
    void stop() {
        looks.shutdownNow();
        later.shutdownNow();
    }
}
