package io.leadroutes.fault;

import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.ConcurrentHistogram;

/**
 * How late this machine wakes a thread that asked for a millisecond: what no sender can be better than. A run in which
 * it is late tells nothing about pacing to the millisecond, and is void.
 */
final class Metronome implements AutoCloseable {

    private static final long BEAT = TimeUnit.MILLISECONDS.toNanos(1);
    private static final long LATE = Duration.ofMillis(5).toNanos();

    private final ConcurrentHistogram lateness = new ConcurrentHistogram(TimeUnit.MINUTES.toNanos(5), 2);
    private volatile boolean over;

    Metronome() {
        Thread thread = new Thread(this::beat, "metronome");
        thread.setDaemon(true);
        thread.start();
    }

    private void beat() {
        while (!over) {
            long due = System.nanoTime() + BEAT;
            LockSupport.parkNanos(BEAT);
            lateness.recordValue(Math.max(0, System.nanoTime() - due));
        }
    }

    /** Whether the machine was punctual enough for a verdict: 999 of 1,000 times within 5 ms. */
    boolean isPunctual() {
        return lateness.getValueAtPercentile(99.9) <= LATE;
    }

    @Override
    public String toString() {
        return String.format(Locale.ROOT, "the machine itself was late by %.1f ms at p99, %.1f ms at p99.9, "
                + "%.1f ms at most", lateness.getValueAtPercentile(99) / 1e6,
                lateness.getValueAtPercentile(99.9) / 1e6,
                lateness.getMaxValue() / 1e6);
    }

    @Override
    public void close() {
        over = true;
    }
}
