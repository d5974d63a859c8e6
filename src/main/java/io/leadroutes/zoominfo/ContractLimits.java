package io.leadroutes.zoominfo;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.arc.Unremovable;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Instant;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jboss.logging.Logger;

/**
 * The limits of the contract term and what is used of them, from the headers of every call and from
 * {@code GET /lookup/usage}, whichever was read last (ZoomInfo API overview, rate and usage limits). Passing 80, 90
 * and 100 % of a limit is told once in the log.
 */
@Singleton
@Named("zoominfoLimits")
@Unremovable
public class ContractLimits {

    private static final Logger LOG = Logger.getLogger(ContractLimits.class);
    private static final long UNLIMITED = -1;
    private static final double[] WARNINGS = {0.8, 0.9, 1};
    /** How far the use must fall below a mark to pass it anew: answers of calls in parallel come out of order. */
    private static final double SLACK = 0.01;

    /** The five limits. */
    public enum Limit {
        REQUEST("Request"), RECORD("Record"), UNIQUE_ID("Unique-Id"), WEBSIGHTS_REQUEST("Websights-Api-Request"),
        WEBSIGHTS_RECORD("Websights-Api-Record");

        private final String header;

        Limit(String middle) {
            this.header = "X-Usage-" + middle + "-Limit";
        }

        /** As the tag of the metric and in the API, for example {@code unique-id}. */
        public String tag() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }

        /** {@code requestLimit}, {@code webSightsApiRecordLimit} and so on, compared without case. */
        private boolean isNamed(String limitType) {
            return limitType.equalsIgnoreCase(header.substring("X-Usage-".length()).replace("-", ""));
        }
    }

    /**
     * One limit as last read.
     *
     * @param limit     its tag
     * @param total     what the contract term allows; -1 when unlimited
     * @param used      what is used of it
     * @param remaining what is left; -1 when unlimited
     * @param share     used share, 0 to 1 and above when more was used; 0 without a limit
     * @param unlimited whether there is none
     * @param readAt    when ZoomInfo told it
     */
    public record Reading(String limit, long total, long used, long remaining, double share, boolean unlimited,
            Instant readAt) {
    }

    private final Map<Limit, Reading> readings = new EnumMap<>(Limit.class);
    private final Map<Limit, Integer> warned = new EnumMap<>(Limit.class);
    private final MeterRegistry meters;
    private final Clock clock;

    @Inject
    ContractLimits(MeterRegistry meters) {
        this(meters, Clock.systemUTC());
    }

    ContractLimits(MeterRegistry meters, Clock clock) {
        this.meters = meters;
        this.clock = clock;
    }

    /** Notes what the headers of an answer say; they stand under their names in the overview. */
    void headers(String tier, Map<String, Long> numbers) {
        for (Limit limit : Limit.values()) {
            Long total = numbers.get(limit.header + "-Limit");
            Long remaining = numbers.get(limit.header + "-Remaining");
            // The scaling tier has no limit of requests; that says nothing about those of the other calls.
            if (total != null && remaining != null && !(tier.equals("scaling") && total == UNLIMITED)) {
                note(limit, total, total - remaining, remaining);
            }
        }
    }

    /** Notes an answer of {@code /lookup/usage}, whose limit is known as {@code limit} and as {@code totalLimit}. */
    public void read(Map<String, Object> answer) {
        if (!(answer.get("usage") instanceof List<?> rows)) {
            LOG.warn("The answer of /lookup/usage has no list of limits");
            return;
        }
        for (Object row : rows) {
            if (row instanceof Map<?, ?> map) {
                String type = String.valueOf(map.get("limitType"));
                Optional<Long> total = number(map.get("limit")).or(() -> number(map.get("totalLimit")));
                Optional<Long> used = number(map.get("currentUsage"));
                Arrays.stream(Limit.values()).filter(limit -> limit.isNamed(type)).findFirst()
                        .filter(limit -> total.isPresent() && used.isPresent())
                        .ifPresent(limit -> note(limit, total.get(), used.get(),
                                number(map.get("usageRemaining")).orElse(total.get() - used.get())));
            }
        }
    }

    /** What an answer of {@code /lookup/usage} says is used of a limit. */
    static Optional<Long> used(Map<String, Object> answer, Limit limit) {
        return answer.get("usage") instanceof List<?> rows ? rows.stream().filter(row -> row instanceof Map).map(row -> (Map<?, ?>) row)
                .filter(row -> limit.isNamed(String.valueOf(row.get("limitType")))).findFirst()
                .flatMap(row -> number(row.get("currentUsage"))) : Optional.empty();
    }

    private static Optional<Long> number(Object value) {
        try {
            return value == null ? Optional.empty() : Optional.of(Long.parseLong(value.toString().strip()));
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }

    private synchronized void note(Limit limit, long total, long used, long remaining) {
        boolean unlimited = total == UNLIMITED;
        // A limit of 0 is none of the contract: there is nothing to use up.
        double share = unlimited || total == 0 ? 0 : (double) used / total;
        boolean fresh = readings.put(limit, new Reading(limit.tag(), total, unlimited ? Math.max(0, used) : used,
                unlimited ? UNLIMITED : remaining, share, unlimited, clock.instant())) == null;
        if (fresh) {
            Gauge.builder("leadroutes.zoominfo.limit.used", this, limits -> limits.of(limit).map(Reading::share).orElse(0d))
                    .description("Used share of a limit of the contract term, 0 to 1; 0 when unlimited")
                    .tag("limit", limit.tag()).register(meters);
        }
        warn(limit, share, total, used, remaining);
    }

    private void warn(Limit limit, double share, long total, long used, long remaining) {
        int before = warned.getOrDefault(limit, 0);
        int passed = passed(share);
        if (passed > before) {
            LOG.warnf("%.0f %% of ZoomInfo's %s limit are used: %d of %d, %d left. GET /api/usage shows all limits",
                    100 * WARNINGS[passed - 1], limit.tag(), used, total, remaining);
            warned.put(limit, passed);
        } else {
            warned.put(limit, Math.min(before, passed(share + SLACK)));
        }
    }

    private static int passed(double share) {
        return (int) Arrays.stream(WARNINGS).filter(mark -> share >= mark).count();
    }

    /** A limit as last read. */
    public synchronized Optional<Reading> of(Limit limit) {
        return Optional.ofNullable(readings.get(limit));
    }

    /** All limits read so far, in the order of the overview. */
    public List<Reading> all() {
        return Arrays.stream(Limit.values()).map(limit -> of(limit).orElse(null)).filter(Objects::nonNull).toList();
    }
}
