package io.leadroutes;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.UUID;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.springframework.jdbc.core.JdbcTemplate;

/** One PostgreSQL server a test JVM; each caller gets an empty database of its own with the schema of the application. */
public final class TestDatabase {

    private static final EmbeddedPostgres SERVER = start();

    private TestDatabase() {
    }

    private static EmbeddedPostgres start() {
        try {
            return EmbeddedPostgres.builder().setPGStartupWait(Duration.ofSeconds(60))
                    .setServerConfig("max_connections", "200").start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static DataSource fresh() {
        String name = "t" + UUID.randomUUID().toString().replace("-", "");
        new JdbcTemplate(SERVER.getPostgresDatabase()).execute("create database " + name);
        DataSource database = SERVER.getDatabase("postgres", name);
        Flyway.configure().dataSource(database).locations("classpath:db/migration").load().migrate();
        return database;
    }

    /** The address of a fresh database, for a process of its own. */
    public static String freshUrl() {
        String name = "t" + UUID.randomUUID().toString().replace("-", "");
        new JdbcTemplate(SERVER.getPostgresDatabase()).execute("create database " + name);
        return "jdbc:postgresql://localhost:" + SERVER.getPort() + "/" + name + "?user=postgres";
    }

    /** Ends a database of {@link #freshUrl()} with all its sessions, as an outage would. */
    public static void end(String url) {
        String name = url.substring(url.lastIndexOf('/') + 1, url.indexOf('?'));
        new JdbcTemplate(SERVER.getPostgresDatabase()).execute("drop database if exists " + name + " with (force)");
    }
}
