package io.leadroutes.sandbox;

import io.leadroutes.sandbox.control.SandboxTime;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;

/** A time that moves when a test says so. */
public final class ManualTime implements SandboxTime {

    private static final Instant START = Instant.parse("2026-11-02T08:00:00Z");
    private final AtomicLong nanos = new AtomicLong();

    @Override
    public long nanos() {
        return nanos.get();
    }

    @Override
    public Instant now() {
        return START.plusNanos(nanos.get());
    }

    public void forward(Duration duration) {
        nanos.addAndGet(duration.toNanos());
    }
}
