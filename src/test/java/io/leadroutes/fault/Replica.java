package io.leadroutes.fault;

import com.fasterxml.jackson.databind.JsonNode;
import io.leadroutes.crash.CrashPoint;
import io.leadroutes.process.PackagedProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** One process of the packaged application in a {@link Cluster}. */
public final class Replica implements AutoCloseable {

    private final String name;
    private final PackagedProcess process;
    private final int port;
    private final int managementPort;
    private final Map<Link, FaultProxy> proxies = new EnumMap<>(Link.class);
    private boolean paused;

    Replica(String name, PackagedProcess process, int port, int managementPort, Map<Link, FaultProxy> proxies) {
        this.name = name;
        this.process = process;
        this.port = port;
        this.managementPort = managementPort;
        this.proxies.putAll(proxies);
    }

    public String name() {
        return name;
    }

    /** Its own connection to a system; only where the cluster was told to put a proxy there. */
    public FaultProxy proxy(Link link) {
        FaultProxy proxy = proxies.get(link);
        if (proxy == null) {
            throw new IllegalStateException("no proxy on " + link + ": call Cluster.proxied(Link." + link + ")");
        }
        return proxy;
    }

    /** A configuration key from the next start on; null takes it away. */
    public Replica key(String key, String value) {
        process.key(key, value);
        return this;
    }

    /** Ends itself at a crash point, when it is reached for the n-th time, from the next start on. */
    public Replica crashAt(CrashPoint point, int time) {
        return key(CrashPoint.PROPERTY, point.text() + "@" + time);
    }

    /** Takes {@link #crashAt} back for the next start. */
    public Replica noCrash() {
        return key(CrashPoint.PROPERTY, null);
    }

    /** The wall clock from the next start on: {@code +1h}, {@code -1h}, or empty for the true time. */
    public Replica clock(String shift) throws IOException {
        Map<String, String> needed = new HashMap<>();
        ShiftedClock.set(needed, shift);
        ShiftedClock.NAMES.forEach(variable -> process.environment(variable, needed.get(variable)));
        return this;
    }

    /** Starts the process and waits until it is ready. */
    public Replica start() throws IOException {
        startWithoutWaiting();
        process.awaitReady();
        return this;
    }

    /** Starts the process and returns at once. */
    public Replica startWithoutWaiting() throws IOException {
        if (process.isAlive()) {
            throw new IllegalStateException(name + " runs already");
        }
        paused = false;
        process.startWithoutWaiting();
        return this;
    }

    public Replica awaitReady() {
        process.awaitReady();
        return this;
    }

    /** SIGKILL; returns when the process is gone. */
    public void kill() {
        process.kill();
    }

    /** SIGSTOP: the process stands still, its connections stay open. */
    public void pause() throws IOException {
        paused = true;
        process.signal("STOP");
    }

    /** SIGCONT. */
    public void resume() throws IOException {
        process.signal("CONT");
        paused = false;
    }

    /** SIGTERM; returns at once. */
    public void terminate() throws IOException {
        process.signal("TERM");
    }

    /** Waits until the process has ended; its exit code. */
    public int awaitEnd(Duration patience) throws IOException {
        return process.awaitEnd(patience);
    }

    /** Whether it runs and was not paused. */
    public boolean isRunning() {
        return process.isAlive() && !paused;
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    /** Address of a path of its API. */
    public String api(String path) {
        return "http://localhost:" + port + path;
    }

    /** An answer of {@code /observe/health}: {@code live}, {@code ready}, {@code started}. */
    public JsonNode health(String which) throws IOException {
        return PackagedProcess.json("http://localhost:" + managementPort + "/observe/health/" + which);
    }

    /** Whether {@code /observe/health/live}, {@code ready} or {@code started} answers 200. */
    public boolean is(String which) throws IOException {
        return PackagedProcess.get("http://localhost:" + managementPort + "/observe/health/" + which)
                .statusCode() == 200;
    }

    /**
     * The sum over all series of a metric as Prometheus reads it, with labels that contain the given texts; 0 without
     * any.
     */
    public double metric(String metric, String... labels) throws IOException {
        return PackagedProcess.get("http://localhost:" + managementPort + "/observe/metrics").body().lines()
                .filter(line -> line.startsWith(metric + "{") || line.startsWith(metric + " "))
                .filter(line -> List.of(labels).stream().allMatch(line::contains))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1))).sum();
    }

    /** What it has logged so far, in all its lives. */
    public String log() {
        try {
            return Files.exists(process.log()) ? Files.readString(process.log()) : "";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** SIGTERM, and SIGKILL for what has not ended after a minute. */
    public void stop() {
        process.close();
    }

    /** Ends the process for good; a test that has been asserted needs no drain. */
    @Override
    public void close() {
        process.kill();
        proxies.values().forEach(FaultProxy::close);
    }

    @Override
    public String toString() {
        return name;
    }
}
