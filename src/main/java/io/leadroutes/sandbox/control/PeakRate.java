package io.leadroutes.sandbox.control;

/**
 * The most arrivals in any sliding window of one length, exactly: every window that ends at an arrival is counted,
 * (t − length, t]. For one thread.
 */
public final class PeakRate {

    private final long lengthNanos;
    private long[] ring = new long[256];
    private int first;
    private int count;
    private int peak;

    public PeakRate(long lengthNanos) {
        this.lengthNanos = lengthNanos;
    }

    /** Notes an arrival. Times never go back. */
    public void arrived(long nanos) {
        while (count > 0 && nanos - ring[first] >= lengthNanos) {
            first = (first + 1) % ring.length;
            count--;
        }
        if (count == ring.length) {
            long[] larger = new long[ring.length * 2];
            for (int i = 0; i < count; i++) {
                larger[i] = ring[(first + i) % ring.length];
            }
            ring = larger;
            first = 0;
        }
        ring[(first + count) % ring.length] = nanos;
        count++;
        peak = Math.max(peak, count);
    }

    /** The most arrivals in one window since the start or the last {@link #reset()}. */
    public int peak() {
        return peak;
    }

    public void reset() {
        first = 0;
        count = 0;
        peak = 0;
    }
}
