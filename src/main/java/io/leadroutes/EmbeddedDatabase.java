package io.leadroutes;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.eclipse.microprofile.config.Config;
import org.jboss.logging.Logger;

/**
 * A real PostgreSQL below {@code database.directory}, started when no {@code database.url} is configured.
 *
 * <p>A postmaster outlives a killed JVM. The next start finds it by its pid file and goes on with it, so
 * that a crash costs no recovery and never leaves two servers on one directory.
 */
final class EmbeddedDatabase {

    private static final Logger LOG = Logger.getLogger(EmbeddedDatabase.class);
    private static final String URL_KEY = "database.url";
    private static final Duration START_LIMIT = Duration.ofSeconds(60);
    private static final Duration DRAIN_LIMIT = Duration.ofSeconds(45);
    private static final Duration STOP_LIMIT = Duration.ofSeconds(20);

    private final Path directory;

    /** The server that answers on a directory. */
    private record Server(long pid, int port) {
    }

    private EmbeddedDatabase(Path directory) {
        this.directory = directory;
    }

    /**
     * Starts or finds the server and publishes its address as the system property {@code database.url};
     * does nothing when an address is configured. The server is stopped when the JVM ends in order and nobody is
     * connected any more.
     */
    static void startIfNeeded(Config config) throws IOException {
        if (config.getOptionalValue(URL_KEY, String.class).filter(url -> !url.isBlank()).isPresent()) {
            return;
        }
        EmbeddedDatabase database = new EmbeddedDatabase(Path.of(config.getOptionalValue("database.directory",
                String.class).orElse("./data/postgres")).toAbsolutePath().normalize());
        Optional<Server> running = database.running();
        running.ifPresent(server -> LOG.infof("Found the embedded PostgreSQL running on port %d", server.port()));
        System.setProperty(URL_KEY, url(running.isPresent() ? running.get().port() : database.start()));
        Runtime.getRuntime().addShutdownHook(new Thread(database::stopWhenUnused, "postgres-stop"));
    }

    private int start() throws IOException {
        Files.createDirectories(directory);
        LOG.infof("Starting the embedded PostgreSQL in %s", directory);
        EmbeddedPostgres postgres = EmbeddedPostgres.builder()
                .setOverrideWorkingDirectory(directory.resolve("server").toFile())
                .setDataDirectory(directory.resolve("data"))
                .setCleanDataDirectory(false)
                .setRegisterShutdownHook(false)
                .setPGStartupWait(START_LIMIT)
                .setServerConfig("fsync", "on")
                .setServerConfig("synchronous_commit", "on")
                .setServerConfig("max_connections", "100")
                .setServerConfig("listen_addresses", "localhost")
                .setOutputRedirector(ProcessBuilder.Redirect.DISCARD)
                .setErrorRedirector(ProcessBuilder.Redirect.DISCARD)
                .start();
        return postgres.getPort();
    }

    private static String url(int port) {
        return "jdbc:postgresql://localhost:" + port + "/postgres?user=postgres";
    }

    private Optional<Server> running() {
        Path pidFile = directory.resolve("data").resolve("postmaster.pid");
        if (!Files.exists(pidFile)) {
            return Optional.empty();
        }
        try {
            List<String> lines = Files.readAllLines(pidFile);
            Server server = new Server(Long.parseLong(lines.get(0).trim()), Integer.parseInt(lines.get(3).trim()));
            try (Connection connection = DriverManager.getConnection(url(server.port()))) {
                return connection.isValid(5) ? Optional.of(server) : Optional.empty();
            }
        } catch (IOException | SQLException | RuntimeException e) {
            LOG.debugf("No server behind %s: %s", pidFile, e.getMessage());
            return Optional.empty();
        }
    }

    /** All shutdown hooks run at once: the application still needs its database while it drains. */
    private void stopWhenUnused() {
        long end = System.nanoTime() + DRAIN_LIMIT.toNanos();
        Optional<Server> server = running();
        try {
            while (server.isPresent() && inUse(server.get()) && System.nanoTime() < end) {
                TimeUnit.MILLISECONDS.sleep(100);
            }
            if (server.isPresent()) {
                // SIGTERM lets PostgreSQL finish what is still connected.
                Optional<ProcessHandle> postmaster = ProcessHandle.of(server.get().pid());
                if (postmaster.isPresent() && postmaster.get().destroy()) {
                    postmaster.get().onExit().get(STOP_LIMIT.toSeconds(), TimeUnit.SECONDS);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            LOG.warnf("The embedded PostgreSQL is still stopping: %s", e.getMessage());
        }
    }

    private static boolean inUse(Server server) {
        try (Connection connection = DriverManager.getConnection(url(server.port()));
                Statement statement = connection.createStatement();
                ResultSet others = statement.executeQuery("select count(*) from pg_stat_activity "
                        + "where backend_type = 'client backend' and pid <> pg_backend_pid()")) {
            return others.next() && others.getInt(1) > 0;
        } catch (SQLException e) {
            return false;
        }
    }
}
