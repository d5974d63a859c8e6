package io.leadroutes.zoominfo.pacing;

/** The longest time between a call and its answer within the last one to two minutes. Not thread-safe; nanoseconds. */
final class LongestTrip {

    private static final long MINUTE = 60_000_000_000L;

    private long minute = Long.MIN_VALUE;
    private long longest;
    private long before;

    void saw(long sent, long answered) {
        turn(answered);
        longest = Math.max(longest, answered - sent);
    }

    long longest(long now) {
        turn(now);
        return Math.max(longest, before);
    }

    private void turn(long now) {
        long current = Math.floorDiv(now, MINUTE);
        if (current != minute) {
            before = current - 1 == minute ? longest : 0;
            longest = 0;
            minute = current;
        }
    }
}
