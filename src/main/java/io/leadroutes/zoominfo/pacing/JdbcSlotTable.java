package io.leadroutes.zoominfo.pacing;

import io.leadroutes.crash.CrashPoint;
import io.leadroutes.zoominfo.Account;
import io.leadroutes.zoominfo.ZoomInfoConfig;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.OptionalLong;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The schedule as rows of PostgreSQL; the arithmetic is the function {@code take_egress_slot} (migration 11). */
@Singleton
class JdbcSlotTable implements SlotTable {

    private static final String TAKE = """
            select * from take_egress_slot(:account, :tier, :epoch, :limits, :periods, :guard, :debit, :horizon,
                                           :foreign, :cap, :capFor, :now)""";
    private static final String DEBIT = "select debit_egress(:account, :tier, :debit)";
    private static final String PAUSE = "select pause_egress(:account, :tier, :length, :slot, :guard, :now)";

    private final String account;
    private final JdbcClient jdbc;
    private final Supplier<Instant> now;

    @Inject
    JdbcSlotTable(EgressConnections connections, ZoomInfoConfig config) {
        this(connections.dataSource(), Account.of(config), () -> null);
    }

    /** @param now the moment by which everything goes; null is the database's clock */
    JdbcSlotTable(DataSource dataSource, String account, Supplier<Instant> now) {
        this.account = account;
        this.jdbc = JdbcClient.create(dataSource);
        this.now = now;
    }

    @Override
    public Answer take(Request request) {
        try {
            Answer answer = jdbc.sql(TAKE).param("account", account).param("tier", request.tier())
                    .param("epoch", request.epoch().isPresent() ? request.epoch().getAsLong() : null,
                            java.sql.Types.BIGINT)
                    .param("limits", request.windows().stream().map(Window::limit).toArray(Double[]::new))
                    .param("periods", request.windows().stream().map(w -> micros(w.period())).toArray(Long[]::new))
                    .param("guard", request.guard())
                    .param("debit", micros(request.debit()))
                    .param("horizon", micros(request.horizon()))
                    .param("foreign", request.others().map(ForeignUse.News::perSecond).orElse(null),
                            java.sql.Types.DOUBLE)
                    .param("cap", request.others().flatMap(ForeignUse.News::spacing).map(JdbcSlotTable::micros)
                            .orElse(null), java.sql.Types.BIGINT)
                    .param("capFor", request.others().map(ForeignUse.News::until).map(JdbcSlotTable::micros)
                            .orElse(null), java.sql.Types.BIGINT)
                    .param("now", moment(), java.sql.Types.TIMESTAMP_WITH_TIMEZONE)
                    .query((row, number) -> answer(row)).single();
            if (answer instanceof Granted) {
                CrashPoint.AFTER_SLOT.reached();
            }
            return answer;
        } catch (DataAccessException e) {
            throw unavailable(request.tier(), e);
        }
    }

    private static Answer answer(ResultSet row) throws SQLException {
        Duration wait = Duration.ofNanos(1000 * row.getLong("wait"));
        return switch (row.getString("outcome")) {
            case "granted" -> new Granted(1000 * row.getLong("slot_at"), 1000 * row.getLong("now_at"),
                    row.getLong("number"), lastMinute(row),
                    Duration.ofNanos(1000 * row.getLong("spacing_us")));
            case "later" -> new Later(wait);
            case "closed" -> new Closed(wait);
            default -> new Fenced();
        };
    }

    private static OptionalLong lastMinute(ResultSet row) throws SQLException {
        long count = row.getLong("last_minute");
        return row.wasNull() ? OptionalLong.empty() : OptionalLong.of(count);
    }

    @Override
    public void debit(String tier, Duration lateness) {
        try {
            jdbc.sql(DEBIT).param("account", account).param("tier", tier).param("debit", micros(lateness))
                    .query((row, number) -> true).list();
        } catch (DataAccessException e) {
            throw unavailable(tier, e);
        }
    }

    @Override
    public void pause(String tier, Duration length, OptionalLong slot, double guard) {
        try {
            jdbc.sql(PAUSE).param("account", account).param("tier", tier).param("length", micros(length))
                    .param("slot", slot.isPresent() ? slot.getAsLong() / 1000 : null, java.sql.Types.BIGINT)
                    .param("guard", guard).param("now", moment(), java.sql.Types.TIMESTAMP_WITH_TIMEZONE)
                    .query(Boolean.class).single();
        } catch (DataAccessException e) {
            throw unavailable(tier, e);
        }
    }

    private Object moment() {
        Instant moment = now.get();
        return moment == null ? null : moment.atOffset(ZoneOffset.UTC);
    }

    private static SlotsUnavailableException unavailable(String tier, DataAccessException cause) {
        return new SlotsUnavailableException("No slot for the " + tier + " tier: the database does not answer", cause);
    }

    private static long micros(Duration duration) {
        return (duration.toNanos() + 999) / 1000;
    }
}
