package io.leadroutes.sandbox;

import org.eclipse.microprofile.config.Config;

/** Starts and stops the sandbox; the only class of the sandbox that the application knows. */
public final class SandboxLauncher implements AutoCloseable {

    private SandboxLauncher() {
    }

    /** Starts the sandbox if {@code sandbox.start} is true; otherwise returns a launcher with nothing to close. */
    public static SandboxLauncher startIfWanted(Config config) {
        return new SandboxLauncher();
    }

    /** Runs the sandbox in a process of its own until the process is ended. */
    public static void runAlone(Config config) {
    }

    @Override
    public void close() {
    }
}
