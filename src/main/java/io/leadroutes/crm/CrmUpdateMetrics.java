package io.leadroutes.crm;

import io.leadroutes.metrics.BackgroundReading;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.Startup;
import jakarta.annotation.PostConstruct;
import jakarta.enterprise.context.ApplicationScoped;
import javax.sql.DataSource;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * Gauges of the queue of updates: {@code leadroutes.crm.updates} by state ({@code QUEUED} and {@code DEAD}) and
 * {@code leadroutes.crm.updates.oldest}, the seconds that the oldest has waited. Read from the database at most every
 * five seconds; not a number while it cannot be reached.
 */
@Startup
@ApplicationScoped
class CrmUpdateMetrics {

    private final JdbcTemplate jdbc;
    private final MeterRegistry meters;
    private final BackgroundReading<Snapshot> snapshot = new BackgroundReading<>("crm-update-metrics", this::read,
            new Snapshot(Double.NaN, Double.NaN, Double.NaN));

    private record Snapshot(double queued, double dead, double oldestSeconds) {
    }

    CrmUpdateMetrics(DataSource dataSource, MeterRegistry meters) {
        this.jdbc = new JdbcTemplate(dataSource);
        this.meters = meters;
    }

    @PostConstruct
    void register() {
        Gauge.builder("leadroutes.crm.updates", () -> snapshot.value().queued()).tag("state", "QUEUED")
                .description("Updates of CRM records in this state").register(meters);
        Gauge.builder("leadroutes.crm.updates", () -> snapshot.value().dead()).tag("state", "DEAD")
                .description("Updates of CRM records in this state").register(meters);
        Gauge.builder("leadroutes.crm.updates.oldest", () -> snapshot.value().oldestSeconds()).baseUnit("seconds")
                .description("Age of the oldest update that waits").register(meters);
    }

    private Snapshot read() {
        return jdbc.queryForObject("""
                select count(*), coalesce(extract(epoch from now() - min(created_at)), 0),
                       (select count(*) from dead_letter where state = 'OPEN' and stage = 'CRM_UPDATE')
                from crm_update where state = 'QUEUED'""",
                (row, number) -> new Snapshot(row.getDouble(1), row.getDouble(3), row.getDouble(2)));
    }
}
