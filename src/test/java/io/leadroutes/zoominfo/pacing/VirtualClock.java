package io.leadroutes.zoominfo.pacing;

import java.time.Duration;
import java.util.function.LongSupplier;

/** Waiting moves this clock. */
final class VirtualClock implements NanoClock {

    private long now;
    private boolean interrupted;

    synchronized void advance(Duration duration) {
        now += duration.toNanos();
    }

    synchronized void interruptNext() {
        interrupted = true;
    }

    @Override
    public synchronized long now() {
        return now;
    }

    @Override
    public synchronized void waitUntil(LongSupplier moment) throws InterruptedException {
        if (interrupted) {
            interrupted = false;
            throw new InterruptedException("interrupted");
        }
        now = Math.max(now, moment.getAsLong());
    }
}
