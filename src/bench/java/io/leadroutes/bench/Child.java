package io.leadroutes.bench;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A Java process that the benchmark started, and ends with it. */
final class Child implements AutoCloseable {

    private static final List<String> FLAGS = Stream.of(System.getProperty("bench.flags", "").split(" "))
            .filter(flag -> !flag.isBlank()).toList();

    private final Process process;
    private final long startedAt = System.nanoTime();

    private Child(Process process) {
        this.process = process;
    }

    /** Starts the packaged application with these system properties and arguments; its output goes to a file. */
    static Child start(Path log, Map<String, String> properties, String... arguments) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(FLAGS);
        properties.forEach((key, value) -> command.add("-D" + key + "=" + value));
        command.add("-jar");
        command.add("target/quarkus-app/quarkus-run.jar");
        command.addAll(List.of(arguments));
        Files.createDirectories(log.getParent());
        return new Child(new ProcessBuilder(command).redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile())).start());
    }

    static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    boolean isAlive() {
        return process.isAlive();
    }

    Duration age() {
        return Duration.ofNanos(System.nanoTime() - startedAt);
    }

    /** Processor time used so far, of all threads of the process. */
    Optional<Duration> cpu() {
        return process.info().totalCpuDuration();
    }

    /** Resident memory in MiB; empty where there is no /proc. */
    Optional<Long> residentMib() {
        try {
            return Files.readAllLines(Path.of("/proc", Long.toString(process.pid()), "status")).stream()
                    .filter(line -> line.startsWith("VmRSS:")).findFirst()
                    .map(line -> Long.parseLong(line.replaceAll("\\D", "")) / 1024);
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(40, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
