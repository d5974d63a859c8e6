package io.leadroutes.fault;

import io.leadroutes.process.PackagedProcess;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * A PostgreSQL server of its own, whose process a test may stop, kill, freeze, or start with a shifted clock. Not
 * {@code TestDatabase}: that server is shared by all tests of the JVM.
 */
public final class PostgresServer implements AutoCloseable {

    private static Path binaries;
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /** Why a test of a full disk is skipped where {@link #mayLimitDisk()} is false. */
    public static final String NEEDS_ROOT = "needs root on Linux, to mount a disk of limited size";
    private static final String BALLAST = "ballast";

    private final Path disk;
    private final Path data;
    private final Path log;
    private final int port = PackagedProcess.freePorts(1).get(0);
    private final Map<String, String> environment = new HashMap<>();
    private boolean mounted;
    private boolean frozen;
    private Process postmaster;

    /** Prepares a server with its data in {@code directory/postgres}; nothing runs yet. */
    public PostgresServer(Path directory) {
        disk = directory.resolve("postgres").toAbsolutePath();
        data = disk.resolve("data");
        log = directory.resolve("postgres.log").toAbsolutePath();
    }

    /** Whether {@link #onDiskOf} is permitted; what it needs is {@link #NEEDS_ROOT}. */
    public static boolean mayLimitDisk() {
        return isRoot() && Files.exists(Path.of("/proc/mounts"));
    }

    private static boolean isRoot() {
        return "root".equals(System.getProperty("user.name"));
    }

    /** Puts the data on a disk (a tmpfs) of so many megabytes, 150 or more. To be called before the start. */
    public PostgresServer onDiskOf(int megabytes) throws IOException {
        Files.createDirectories(disk);
        run(logged(List.of("mount", "-t", "tmpfs", "-o", "size=" + megabytes + "m", "tmpfs", disk.toString())));
        mounted = true;
        return this;
    }

    /** Leaves no byte free on its disk. */
    public void fillDisk() throws IOException {
        byte[] zeros = new byte[64 * 1024];
        try (OutputStream ballast = Files.newOutputStream(disk.resolve(BALLAST))) {
            while (true) {
                ballast.write(zeros);
            }
        } catch (IOException e) {
            if (disk.toFile().getUsableSpace() >= zeros.length) {
                throw e;
            }
        }
    }

    /** Ends {@link #fillDisk()}. A server that has given up meanwhile is started again, as an operator would. */
    public void freeDisk() throws IOException {
        Files.delete(disk.resolve(BALLAST));
        if (!postmaster.isAlive()) {
            start();
        }
    }

    public int port() {
        return port;
    }

    /** Its address, as seen directly. */
    public String url() {
        return url(port);
    }

    static String url(int port) {
        return "jdbc:postgresql://localhost:" + port + "/postgres?user=postgres";
    }

    /**
     * Starts the server, empty at the first time, and waits until it answers. What is committed survives the end of its
     * processes; fsync is off, as no test ends the operating system.
     */
    public PostgresServer start() throws IOException {
        Path bin = binaries();
        Files.createDirectories(data);
        if (!Files.exists(data.resolve("PG_VERSION"))) {
            run(builder(List.of(bin.resolve("initdb").toString(), "-D", data.toString(), "-U", "postgres", "-A",
                    "trust", "-E", "UTF-8", "--no-sync", "--locale=C")));
        }
        launch(bin);
        Awaitility.await("PostgreSQL answers, see " + log).atMost(PATIENCE).pollInterval(Duration.ofMillis(50))
                .until(this::answers);
        return this;
    }

    private void launch(Path bin) throws IOException {
        ProcessBuilder builder = builder(List.of(bin.resolve("postgres").toString(), "-D", data.toString(), "-p",
                "" + port, "-c", "listen_addresses=localhost", "-c", "unix_socket_directories=", "-c",
                "max_connections=200", "-c", "fsync=off", "-c", "timezone=UTC", "-c", "shared_buffers=64MB"));
        builder.environment().putAll(environment);
        postmaster = builder.start();
    }

    private ProcessBuilder builder(List<String> command) {
        List<String> all = new ArrayList<>();
        if (isRoot()) {
            // PostgreSQL refuses to run as root.
            all.addAll(List.of("unshare", "-U"));
        }
        all.addAll(command);
        return logged(all);
    }

    private ProcessBuilder logged(List<String> command) {
        return new ProcessBuilder(command).redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
    }

    private void run(ProcessBuilder command) throws IOException {
        try {
            if (command.start().waitFor() != 0) {
                throw new IOException(command.command() + " failed, see " + log + ":\n" + Files.readString(log));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }

    /** The binaries that the application itself brings, unpacked once a JVM; a server of theirs tells where. */
    private static synchronized Path binaries() throws IOException {
        if (binaries == null) {
            try (EmbeddedPostgres unpacked = EmbeddedPostgres.builder().setPGStartupWait(PATIENCE).start()) {
                binaries = Path.of(new JdbcTemplate(unpacked.getPostgresDatabase())
                        .queryForObject("select setting from pg_config where name = 'BINDIR'", String.class));
            }
        }
        return binaries;
    }

    /** Whether it takes a connection. */
    public boolean answers() {
        if (postmaster == null || !postmaster.isAlive()) {
            return false;
        }
        try (Connection connection = DriverManager.getConnection(url() + "&connectTimeout=5&socketTimeout=5")) {
            return connection.isValid(5);
        } catch (SQLException e) {
            return false;
        }
    }

    /**
     * Shifts the server's clock from the next start on, by {@link ShiftedClock}.
     *
     * @param shift such as {@code -30s}, {@code +1h}; empty for the true time
     */
    public PostgresServer clock(String shift) throws IOException {
        ShiftedClock.set(environment, shift);
        return this;
    }

    /** As {@code pg_ctl -m immediate stop}: sessions end at once, the next start recovers from the log. */
    public void stopImmediately() throws IOException {
        end("QUIT");
    }

    /** As {@code pg_ctl -m fast stop}. */
    public void stop() throws IOException {
        end("INT");
    }

    private void end(String signal) throws IOException {
        PackagedProcess.signal(postmaster.pid(), signal);
        try {
            if (!postmaster.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                throw new IOException("PostgreSQL did not end on SIG" + signal);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }

    /** Freezes the server with all its sessions; connections stay open and nothing answers. */
    public void freeze() throws IOException {
        frozen = true;
        signalAll("STOP");
    }

    /** Ends {@link #freeze()}. */
    public void thaw() throws IOException {
        signalAll("CONT");
        frozen = false;
    }

    private void signalAll(String signal) throws IOException {
        PackagedProcess.signal(postmaster.pid(), signal);
        for (ProcessHandle session : postmaster.descendants().toList()) {
            try {
                PackagedProcess.signal(session.pid(), signal);
            } catch (IOException e) {
                if (session.isAlive()) {
                    throw e;
                }
            }
        }
    }

    @Override
    public void close() {
        if (postmaster != null && postmaster.isAlive()) {
            try {
                if (frozen) {
                    thaw();
                }
                stopImmediately();
            } catch (IOException e) {
                postmaster.destroyForcibly();
            }
        }
        if (mounted) {
            try {
                run(logged(List.of("umount", "-l", disk.toString())));
                mounted = false;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
