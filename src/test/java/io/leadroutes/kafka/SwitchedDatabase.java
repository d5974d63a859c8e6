package io.leadroutes.kafka;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.springframework.jdbc.datasource.DelegatingDataSource;

/** A database that can be away: then no connection is had. */
final class SwitchedDatabase extends DelegatingDataSource {

    final AtomicInteger refused = new AtomicInteger();
    volatile boolean away;

    SwitchedDatabase(DataSource database) {
        super(database);
    }

    @Override
    public Connection getConnection() throws SQLException {
        if (away) {
            refused.incrementAndGet();
            throw new SQLException("the database is away", "08001");
        }
        return super.getConnection();
    }
}
