package io.leadroutes.fault;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A wall clock of its own for one process, by libfaketime. The monotonic clock, by which durations are measured, stays
 * true: that is what a wrongly set clock looks like to a program.
 */
public final class ShiftedClock {

    private static final List<Path> LIBRARIES = List.of(
            Path.of("/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1"),
            Path.of("/usr/lib/aarch64-linux-gnu/faketime/libfaketimeMT.so.1"),
            Path.of("/usr/lib/faketime/libfaketimeMT.so.1"), Path.of("/usr/lib64/faketime/libfaketimeMT.so.1"),
            Path.of("/usr/local/lib/faketime/libfaketimeMT.so.1"));
    /** The variables that {@link #set} sets or clears. */
    static final List<String> NAMES = List.of("LD_PRELOAD", "FAKETIME", "FAKETIME_DONT_FAKE_MONOTONIC",
            "FAKETIME_FORCE_MONOTONIC_FIX");
    /** What to do where {@link #available()} is false; for the message of a test that is skipped. */
    public static final String NEEDS = "needs libfaketime (Debian: apt-get install faketime)";

    private ShiftedClock() {
    }

    public static boolean available() {
        return library().isPresent();
    }

    private static Optional<Path> library() {
        return LIBRARIES.stream().filter(Files::exists).findFirst();
    }

    /** Sets or, for an empty shift, clears what a process needs in its environment. */
    static void set(Map<String, String> environment, String shift) throws IOException {
        environment.keySet().removeAll(NAMES);
        if (!shift.isEmpty()) {
            environment.put("LD_PRELOAD", library().orElseThrow(() -> new IOException("a shifted clock " + NEEDS))
                    .toString());
            environment.put("FAKETIME", shift);
            environment.put("FAKETIME_DONT_FAKE_MONOTONIC", "1");
            // Without this, timed waits of a JVM return at once: glibc mends what the library would mend again.
            environment.put("FAKETIME_FORCE_MONOTONIC_FIX", "0");
        }
    }
}
