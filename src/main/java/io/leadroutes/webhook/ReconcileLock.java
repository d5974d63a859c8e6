package io.leadroutes.webhook;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;
import javax.sql.DataSource;
import org.jboss.logging.Logger;

/**
 * One replica at a time: a session advisory lock of PostgreSQL on a connection of its own. It dies with its session, so
 * that a replica that is gone blocks nobody.
 */
final class ReconcileLock implements AutoCloseable {

    private static final Logger LOG = Logger.getLogger(ReconcileLock.class);
    private static final String KEY = "(hashtext('leadroutes.webhook'), hashtext('reconcile'))";

    private final Connection session;

    private ReconcileLock(Connection session) {
        this.session = session;
    }

    /** Takes the lock if it is free. */
    static Optional<ReconcileLock> take(DataSource dataSource) throws SQLException {
        Connection session = dataSource.getConnection();
        try {
            if (ask(session, "select pg_try_advisory_lock" + KEY)) {
                return Optional.of(new ReconcileLock(session));
            }
            session.close();
            return Optional.empty();
        } catch (SQLException | RuntimeException e) {
            session.close();
            throw e;
        }
    }

    private static boolean ask(Connection session, String sql) throws SQLException {
        try (PreparedStatement statement = session.prepareStatement(sql); ResultSet row = statement.executeQuery()) {
            return row.next() && row.getBoolean(1);
        }
    }

    /** Gives the lock back; a session that cannot do so is ended, which gives it back, too. */
    @Override
    public void close() {
        try {
            ask(session, "select pg_advisory_unlock" + KEY);
            session.close();
        } catch (SQLException e) {
            LOG.debugf("The session of the reconcile lock is gone: %s", e.getMessage());
            try {
                session.abort(Runnable::run);
            } catch (SQLException gone) {
                LOG.debugf("It could not be ended: %s", gone.getMessage());
            }
        }
    }
}
