package io.leadroutes.zoominfo;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.arc.Unremovable;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Every rate and usage header of ZoomInfo's answers as last seen (ZoomInfo API overview, rate and usage limits). */
@Singleton
@Named("zoominfoUsage")
@Unremovable
public class UsageRecord {

    /** The headers of the overview. Their case varies with the gateway, so they are compared without it. */
    private static final Map<String, String> NAMES = Stream.of("X-RateLimit-Limit", "X-RateLimit-Remaining",
            "X-RateLimit-Reset", "X-Usage-Request-Limit-Limit", "X-Usage-Request-Limit-Remaining",
            "X-Usage-Record-Limit-Limit", "X-Usage-Record-Limit-Remaining", "X-Usage-Unique-Id-Limit-Limit",
            "X-Usage-Unique-Id-Limit-Remaining", "X-Usage-Websights-Api-Request-Limit-Limit",
            "X-Usage-Websights-Api-Request-Limit-Remaining", "X-Usage-Websights-Api-Record-Limit-Limit",
            "X-Usage-Websights-Api-Record-Limit-Remaining")
            .collect(Collectors.toMap(name -> name.toLowerCase(Locale.ROOT), Function.identity()));
    private static final long UNLIMITED = -1;

    /**
     * One header as last seen.
     *
     * @param tier      tier of the call that brought it
     * @param header    its name as in the overview
     * @param value     its value; -1 when unlimited
     * @param unlimited whether ZoomInfo states no limit
     * @param seenAt    when
     */
    public record Value(String tier, String header, long value, boolean unlimited, Instant seenAt) {
    }

    private record Key(String tier, String header) {
    }

    private final Map<Key, Value> seen = new ConcurrentHashMap<>();
    private final MeterRegistry meters;
    private final ContractLimits limits;
    private final Clock clock;

    @Inject
    UsageRecord(MeterRegistry meters, ContractLimits limits) {
        this(meters, limits, Clock.systemUTC());
    }

    UsageRecord(MeterRegistry meters, ContractLimits limits, Clock clock) {
        this.meters = meters;
        this.limits = limits;
        this.clock = clock;
    }

    /** Notes what an answer of this tier says; headers that are not numbers are passed over. */
    public void record(String tier, Map<String, Object> headers) {
        Map<String, Long> numbers = new HashMap<>();
        headers.forEach((name, value) -> {
            String known = NAMES.get(name.toLowerCase(Locale.ROOT));
            if (known != null) {
                number(value).ifPresent(number -> {
                    note(tier, known, number);
                    numbers.put(known, number);
                });
            }
        });
        limits.headers(tier, numbers);
    }

    private void note(String tier, String header, long value) {
        Key key = new Key(tier, header);
        boolean fresh = seen.put(key, new Value(tier, header, value, value == UNLIMITED, clock.instant())) == null;
        if (fresh && !header.equals("X-RateLimit-Reset")) {
            Gauge.builder("leadroutes.zoominfo.usage", seen, values -> values.get(key).value)
                    .description("Limits and what remains of them, as ZoomInfo last said; -1 is unlimited")
                    .tag("tier", tier).tag("limit", header.substring(2).toLowerCase(Locale.ROOT)).register(meters);
        }
    }

    private static Optional<Long> number(Object value) {
        try {
            return Optional.of(Long.parseLong(String.valueOf(value).strip()));
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }

    /** All headers seen so far, by tier and name. */
    public List<Value> snapshot() {
        List<Value> values = new ArrayList<>(seen.values());
        values.sort(Comparator.comparing(Value::tier).thenComparing(Value::header));
        return values;
    }

    /** The last value of a header over all tiers, if it was seen. */
    public Optional<Value> latest(String header) {
        return seen.values().stream().filter(value -> value.header.equalsIgnoreCase(header))
                .max(Comparator.comparing(Value::seenAt));
    }
}
