package io.leadroutes.lead;

import io.leadroutes.metrics.BackgroundReading;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge.Row;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import io.quarkus.runtime.Startup;
import jakarta.annotation.PostConstruct;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * Gauges of the inbox: {@code leadroutes.inbox} leads by state ({@code DONE} left out: it only grows) and
 * {@code leadroutes.inbox.oldest}, the seconds that the oldest unfinished lead has waited, and
 * {@code leadroutes.inbox.parked} parked leads by cause. Read from the database at
 * most every five seconds; not a number while it cannot be reached.
 */
@Startup
@ApplicationScoped
class InboxMetrics {

    private final JdbcTemplate jdbc;
    private final MeterRegistry meters;
    private final BackgroundReading<Snapshot> snapshot = new BackgroundReading<>("inbox-metrics", this::read,
            Snapshot.UNKNOWN);
    private MultiGauge parked;

    private record Snapshot(Map<LeadState, Double> counts, double unlisted, double oldestSeconds) {

        static final Snapshot UNKNOWN = new Snapshot(Map.of(), Double.NaN, Double.NaN);

        double count(LeadState state) {
            return counts.getOrDefault(state, unlisted);
        }
    }

    InboxMetrics(DataSource dataSource, MeterRegistry meters) {
        this.jdbc = new JdbcTemplate(dataSource);
        this.meters = meters;
    }

    @PostConstruct
    void register() {
        for (LeadState state : LeadState.values()) {
            if (state != LeadState.DONE) {
                Gauge.builder("leadroutes.inbox", () -> snapshot.value().count(state))
                        .tag("state", state.name()).description("Leads in this state").register(meters);
            }
        }
        parked = MultiGauge.builder("leadroutes.inbox.parked").description("Parked leads by cause").register(meters);
        Gauge.builder("leadroutes.inbox.oldest", () -> snapshot.value().oldestSeconds()).baseUnit("seconds")
                .description("Age of the oldest unfinished lead").register(meters);
    }

    private Snapshot read() {
        Map<LeadState, Double> counts = new EnumMap<>(LeadState.class);
        double[] oldest = {0};
        jdbc.query("""
                select state, count(*), extract(epoch from now() - min(received_at))
                from lead_event where state not in ('DONE', 'DEAD') group by state""", row -> {
            counts.put(LeadState.valueOf(row.getString(1)), row.getDouble(2));
            oldest[0] = Math.max(oldest[0], row.getDouble(3));
        });
        counts.put(LeadState.DEAD, jdbc.queryForObject(
                "select count(distinct event_id) from dead_letter where state = 'OPEN' and stage <> 'CRM_UPDATE'",
                Double.class));
        List<Row<?>> causes = jdbc.query("select parked_cause, count(*) from lead_event where state = 'PARKED' "
                + "group by parked_cause", (row, number) -> Row.of(Tags.of("cause", row.getString(1)), row.getLong(2)));
        parked.register(causes, true);
        return new Snapshot(counts, 0, oldest[0]);
    }
}
