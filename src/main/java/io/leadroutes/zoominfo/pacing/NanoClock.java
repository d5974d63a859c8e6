package io.leadroutes.zoominfo.pacing;

import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;

/** Time for pacing: a monotonic clock and a precise wait. */
interface NanoClock {

    long now();

    /**
     * Waits until the given moment, which may move while waiting.
     *
     * @throws InterruptedException when the thread is interrupted; the moment has then not come
     */
    void waitUntil(LongSupplier moment) throws InterruptedException;

    /** The system's: parks, and spins the last 0.2 ms because a parked thread wakes late. */
    NanoClock SYSTEM = new NanoClock() {

        private static final long SPIN_NANOS = 200_000;
        private static final long LONGEST_PARK_NANOS = 50_000_000;

        @Override
        public long now() {
            return System.nanoTime();
        }

        @Override
        public void waitUntil(LongSupplier moment) throws InterruptedException {
            while (true) {
                if (Thread.interrupted()) {
                    throw new InterruptedException("interrupted while waiting for a slot");
                }
                long left = moment.getAsLong() - System.nanoTime();
                if (left <= 0) {
                    return;
                }
                if (left > SPIN_NANOS) {
                    // In pieces, so that a pause which begins meanwhile is seen.
                    LockSupport.parkNanos(Math.min(left - SPIN_NANOS, LONGEST_PARK_NANOS));
                } else {
                    Thread.onSpinWait();
                }
            }
        }
    };
}
