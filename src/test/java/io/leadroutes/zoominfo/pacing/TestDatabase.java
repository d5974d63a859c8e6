package io.leadroutes.zoominfo.pacing;

import io.agroal.api.AgroalDataSource;
import io.agroal.api.configuration.supplier.AgroalPropertiesReader;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import javax.sql.DataSource;

/** A PostgreSQL of its own with this package's table. */
public final class TestDatabase implements AutoCloseable {

    private final EmbeddedPostgres postgres;
    private final AgroalDataSource pool;

    public TestDatabase() throws IOException, SQLException {
        postgres = EmbeddedPostgres.builder().start();
        pool = AgroalDataSource.from(new AgroalPropertiesReader().readProperties(Map.of(
                AgroalPropertiesReader.JDBC_URL, postgres.getJdbcUrl("postgres", "postgres"),
                AgroalPropertiesReader.MAX_SIZE, "8",
                AgroalPropertiesReader.ACQUISITION_TIMEOUT, "PT2S")).get());
        try (InputStream sql = TestDatabase.class.getResourceAsStream("/db/migration/V2__zoominfo.sql")) {
            execute(new String(sql.readAllBytes(), StandardCharsets.UTF_8));
        }
        // The schedule keeps a second of silence after a start of the database.
        execute("select pg_sleep(greatest(0, 1.1 - extract(epoch from clock_timestamp() - pg_postmaster_start_time())))");
    }

    public DataSource dataSource() {
        return pool;
    }

    public SlotTable slots() {
        return new JdbcSlotTable(pool);
    }

    public void execute(String sql) throws SQLException {
        try (Connection connection = pool.getConnection(); Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /** Ends the server, as an outage would. */
    public void stop() throws IOException {
        postgres.close();
    }

    @Override
    public void close() throws IOException {
        pool.close();
        postgres.close();
    }
}
