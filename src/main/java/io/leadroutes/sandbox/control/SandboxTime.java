package io.leadroutes.sandbox.control;

import java.time.Instant;

/** The time of a stand-in. Tests put their own in its place, so that no test waits for a window to pass. */
public interface SandboxTime {

    /** Monotone nanoseconds, as {@link System#nanoTime()}. */
    long nanos();

    /** Wall clock. */
    Instant now();

    /** The time of this machine. */
    static SandboxTime system() {
        return new SandboxTime() {
            @Override
            public long nanos() {
                return System.nanoTime();
            }

            @Override
            public Instant now() {
                return Instant.now();
            }
        };
    }
}
