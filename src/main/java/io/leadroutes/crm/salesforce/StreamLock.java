package io.leadroutes.crm.salesforce;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.jboss.logging.Logger;

/**
 * One holder among all replicas: a session advisory lock of PostgreSQL on a connection of its own. The lock dies with
 * its session, so that a replica that is gone blocks nobody.
 */
final class StreamLock {

    private static final Logger LOG = Logger.getLogger(StreamLock.class);
    private static final int ANSWER_WITHIN_SECONDS = 3;
    private static final String KEY = "(hashtext('leadroutes.salesforce.stream'), hashtext(?))";

    private final DataSource dataSource;
    private final String topic;
    private Connection session;

    StreamLock(DataSource dataSource, String topic) {
        this.dataSource = dataSource;
        this.topic = topic;
    }

    /** Takes the lock if it is free; true if it is held now. */
    boolean acquire() throws SQLException {
        if (session != null) {
            return true;
        }
        Connection connection = dataSource.getConnection();
        try {
            connection.setAutoCommit(true);
            if (ask(connection, "select pg_try_advisory_lock" + KEY)) {
                session = connection;
                return true;
            }
            connection.close();
            return false;
        } catch (SQLException | RuntimeException e) {
            discard(connection);
            throw e;
        }
    }

    /** True while the session that holds the lock answers. */
    boolean held() {
        try {
            if (session != null && session.isValid(ANSWER_WITHIN_SECONDS)) {
                return true;
            }
        } catch (SQLException e) {
            LOG.debugf("The session of the stream lock is gone: %s", e.getMessage());
        }
        if (session != null) {
            discard(session);
            session = null;
        }
        return false;
    }

    void release() {
        if (session == null) {
            return;
        }
        try {
            ask(session, "select pg_advisory_unlock" + KEY);
            session.close();
        } catch (SQLException e) {
            discard(session);
        } finally {
            session = null;
        }
    }

    private boolean ask(Connection connection, String sql) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setString(1, topic);
            try (ResultSet row = statement.executeQuery()) {
                return row.next() && row.getBoolean(1);
            }
        }
    }

    /** Ends the session for good: a session that only looks dead must not go back to the pool with the lock. */
    private static void discard(Connection connection) {
        try {
            connection.abort(Runnable::run);
        } catch (SQLException e) {
            LOG.debugf("The session of the stream lock could not be ended: %s", e.getMessage());
        }
        try {
            connection.close();
        } catch (SQLException e) {
            LOG.debugf("The session of the stream lock could not be closed: %s", e.getMessage());
        }
    }
}
