package io.leadroutes.zoominfo.pacing;

import io.leadroutes.zoominfo.Account;
import io.leadroutes.zoominfo.ZoomInfoConfig;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.ToDoubleFunction;
import javax.sql.DataSource;
import org.springframework.jdbc.core.simple.JdbcClient;

/** What the shared rows of the egress say, for people and for metrics. */
@Singleton
class EgressStates {

    private static final String READ = """
            select tier, cast(holder as text) as holder, coalesce(lease_until > clock_timestamp(), false) as held, epoch,
                   egress_guard(guard, guard_at, :guard, clock_timestamp()) as guard,
                   coalesce(1000 * extract(epoch from spacing), 0) as spacing,
                   greatest(0, extract(epoch from paused_until - clock_timestamp())) as paused,
                   case when foreign_until > clock_timestamp() then foreign_rate else 0 end as others, sent
            from egress_slot where account = :account order by tier""";
    private static final String USED = """
            select sent - egress_sent_before(account, tier, sent, clock_timestamp() - :period * interval '1 millisecond')
            from egress_slot where account = :account and tier = :tier""";

    private final JdbcClient jdbc;
    private final String account;
    private final double guard;
    private final Map<String, List<Window>> windows;
    private final Map<String, EgressLease.State> last = new ConcurrentHashMap<>();

    @Inject
    EgressStates(EgressConnections connections, ZoomInfoConfig config, Pacing pacing, MeterRegistry meters) {
        this(connections.dataSource(), Account.of(config), config.pacing().guard(), pacing.windows());
        for (String tier : windows.keySet()) {
            gauge(meters, "guard", "Share by which calls are spaced wider than the limits demand", tier,
                    EgressLease.State::guard);
            gauge(meters, "spacing", "Milliseconds between two calls", tier, EgressLease.State::spacingMillis);
            gauge(meters, "paused", "Seconds until the pause after a 429 ends", tier, EgressLease.State::pausedSeconds);
            gauge(meters, "foreign", "Calls a second that are left to other clients of the account", tier,
                    EgressLease.State::foreignPerSecond);
        }
    }

    EgressStates(DataSource dataSource, String account, double guard, Map<String, List<Window>> windows) {
        this.jdbc = JdbcClient.create(dataSource);
        this.account = account;
        this.guard = guard;
        this.windows = windows;
    }

    private void gauge(MeterRegistry meters, String name, String description, String tier,
            ToDoubleFunction<EgressLease.State> value) {
        Gauge.builder("leadroutes.zoominfo.egress." + name, () -> last.containsKey(tier)
                ? value.applyAsDouble(last.get(tier)) : Double.NaN).description(description).tag("tier", tier)
                .register(meters);
    }

    /** @param self this replica */
    List<EgressLease.State> read(String self) {
        List<EgressLease.State> states = jdbc.sql(READ).param("account", account).param("guard", guard)
                .query((row, number) -> state(row, self)).list();
        states.forEach(state -> last.put(state.tier(), state));
        return states;
    }

    private EgressLease.State state(ResultSet row, String self) throws SQLException {
        String tier = row.getString("tier");
        boolean held = row.getBoolean("held");
        return new EgressLease.State(tier, held ? row.getString("holder") : "",
                held && self.equals(row.getString("holder")), row.getLong("epoch"), row.getDouble("guard"),
                row.getDouble("spacing"), row.getDouble("paused"), row.getDouble("others"), row.getLong("sent"),
                windows.getOrDefault(tier, List.of()).stream().map(window -> used(tier, window)).toList());
    }

    private EgressLease.WindowUse used(String tier, Window window) {
        return new EgressLease.WindowUse(window.toString(), jdbc.sql(USED).param("account", account).param("tier", tier)
                .param("period", window.period().toMillis()).query(Long.class).single());
    }
}
