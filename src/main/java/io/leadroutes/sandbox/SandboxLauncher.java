package io.leadroutes.sandbox;

import io.leadroutes.sandbox.control.SandboxServer;
import io.leadroutes.sandbox.control.SandboxTime;
import io.leadroutes.sandbox.world.World;
import io.leadroutes.sandbox.zoominfo.ZoomInfoServer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.eclipse.microprofile.config.Config;

/** Starts and stops the sandbox; the only class of the sandbox that the application knows. */
public final class SandboxLauncher implements AutoCloseable {

    private final List<SandboxServer> servers;

    private SandboxLauncher(List<SandboxServer> servers) {
        this.servers = servers;
    }

    /** Starts the sandbox if {@code sandbox.start} is true; otherwise returns a launcher with nothing to close. */
    public static SandboxLauncher startIfWanted(Config config) {
        return config.getOptionalValue("sandbox.start", Boolean.class).orElse(false) ? start(config)
                : new SandboxLauncher(List.of());
    }

    /** Runs the sandbox in a process of its own until the process is ended. */
    public static void runAlone(Config config) {
        SandboxLauncher launcher = start(config);
        CountDownLatch ended = new CountDownLatch(1);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            launcher.close();
            ended.countDown();
        }, "sandbox-stop"));
        System.out.println("The sandbox runs. Nothing in it costs anything; end it with Ctrl-C.");
        for (SandboxServer server : launcher.servers) {
            System.out.println("  " + server.describe());
            System.out.println("    credentials: curl http://localhost:" + server.port() + "/_sandbox/credentials");
        }
        System.out.println("  Settings, faults, call log and statistics: docs/sandbox.md");
        try {
            ended.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static SandboxLauncher start(Config config) {
        String host = config.getOptionalValue("sandbox.host", String.class).orElse("127.0.0.1");
        long seed = config.getOptionalValue("sandbox.seed", Long.class).orElse(42L);
        World world = World.of(seed);
        SandboxLauncher launcher = new SandboxLauncher(new ArrayList<>());
        try {
            // One line for each stand-in; they share the world.
            launcher.servers.add(ZoomInfoServer.start(host, port(config, "sandbox.zoominfo.port", 8181), world, seed,
                    SandboxTime.system()));
            return launcher;
        } catch (RuntimeException e) {
            launcher.close();
            throw e;
        }
    }

    private static int port(Config config, String key, int otherwise) {
        return config.getOptionalValue(key, Integer.class).orElse(otherwise);
    }

    @Override
    public void close() {
        List<SandboxServer> backwards = new ArrayList<>(servers);
        Collections.reverse(backwards);
        backwards.forEach(SandboxServer::close);
    }
}
