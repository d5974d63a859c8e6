package io.leadroutes.metrics;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;

/**
 * A value that is read from the database for gauges, at most every five seconds and on a thread of its own: metrics are
 * wanted most while the database is away, so a scrape does not wait for it.
 *
 * @param <T> the value; one object for all gauges that come from one query
 */
public final class BackgroundReading<T> {

    private static final long FRESH = TimeUnit.SECONDS.toNanos(5);
    /** An older value is told no more. */
    private static final long BELIEVED = TimeUnit.SECONDS.toNanos(15);
    /** A database that is well answers by then. */
    private static final Duration PATIENCE = Duration.ofMillis(250);

    private final Callable<T> read;
    private final T unknown;
    private final Executor executor;
    private final LongSupplier clock;
    private final Duration patience;
    private FutureTask<T> reading;
    private long begunAt;
    private T last;
    private long lastAt;

    /**
     * @param name    of the thread
     * @param read    the query; one that fails makes the value unknown
     * @param unknown told while there is no value of the last 15 seconds
     */
    public BackgroundReading(String name, Callable<T> read, T unknown) {
        this(read, unknown, task -> {
            Thread thread = new Thread(task, name);
            thread.setDaemon(true);
            thread.start();
        }, System::nanoTime, PATIENCE);
    }

    BackgroundReading(Callable<T> read, T unknown, Executor executor, LongSupplier clock, Duration patience) {
        this.read = read;
        this.unknown = unknown;
        this.executor = executor;
        this.clock = clock;
        this.patience = patience;
        this.last = unknown;
        this.lastAt = clock.getAsLong();
        this.begunAt = clock.getAsLong() - FRESH;
    }

    /** The value as last read; waits a quarter of a second at most for one that is being read. */
    public synchronized T value() {
        long now = clock.getAsLong();
        if (reading == null && now - begunAt >= FRESH) {
            reading = new FutureTask<>(read);
            begunAt = now;
            executor.execute(reading);
        }
        if (reading != null) {
            take();
        }
        return clock.getAsLong() - lastAt < BELIEVED ? last : unknown;
    }

    private void take() {
        try {
            last = reading.get(patience.toNanos(), TimeUnit.NANOSECONDS);
            lastAt = begunAt;
            reading = null;
        } catch (TimeoutException e) {
            // It goes on; the next scrape looks again.
            return;
        } catch (ExecutionException | CancellationException e) {
            last = unknown;
            reading = null;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
