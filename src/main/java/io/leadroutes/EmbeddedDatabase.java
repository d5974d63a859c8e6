package io.leadroutes;

import io.quarkus.runtime.Application;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.eclipse.microprofile.config.Config;
import org.jboss.logging.Logger;

/**
 * A real PostgreSQL below {@code database.directory}, started when no {@code database.url} is configured.
 *
 * <p>A postmaster outlives a killed JVM. The next start finds it by its pid file and goes on with it, so
 * that a crash costs no recovery and never leaves two servers on one directory.
 */
public final class EmbeddedDatabase implements AutoCloseable {

    private static final Logger LOG = Logger.getLogger(EmbeddedDatabase.class);
    private static final String URL_KEY = "database.url";
    private static final Duration START_LIMIT = Duration.ofSeconds(60);
    private static final Duration STOP_LIMIT = Duration.ofSeconds(45);

    private final Path directory;

    private EmbeddedDatabase(Path directory) {
        this.directory = directory;
    }

    /**
     * Starts or finds the server and publishes its address as the system property {@code database.url};
     * does nothing when an address is configured.
     */
    public static EmbeddedDatabase startIfNeeded(Config config) throws IOException {
        if (config.getOptionalValue(URL_KEY, String.class).filter(url -> !url.isBlank()).isPresent()) {
            return new EmbeddedDatabase(null);
        }
        Path directory = Path.of(config.getOptionalValue("database.directory", String.class).orElse("./data/postgres"))
                .toAbsolutePath().normalize();
        EmbeddedDatabase database = new EmbeddedDatabase(directory);
        int port = database.running().orElse(-1);
        if (port < 0) {
            port = database.start();
        } else {
            LOG.infof("Found the embedded PostgreSQL running on port %d", port);
        }
        System.setProperty(URL_KEY, url(port));
        Runtime.getRuntime().addShutdownHook(new Thread(database::closeAfterApplication, "postgres-stop"));
        return database;
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

    /** The port of a server that runs on this directory and answers. */
    private Optional<Integer> running() {
        Path pidFile = pidFile();
        if (!Files.exists(pidFile)) {
            return Optional.empty();
        }
        try {
            List<String> lines = Files.readAllLines(pidFile);
            int port = Integer.parseInt(lines.get(3).trim());
            try (Connection connection = DriverManager.getConnection(url(port))) {
                return connection.isValid(5) ? Optional.of(port) : Optional.empty();
            }
        } catch (IOException | SQLException | RuntimeException e) {
            LOG.debugf("No server behind %s: %s", pidFile, e.getMessage());
            return Optional.empty();
        }
    }

    /** Hooks run side by side: work in flight still needs the database while the application stops. */
    private void closeAfterApplication() {
        Application application = Application.currentApplication();
        if (application != null && application.isStarted()) {
            try {
                CompletableFuture.runAsync(application::awaitShutdown).get(STOP_LIMIT.toSeconds(), TimeUnit.SECONDS);
            } catch (ExecutionException | TimeoutException e) {
                LOG.debugf("The application has not stopped: %s", e.getMessage());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        close();
    }

    /** Stops the server, also one that an earlier process had started. */
    @Override
    public synchronized void close() {
        if (directory == null || running().isEmpty()) {
            return;
        }
        try (Stream<Path> files = Files.walk(directory.resolve("server"), 4)) {
            Optional<Path> control = files.filter(f -> f.endsWith(Path.of("bin", "pg_ctl"))).findFirst();
            boolean stopped = control.isPresent() && run(control.get().toString(), "-D",
                    directory.resolve("data").toString(), "-m", "fast", "-w", "stop");
            // pg_ctl refuses to serve root; the signal means the same.
            if (!stopped && running().isPresent()) {
                long pid = Long.parseLong(Files.readAllLines(pidFile()).get(0).trim());
                run("kill", "-INT", Long.toString(pid));
                Optional<ProcessHandle> server = ProcessHandle.of(pid);
                if (server.isPresent()) {
                    server.get().onExit().get(STOP_LIMIT.toSeconds(), TimeUnit.SECONDS);
                }
            }
        } catch (IOException | ExecutionException | TimeoutException e) {
            LOG.warnf("The embedded PostgreSQL could not be stopped: %s", e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            System.clearProperty(URL_KEY);
        }
    }

    private static boolean run(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
        return process.waitFor(STOP_LIMIT.toSeconds(), TimeUnit.SECONDS) && process.exitValue() == 0;
    }

    private Path pidFile() {
        return directory.resolve("data").resolve("postmaster.pid");
    }
}
