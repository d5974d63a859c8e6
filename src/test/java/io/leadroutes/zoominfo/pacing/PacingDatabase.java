package io.leadroutes.zoominfo.pacing;

import io.agroal.api.AgroalDataSource;
import io.agroal.api.configuration.supplier.AgroalPropertiesReader;
import io.leadroutes.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.Map;
import javax.sql.DataSource;
import org.springframework.jdbc.core.simple.JdbcClient;

/** A database of its own behind a pool, with a schedule that is open. */
public final class PacingDatabase implements AutoCloseable {

    private final String url = TestDatabase.migratedUrl();
    private final AgroalDataSource pool;

    public PacingDatabase() throws SQLException {
        pool = AgroalDataSource.from(new AgroalPropertiesReader().readProperties(Map.of(
                AgroalPropertiesReader.JDBC_URL, url,
                AgroalPropertiesReader.MAX_SIZE, "8",
                AgroalPropertiesReader.ACQUISITION_TIMEOUT, "PT2S")).get());
        // The schedule keeps a second of silence after a start of the database.
        execute("select pg_sleep(greatest(0, 1.1 - extract(epoch from clock_timestamp() - pg_postmaster_start_time())))");
    }

    public SlotTable slots() {
        return new JdbcSlotTable(pool, "a", () -> null);
    }

    /** A schedule that goes by this clock, which begins at the epoch. */
    SlotTable slots(NanoClock clock) {
        return new JdbcSlotTable(pool, "a", () -> Instant.EPOCH.plusNanos(clock.now()));
    }

    public void execute(String sql) throws SQLException {
        try (Connection connection = pool.getConnection(); Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    DataSource dataSource() {
        return pool;
    }

    /** Milliseconds that an interval of the only row of the schedule has. */
    long millis(String interval) {
        return JdbcClient.create(pool).sql("select (1000 * extract(epoch from " + interval + "))::bigint from egress_slot")
                .query(Long.class).single();
    }

    /** Takes the database away. */
    public void stop() {
        TestDatabase.end(url);
    }

    @Override
    public void close() {
        pool.close();
        TestDatabase.end(url);
    }
}
