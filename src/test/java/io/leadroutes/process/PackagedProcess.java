package io.leadroutes.process;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.awaitility.Awaitility;

/** A process of the packaged application, or of the sandbox alone. It ends only the process that it started. */
public final class PackagedProcess implements AutoCloseable {

    /** HTTP/1.1: after its attempt to change to HTTP/2, this client has once waited for ever for an answer. */
    private static final HttpClient HTTP = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(5)).build();
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Set<Integer> GIVEN = new HashSet<>();

    private final Map<String, String> properties;
    private final List<String> arguments;
    private final Path log;
    private final String readyUrl;
    private final Map<String, String> environment = new HashMap<>();
    /** These processes live for seconds; compiling them for hours would cost more than it gains. */
    private List<String> flags = List.of("-Xmx512m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC");
    private Path directory = Path.of("").toAbsolutePath();
    private Process process;

    private PackagedProcess(Map<String, String> properties, List<String> arguments, Path log, String readyUrl) {
        this.properties = new TreeMap<>(properties);
        this.arguments = arguments;
        this.log = log.toAbsolutePath();
        this.readyUrl = readyUrl;
    }

    /** Where the sandbox listens. */
    public record SandboxPorts(int zoominfo, int salesforce, int pubsub) {

        public static SandboxPorts free() {
            List<Integer> ports = freePorts(3);
            return new SandboxPorts(ports.get(0), ports.get(1), ports.get(2));
        }

        public String zoominfoUrl() {
            return "http://localhost:" + zoominfo;
        }

        public String salesforceUrl() {
            return "http://localhost:" + salesforce;
        }

        /** Changes settings of the ZoomInfo stand-in, a JSON object (docs/sandbox.md). */
        public void zoominfo(String settings) throws IOException {
            settings(zoominfoUrl(), settings);
        }

        /** Changes settings of the Salesforce stand-in, a JSON object (docs/sandbox-salesforce.md). */
        public void salesforce(String settings) throws IOException {
            settings(salesforceUrl(), settings);
        }

        public JsonNode zoominfoStats() throws IOException {
            return json(zoominfoUrl() + "/_sandbox/stats");
        }

        public JsonNode salesforceStats() throws IOException {
            return json(salesforceUrl() + "/_sandbox/stats");
        }

        private static void settings(String url, String body) throws IOException {
            HttpResponse<String> answer = send("PUT", url + "/_sandbox/settings", body);
            if (answer.statusCode() != 200) {
                throw new IOException("settings " + body + " refused: " + answer.body());
            }
        }

        private Map<String, String> keys() {
            return Map.of("sandbox.zoominfo.port", "" + zoominfo, "sandbox.salesforce.port", "" + salesforce,
                    "sandbox.salesforce.pubsub-port", "" + pubsub);
        }
    }

    /** Prepares the sandbox as a process of its own. */
    public static PackagedProcess sandbox(SandboxPorts ports, Path log) {
        // Salesforce is the last of the stand-ins to start.
        return new PackagedProcess(ports.keys(), List.of("sandbox"), log, ports.salesforceUrl() + "/_sandbox/stats");
    }

    /** Prepares the application in profile {@code sandbox}, against a sandbox in a process of its own. */
    public static PackagedProcess application(SandboxPorts ports, int port, int managementPort,
            Map<String, String> keys, Path log) {
        Map<String, String> all = new HashMap<>(ports.keys());
        all.putAll(keys);
        all.put("quarkus.profile", "sandbox");
        all.put("sandbox.start", "false");
        all.put("quarkus.http.port", "" + port);
        all.put("quarkus.management.port", "" + managementPort);
        return new PackagedProcess(all, List.of(), log,
                "http://localhost:" + managementPort + "/observe/health/ready");
    }

    /** Prepares the application with nothing but these keys: in profile {@code prod} unless they say otherwise. */
    public static PackagedProcess bare(Map<String, String> keys, Path log, String readyUrl) {
        return new PackagedProcess(keys, List.of(), log, readyUrl);
    }

    /** The directory to run in, where configuration, routes and rules are read. */
    public PackagedProcess in(Path newDirectory) {
        directory = newDirectory.toAbsolutePath();
        return this;
    }

    /** Flags of the JVM in place of the usual ones, from the next start on. */
    public PackagedProcess flags(List<String> newFlags) {
        flags = List.copyOf(newFlags);
        return this;
    }

    /** Sets a configuration key from the next start on; null takes it away. */
    public PackagedProcess key(String key, String value) {
        if (value == null) {
            properties.remove(key);
        } else {
            properties.put(key, value);
        }
        return this;
    }

    /** Adds a variable to the environment of the next start; null takes it away. */
    public PackagedProcess environment(String name, String value) {
        if (value == null) {
            environment.remove(name);
        } else {
            environment.put(name, value);
        }
        return this;
    }

    /** How a process ended by itself. */
    public record Ended(int exitCode, String output) {
    }

    /** Runs a process that is expected to end by itself; one that does not is killed, and this fails. */
    public Ended runToEnd() throws IOException {
        launch();
        try {
            if (!process.waitFor(60, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
                throw new IllegalStateException("the process did not end, see " + log + ":\n" + Files.readString(log));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
        return new Ended(process.exitValue(), Files.readString(log));
    }

    private void launch() throws IOException {
        Files.createDirectories(log.toAbsolutePath().getParent());
        ProcessBuilder builder = new ProcessBuilder(command()).directory(directory.toFile()).redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        builder.environment().putAll(environment);
        process = builder.start();
    }

    private List<String> command() {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(flags);
        properties.forEach((key, value) -> command.add("-D" + key + "=" + value));
        command.add("-jar");
        command.add(Path.of("target/quarkus-app/quarkus-run.jar").toAbsolutePath().toString());
        command.addAll(arguments);
        return command;
    }

    /** Ports that are free now and that nobody else in this JVM was or is given. */
    public static synchronized List<Integer> freePorts(int count) {
        List<ServerSocket> sockets = new ArrayList<>();
        try {
            List<Integer> ports = new ArrayList<>();
            while (ports.size() < count) {
                ServerSocket socket = new ServerSocket(0);
                sockets.add(socket);
                if (GIVEN.add(socket.getLocalPort())) {
                    ports.add(socket.getLocalPort());
                }
            }
            return ports;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            for (ServerSocket socket : sockets) {
                try {
                    socket.close();
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
        }
    }

    /** Starts the process and waits until it is ready. */
    public PackagedProcess start() throws IOException {
        launch();
        return awaitReady();
    }

    /** Starts the process and returns at once. */
    public PackagedProcess startWithoutWaiting() throws IOException {
        launch();
        return this;
    }

    /** Waits until the process is ready. */
    public PackagedProcess awaitReady() {
        Awaitility.await("ready: " + readyUrl + ", see " + log).atMost(Duration.ofSeconds(120))
                .pollInterval(Duration.ofMillis(100)).until(() -> {
                    if (!process.isAlive()) {
                        throw new IllegalStateException("the process ended, see " + log + ":\n" + Files.readString(log));
                    }
                    try {
                        return get(readyUrl).statusCode() == 200;
                    } catch (IOException e) {
                        return false;
                    }
                });
        return this;
    }

    /** SIGKILL; returns when the process is gone. */
    public void kill() {
        if (!isAlive()) {
            return;
        }
        process.destroyForcibly();
        process.onExit().orTimeout(30, TimeUnit.SECONDS).join();
    }

    /** Sends a signal by its name without SIG: STOP, CONT, TERM. */
    public void signal(String name) throws IOException {
        signal(process.pid(), name);
    }

    /** Sends a signal to a process that the caller has started. */
    public static void signal(long pid, String name) throws IOException {
        Process kill = new ProcessBuilder("kill", "-" + name, Long.toString(pid)).inheritIO().start();
        try {
            if (kill.waitFor() != 0) {
                throw new IOException("kill -" + name + " " + pid + " failed");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }

    public boolean isAlive() {
        return process != null && process.isAlive();
    }

    /** Waits until the process has ended by itself; its exit code. */
    public int awaitEnd(Duration patience) throws IOException {
        try {
            if (!process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new IOException("the process did not end within " + patience.toSeconds() + " s, see " + log);
            }
            return process.exitValue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }

    /** Where the process writes its log. */
    public Path log() {
        return log;
    }

    public ProcessHandle handle() {
        return process.toHandle();
    }

    /** SIGTERM, then SIGKILL when it does not end. */
    @Override
    public void close() {
        if (process == null || !process.isAlive()) {
            return;
        }
        process.destroy();
        try {
            if (!process.waitFor(60, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }

    public static HttpResponse<String> get(String url) throws IOException {
        return send(HttpRequest.newBuilder(URI.create(url)).GET());
    }

    public static JsonNode json(String url) throws IOException {
        return JSON.readTree(get(url).body());
    }

    public static HttpResponse<String> send(String method, String url, String body) throws IOException {
        return send(HttpRequest.newBuilder(URI.create(url)).header("Content-Type", "application/json").method(method,
                BodyPublishers.ofString(body)));
    }

    public static HttpResponse<String> send(HttpRequest.Builder request) throws IOException {
        try {
            // The limit of the request ends with the headers of the answer; this one holds for its body too.
            return HTTP.sendAsync(request.timeout(Duration.ofSeconds(60)).build(), BodyHandlers.ofString())
                    .get(90, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof IOException cause ? cause : new IOException(e.getCause());
        } catch (TimeoutException e) {
            throw new IOException("no whole answer within 90 s", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }
}
