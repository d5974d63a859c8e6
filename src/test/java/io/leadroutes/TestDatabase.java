package io.leadroutes;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.UUID;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.postgresql.ds.PGSimpleDataSource;
import org.springframework.jdbc.core.JdbcTemplate;

/** One PostgreSQL server a test JVM; each caller gets an empty database of its own with the schema of the application. */
public final class TestDatabase {

    /** Tests of the whole application load this class again; they find the server by this. */
    private static final String PORT_KEY = "leadroutes.test.postgres-port";
    private static final int PORT = port();

    private TestDatabase() {
    }

    /** Migrated once, then copied. Nobody stays connected to it: a database in use cannot be copied. */
    private static final class Migrated {

        private static final String NAME = create("template1");

        static {
            Flyway.configure().dataSource(database(NAME)).locations("classpath:db/migration").load().migrate();
        }
    }

    private static int port() {
        String known = System.getProperty(PORT_KEY);
        if (known != null) {
            return Integer.parseInt(known);
        }
        try {
            // What a lost machine would lose does not matter here; killed processes lose nothing either way.
            int port = EmbeddedPostgres.builder().setPGStartupWait(Duration.ofSeconds(60))
                    .setServerConfig("max_connections", "200").setServerConfig("fsync", "off")
                    .setServerConfig("full_page_writes", "off").start().getPort();
            System.setProperty(PORT_KEY, Integer.toString(port));
            return port;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static DataSource fresh() {
        return database(create(Migrated.NAME));
    }

    /** The address of a fresh database without any schema, for a process of its own. */
    public static String freshUrl() {
        return url(create("template1"));
    }

    /** Ends a database of {@link #freshUrl()} with all its sessions, as an outage would. */
    public static void end(String url) {
        String name = url.substring(url.lastIndexOf('/') + 1, url.indexOf('?'));
        new JdbcTemplate(database("postgres")).execute("drop database if exists " + name + " with (force)");
    }

    private static String create(String template) {
        String name = "t" + UUID.randomUUID().toString().replace("-", "");
        new JdbcTemplate(database("postgres")).execute("create database " + name + " template " + template);
        return name;
    }

    private static DataSource database(String name) {
        PGSimpleDataSource source = new PGSimpleDataSource();
        source.setUrl(url(name));
        return source;
    }

    private static String url(String name) {
        return "jdbc:postgresql://localhost:" + PORT + "/" + name + "?user=postgres";
    }
}
