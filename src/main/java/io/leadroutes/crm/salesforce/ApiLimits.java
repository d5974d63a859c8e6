package io.leadroutes.crm.salesforce;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.leadroutes.crm.CrmException;
import io.leadroutes.crm.CrmException.Failure;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.arc.Unremovable;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jboss.logging.Logger;

/**
 * The API calls of the last 24 hours that Salesforce grants all clients of the org together, as told by the header
 * {@code Sforce-Limit-Info} of each answer, by {@code /limits}, and by refusals (Salesforce Developer Limits, "API
 * Request Limits and Allocations"). Passing 80, 90 and 100 % is told once in the log.
 */
@Singleton
@Named("salesforceLimits")
@Unremovable
public class ApiLimits {

    static final String HEADER = "Sforce-Limit-Info";
    static final String EXCEEDED = "REQUEST_LIMIT_EXCEEDED";

    private static final Logger LOG = Logger.getLogger(ApiLimits.class);
    private static final Pattern USAGE = Pattern.compile("(?:^|[;,\\s])api-usage=(\\d{1,18})/(\\d{1,18})");
    private static final double[] WARNINGS = {0.8, 0.9, 1};
    /** How far the use must fall below a mark to pass it anew: answers of calls in parallel come out of order. */
    private static final double SLACK = 0.01;

    private final double backgroundStop;
    private final Duration watch;
    private final ObjectMapper json;
    private final Clock clock;
    private volatile Optional<Reading> last = Optional.empty();
    private int warned;

    /**
     * The limit as last read.
     *
     * @param used  calls of the last 24 hours
     * @param total calls granted in 24 hours
     * @param share used share, 0 to 1 and above
     */
    public record Reading(long used, long total, double share, Instant readAt) {
    }

    @Inject
    ApiLimits(SalesforceConfig config, ObjectMapper json, MeterRegistry meters) {
        this(config.limits().backgroundStop(), config.limits().watch(), json, meters, Clock.systemUTC());
    }

    ApiLimits(double backgroundStop, Duration watch, ObjectMapper json, MeterRegistry meters, Clock clock) {
        this.backgroundStop = backgroundStop;
        this.watch = watch;
        this.json = json;
        this.clock = clock;
        Gauge.builder("leadroutes.salesforce.limit.used", this, limits -> limits.last.map(Reading::share).orElse(0d))
                .description("Used share of the API calls of 24 hours, 0 to 1; 0 before the first answer").register(meters);
    }

    /** Notes the header of an answer; one that says nothing of the limit is passed. */
    void header(String value) {
        Matcher usage = USAGE.matcher(value);
        if (usage.find()) {
            note(Long.parseLong(usage.group(1)), Long.parseLong(usage.group(2)));
        }
    }

    /** Notes that Salesforce refused a call because of the limit. */
    void exceeded() {
        long total = last.map(Reading::total).orElse(1L);
        note(Math.max(total, last.map(Reading::used).orElse(1L)), total);
    }

    /** Notes an answer of {@code /limits}. */
    public void read(String answer) throws java.io.IOException {
        JsonNode calls = json.readTree(answer).path("DailyApiRequests");
        if (!calls.path("Max").isNumber() || !calls.path("Remaining").isNumber()) {
            throw RecordResults.unreadable("the limits do not name DailyApiRequests");
        }
        note(calls.path("Max").asLong() - calls.path("Remaining").asLong(), calls.path("Max").asLong());
    }

    private synchronized void note(long used, long total) {
        double share = total == 0 ? 0 : (double) used / total;
        last = Optional.of(new Reading(used, total, share, clock.instant()));
        int passed = passed(share);
        if (passed > warned) {
            LOG.warnf("%.0f %% of Salesforce's API calls of 24 hours are used: %d of %d, by all clients of the org",
                    100 * WARNINGS[passed - 1], used, total);
            warned = passed;
        } else {
            warned = Math.min(warned, passed(share + SLACK));
        }
    }

    private static int passed(double share) {
        return (int) Arrays.stream(WARNINGS).filter(mark -> share >= mark).count();
    }

    /** The limit as last read by this replica. */
    public Optional<Reading> reading() {
        return last;
    }

    /** Whether it is time to ask for the limits, because no answer has told them for a while. */
    public boolean isDue() {
        return last.filter(reading -> reading.readAt().plus(watch).isAfter(clock.instant())).isEmpty();
    }

    /** Whether work that can wait may call Salesforce now. Without a reading it may. */
    public boolean admitsBackground() {
        return last.filter(reading -> reading.share() >= backgroundStop).isEmpty();
    }

    /**
     * Refuses work that can wait as Salesforce itself would, so that it waits in the same way.
     *
     * @throws CrmException of class {@code RATE_LIMITED}
     */
    public void requireBackground() {
        if (!admitsBackground()) {
            Reading reading = last.orElseThrow();
            throw new CrmException(Failure.RATE_LIMITED, Optional.empty(), "", "Salesforce's limit of API calls leaves no "
                    + "room for background work: " + reading.used() + " of " + reading.total() + " are used", null);
        }
    }
}
