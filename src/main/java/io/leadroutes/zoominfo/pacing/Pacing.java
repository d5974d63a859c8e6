package io.leadroutes.zoominfo.pacing;

import io.leadroutes.zoominfo.Account;
import io.leadroutes.zoominfo.ZoomInfoConfig;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.arc.Unremovable;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** The pacers of all tiers, and the calls that are on their way. */
@ApplicationScoped
@Named("zoominfoPacing")
@Unremovable
public class Pacing {

    /** Exchange property with the key of a call's departure. */
    public static final String DEPARTURE = "zoominfoDeparture";
    /** Header that leads from a request to its departure; taken off before the request is written. */
    public static final String DEPARTURE_HEADER = "X-LeadRoutes-Departure";
    private static final String THROTTLE_PREFIX = "zoominfo-";

    private final Map<String, Double> requestsPerMinute;
    private final double guard;
    private final Map<String, Pacer> pacers = new ConcurrentHashMap<>();
    private final Map<String, Departure> departures = new ConcurrentHashMap<>();
    private final MeterRegistry meters;

    @Inject
    Pacing(ZoomInfoConfig config, SlotTable table, MeterRegistry meters) {
        this(config.tier().requestsPerMinute(), config.pacing().guard(), Account.of(config), table, NanoClock.SYSTEM,
                meters);
    }

    Pacing(Map<String, Double> requestsPerMinute, double guard, String account, SlotTable table, NanoClock clock,
            MeterRegistry meters) {
        this.requestsPerMinute = Map.copyOf(requestsPerMinute);
        this.guard = guard;
        this.meters = meters;
        requestsPerMinute.keySet().forEach(tier -> pacers.put(tier, new Pacer(account, tier, table, clock)));
    }

    /** For CDI's client proxy. */
    Pacing() {
        this(Map.of(), 0, "", null, NanoClock.SYSTEM, null);
    }

    /** The tier that a throttle of this id paces; empty for all throttles that are none of ours. */
    Optional<String> tierOfThrottle(String throttleId) {
        return Optional.ofNullable(throttleId).filter(id -> id.startsWith(THROTTLE_PREFIX))
                .map(id -> id.substring(THROTTLE_PREFIX.length())).filter(pacers::containsKey);
    }

    /**
     * Waits for the next slot of a tier.
     *
     * @param key    under which the departure is found when the request is written
     * @param limit  requests a period, as the route states it; 0 or less: no pacing and no database call
     * @param period length of that window
     */
    Departure acquire(String tier, String key, double limit, Duration period) throws InterruptedException {
        Departure departure = Departure.unpaced();
        if (limit > 0) {
            List<Window> windows = new ArrayList<>();
            windows.add(new Window(limit, period));
            double perMinute = requestsPerMinute.get(tier);
            if (perMinute > 0) {
                windows.add(new Window(perMinute, Duration.ofMinutes(1)));
            }
            departure = pacers.get(tier).acquire(windows, guard);
            meters.timer("leadroutes.zoominfo.slot.wait", "tier", tier).record(departure.waited());
        }
        departures.put(key, departure);
        return departure;
    }

    /** The request under this key leaves now. */
    void sent(String key) {
        Departure departure = departures.get(key);
        if (departure != null) {
            departure.sent();
        }
    }

    /** Whether the request under this key has left. */
    public boolean wasSent(String key) {
        Departure departure = departures.get(key);
        return departure != null && departure.wasSent();
    }

    /** The call under this key has ended, however it ended. */
    public void over(String key) {
        Departure departure = departures.remove(key);
        if (departure != null) {
            departure.over();
        }
    }

    /** Nothing of this tier leaves for that long. */
    public void pause(String tier, Duration length) {
        pacers.get(tier).pause(length);
    }
}
