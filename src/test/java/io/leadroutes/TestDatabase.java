package io.leadroutes;

import io.agroal.api.AgroalDataSource;
import io.agroal.api.configuration.supplier.AgroalDataSourceConfigurationSupplier;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.UUID;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.postgresql.ds.PGSimpleDataSource;
import org.springframework.jdbc.core.JdbcTemplate;

/** One PostgreSQL server a test JVM; each caller gets an empty database of its own with the schema of the application. */
public final class TestDatabase {

    private static final String PORT = once("port", TestDatabase::start);

    private TestDatabase() {
    }

    /** Migrated once, then copied. Nobody stays connected to it: a database in use cannot be copied. */
    private static final class Migrated {

        private static final String NAME = once("migrated", Migrated::create);

        private static String create() {
            String name = TestDatabase.create("template1");
            Flyway.configure().dataSource(database(name)).locations("classpath:db/migration").load().migrate();
            return name;
        }
    }

    /** Tests of the whole application load this class again; they find what there is by properties of the system. */
    private static String once(String key, Supplier<String> made) {
        String property = "leadroutes.test.postgres." + key;
        if (System.getProperty(property) == null) {
            System.setProperty(property, made.get());
        }
        return System.getProperty(property);
    }

    private static String start() {
        try {
            // What a lost machine would lose does not matter here; killed processes lose nothing either way.
            return Integer.toString(EmbeddedPostgres.builder().setPGStartupWait(Duration.ofSeconds(60))
                    .setServerConfig("max_connections", "200").setServerConfig("fsync", "off")
                    .setServerConfig("full_page_writes", "off").start().getPort());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A pool of connections, as the application has one. */
    public static DataSource fresh() {
        String url = migratedUrl();
        try {
            return AgroalDataSource.from(new AgroalDataSourceConfigurationSupplier().connectionPoolConfiguration(pool ->
                    pool.maxSize(60).acquisitionTimeout(Duration.ofSeconds(30)).reapTimeout(Duration.ofSeconds(1))
                            .connectionFactoryConfiguration(factory -> factory.jdbcUrl(url))));
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The address of a fresh database with the schema of the application. */
    public static String migratedUrl() {
        return url(create(Migrated.NAME));
    }

    /** The address of a fresh database without any schema, for a process of its own. */
    public static String freshUrl() {
        return url(create("template1"));
    }

    /** Ends a database with all its sessions, as an outage would. */
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
