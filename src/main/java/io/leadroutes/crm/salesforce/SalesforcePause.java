package io.leadroutes.crm.salesforce;

import io.leadroutes.crm.CrmException;
import io.leadroutes.crm.CrmException.Failure;
import io.leadroutes.lead.Backoff;
import io.leadroutes.metrics.BackgroundReading;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.transaction.Transactional;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import javax.sql.DataSource;
import org.jboss.logging.Logger;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * The pause of the whole org after a call that failed because Salesforce takes no calls: down, out of reach, its limit used
 * up, log-in refused. Nothing is claimed but one record at a time, by one replica, when it is time to try; the first
 * answer ends the pause. The statements that claim ({@code sql/claim-decided.sql}, {@code claim-crm-update.sql}) hold to it.
 *
 * <p>A failure inside Salesforce is none of these: one record may be its cause.
 */
@ApplicationScoped
class SalesforcePause {

    private static final Logger LOG = Logger.getLogger(SalesforcePause.class);

    private static final Set<Integer> DOWN = Set.of(408, 503);

    /** How long a record that has failed waits at most: shortly, because the pause of the org protects Salesforce. */
    private static final Duration RECORD_MOST = Duration.ofSeconds(15);

    private static final Map<Failure, Backoff> CAUSES = new EnumMap<>(Map.of(
            Failure.TRANSIENT, new Backoff(Duration.ofSeconds(1), Duration.ofSeconds(15)),
            Failure.UNKNOWN_OUTCOME, new Backoff(Duration.ofSeconds(1), Duration.ofSeconds(15)),
            // The limit counts 24 hours, and too many wrong log-ins lock the user out.
            Failure.RATE_LIMITED, new Backoff(Duration.ofMinutes(1), Duration.ofMinutes(5)),
            Failure.UNAUTHENTICATED, new Backoff(Duration.ofMinutes(1), Duration.ofMinutes(5))));

    private final JdbcTemplate jdbc;

    @Inject
    SalesforcePause(DataSource dataSource, MeterRegistry meters) {
        this.jdbc = new JdbcTemplate(dataSource);
        Gauge.builder("leadroutes.salesforce.paused", new BackgroundReading<>("salesforce-pause-metrics", this::paused,
                Double.NaN)::value)
                .description("1 while Salesforce takes no calls").register(meters);
    }

    private double paused() {
        return jdbc.queryForObject("select count(since) from salesforce_pause", Integer.class);
    }

    /**
     * Notes a call that failed as a whole.
     *
     * @return how long its records wait, if it paused the org; empty when the failure may be theirs
     */
    @Transactional
    Optional<Duration> failed(CrmException failure, int attempts) {
        Backoff growth = CAUSES.get(failure.failure());
        boolean ofTheRecord = failure.failure() == Failure.TRANSIENT
                && failure.httpStatus().filter(status -> !DOWN.contains(status)).isPresent();
        if (growth == null || ofTheRecord) {
            return Optional.empty();
        }
        Map<String, Object> row = jdbc.queryForMap("""
                update salesforce_pause
                set failures = failures + 1, since = coalesce(since, now()), cause = ?,
                    probe_at = now() + make_interval(secs => least(?, ? * power(2, least(failures, 20))))
                returning failures, extract(epoch from probe_at - now()) as seconds""",
                failure.getMessage(), seconds(growth.most()), seconds(growth.first()));
        if (((Number) row.get("failures")).intValue() == 1) {
            LOG.warnf("%s. Nothing is written until it answers again; that is tried from time to time",
                    failure.getMessage());
        }
        Duration backoff = RecordResults.backoff(attempts);
        return Optional.of(backoff.compareTo(RECORD_MOST) > 0 ? RECORD_MOST : backoff);
    }

    /** Notes that Salesforce has answered a call for records, whatever it said of them. */
    @Transactional
    void answered() {
        jdbc.queryForList("""
                with paused as (select since from salesforce_pause where since is not null for update)
                update salesforce_pause p set since = null, cause = null, failures = 0, probe_at = '-infinity'
                from paused returning extract(epoch from now() - paused.since)::bigint""", Long.class)
                .forEach(seconds -> LOG.infof("Salesforce answers again after %d s", seconds));
    }

    private static double seconds(Duration duration) {
        return duration.toMillis() / 1000.0;
    }
}
