package io.leadroutes.sandbox.zoominfo.account;

import java.util.concurrent.TimeUnit;

/**
 * The rate limit of one tier: so many calls a second and so many a minute, both enforced. Calls that are turned away do not count.
 * Times are nanoseconds since the epoch and never go back. For one thread.
 */
public final class RateLimit {

    public static final long SECOND = TimeUnit.SECONDS.toNanos(1);
    public static final long MINUTE = TimeUnit.MINUTES.toNanos(1);

    private final String model;
    private final long perSecond;
    private final long perMinute;
    private final Window second;
    private final Window minute;

    /** A limit of 0 is none. */
    public RateLimit(String model, long perSecond, long perMinute) {
        this.model = model;
        this.perSecond = perSecond;
        this.perMinute = perMinute;
        this.second = window(model, perSecond, SECOND);
        this.minute = window(model, perMinute, MINUTE);
    }

    public boolean isOf(String wantedModel, long wantedPerSecond, long wantedPerMinute) {
        return model.equals(wantedModel) && perSecond == wantedPerSecond && perMinute == wantedPerMinute;
    }

    /** Whether a call may go through now; if so it counts. */
    public boolean admit(long now) {
        if (!second.hasRoom(now) || !minute.hasRoom(now)) {
            return false;
        }
        second.count(now);
        minute.count(now);
        return true;
    }

    /** Calls left in the minute window. */
    public long remaining(long now) {
        return perMinute == 0 ? 0 : Math.max(0, perMinute - minute.used(now));
    }

    /** When the minute window ends, UTC epoch seconds, rounded up. */
    public long resetEpochSeconds(long now) {
        return Math.floorDiv(minute.reset(now) + SECOND - 1, SECOND);
    }

    private static Window window(String model, long limit, long length) {
        if (limit == 0) {
            return new NoLimit(length);
        }
        return switch (model) {
            case "fixed" -> new Fixed(limit, length);
            case "sliding-counter" -> new SlidingCounter(limit, length);
            default -> new SlidingLog((int) limit, length);
        };
    }

    private interface Window {

        boolean hasRoom(long now);

        void count(long now);

        long used(long now);

        long reset(long now);
    }

    private record NoLimit(long length) implements Window {

        @Override
        public boolean hasRoom(long now) {
            return true;
        }

        @Override
        public void count(long now) {
            // Nothing is limited, so nothing is counted.
        }

        @Override
        public long used(long now) {
            return 0;
        }

        @Override
        public long reset(long now) {
            return now + length;
        }
    }

    /** Windows that begin on the full second or minute; a burst at a border may have twice the limit. */
    private static final class Fixed implements Window {

        private final long limit;
        private final long length;
        private long start = Long.MIN_VALUE;
        private long used;

        Fixed(long limit, long length) {
            this.limit = limit;
            this.length = length;
        }

        @Override
        public boolean hasRoom(long now) {
            return used(now) < limit;
        }

        @Override
        public void count(long now) {
            used(now);
            used++;
        }

        @Override
        public long used(long now) {
            long current = now - Math.floorMod(now, length);
            if (current != start) {
                start = current;
                used = 0;
            }
            return used;
        }

        @Override
        public long reset(long now) {
            return now - Math.floorMod(now, length) + length;
        }
    }

    /** Exact: never more than the limit in any window (t − length, t]. */
    private static final class SlidingLog implements Window {

        private final long length;
        private final long[] times;
        private int next;
        private int known;

        SlidingLog(int limit, long length) {
            this.length = length;
            this.times = new long[limit];
        }

        @Override
        public boolean hasRoom(long now) {
            return known < times.length || now - times[next] >= length;
        }

        @Override
        public void count(long now) {
            times[next] = now;
            next = (next + 1) % times.length;
            known = Math.min(known + 1, times.length);
        }

        @Override
        public long used(long now) {
            return known - firstInside(now);
        }

        @Override
        public long reset(long now) {
            int first = firstInside(now);
            return first == known ? now + length : at(first) + length;
        }

        /** The times are in order, so the first one inside the window is found by bisection. */
        private int firstInside(long now) {
            int low = 0;
            int high = known;
            while (low < high) {
                int middle = (low + high) >>> 1;
                if (now - at(middle) >= length) {
                    low = middle + 1;
                } else {
                    high = middle;
                }
            }
            return low;
        }

        private long at(int index) {
            return times[Math.floorMod(next - known + index, times.length)];
        }
    }

    /** The count of this window plus the share of the last one that still lies within one length of now. */
    private static final class SlidingCounter implements Window {

        private final long limit;
        private final long length;
        private long start = Long.MIN_VALUE;
        private long used;
        private long before;

        SlidingCounter(long limit, long length) {
            this.limit = limit;
            this.length = length;
        }

        @Override
        public boolean hasRoom(long now) {
            return estimate(now) < limit;
        }

        @Override
        public void count(long now) {
            estimate(now);
            used++;
        }

        @Override
        public long used(long now) {
            return (long) Math.ceil(estimate(now));
        }

        @Override
        public long reset(long now) {
            return now - Math.floorMod(now, length) + length;
        }

        private double estimate(long now) {
            long current = now - Math.floorMod(now, length);
            if (current != start) {
                before = current - length == start ? used : 0;
                start = current;
                used = 0;
            }
            return before * (1.0 - (double) (now - current) / length) + used;
        }
    }
}
