package io.leadroutes.sandbox.zoominfo.account;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The rate limit of one tier: so many calls in each of some windows, all enforced, all measured by the same model. Calls
 * that are turned away do not count. Times are nanoseconds since the epoch and never go back. For one thread.
 */
public final class RateLimit {

    public static final long SECOND = TimeUnit.SECONDS.toNanos(1);
    public static final long MINUTE = TimeUnit.MINUTES.toNanos(1);
    /** The ways of measuring a rate. */
    public static final List<String> MODELS = List.of("sliding-log", "fixed", "sliding-counter", "token-bucket",
            "smooth");
    /** How many calls in a row {@code smooth} lets through without a pause. */
    private static final long SMOOTH_BURST = 2;

    /**
     * @param calls  how many may come within it; 0 is no limit
     * @param length in nanoseconds
     */
    public record Limit(long calls, long length) {
    }

    private final String model;
    private final List<Limit> limits;
    private final long perMinute;
    private final Window minute;
    private final List<Window> windows;

    /** A limit of 0 is none. */
    public RateLimit(String model, long perSecond, long perMinute) {
        this(model, perSecond, perMinute, List.of());
    }

    /** With further windows beside the second and the minute. */
    public RateLimit(String model, long perSecond, long perMinute, List<Limit> further) {
        this.model = model;
        this.limits = limits(perSecond, perMinute, further);
        this.perMinute = perMinute;
        this.windows = limits.stream().map(limit -> window(model, limit)).toList();
        this.minute = windows.get(1);
    }

    /** Whether this is the limit that these settings describe. */
    public boolean isOf(String wantedModel, long perSecond, long wantedPerMinute, List<Limit> further) {
        return model.equals(wantedModel) && limits.equals(limits(perSecond, wantedPerMinute, further));
    }

    /** Whether a call may go through now; if so it counts. */
    public boolean admit(long now) {
        for (Window window : windows) {
            if (!window.hasRoom(now)) {
                return false;
            }
        }
        windows.forEach(window -> window.count(now));
        return true;
    }

    /** Calls left in the minute window. */
    public long remaining(long now) {
        return perMinute == 0 ? 0 : Math.max(0, perMinute - minute.used(now));
    }

    /** When the minute window ends, UTC epoch seconds, rounded up. */
    public long resetEpochSeconds(long now) {
        return roundedUp(minute.reset(now));
    }

    /** Nanoseconds as whole seconds, rounded up. */
    static long roundedUp(long nanos) {
        return Math.floorDiv(nanos + SECOND - 1, SECOND);
    }

    private static List<Limit> limits(long perSecond, long perMinute, List<Limit> further) {
        List<Limit> all = new ArrayList<>(List.of(new Limit(perSecond, SECOND), new Limit(perMinute, MINUTE)));
        all.addAll(further);
        return List.copyOf(all);
    }

    private static Window window(String model, Limit limit) {
        if (limit.calls() == 0) {
            return new NoLimit(limit.length());
        }
        return switch (model) {
            case "fixed" -> new Fixed(limit.calls(), limit.length());
            case "sliding-counter" -> new SlidingCounter(limit.calls(), limit.length());
            case "token-bucket" -> new Bucket(limit, limit.calls());
            case "smooth" -> new Bucket(limit, Math.min(limit.calls(), SMOOTH_BURST));
            default -> new SlidingLog((int) limit.calls(), limit.length());
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

    /** A bucket that holds the burst and is refilled evenly at the rate of the limit; it starts full. */
    private static final class Bucket implements Window {

        private final double interval;
        private final double tolerance;
        /** Nanoseconds until the bucket is full again, at the time of {@link #at}. */
        private double owed;
        private long at = Long.MIN_VALUE;

        Bucket(Limit limit, long burst) {
            this.interval = (double) limit.length() / limit.calls();
            // A nanosecond for what the division rounds off.
            this.tolerance = (burst - 1) * interval + 1;
        }

        @Override
        public boolean hasRoom(long now) {
            return owed(now) <= tolerance;
        }

        @Override
        public void count(long now) {
            owed = owed(now) + interval;
        }

        @Override
        public long used(long now) {
            return (long) Math.ceil((owed(now) - 1) / interval);
        }

        @Override
        public long reset(long now) {
            return now + (long) Math.ceil(owed(now));
        }

        private double owed(long now) {
            if (at != Long.MIN_VALUE) {
                owed = Math.max(0, owed - (now - at));
            }
            at = now;
            return owed;
        }
    }
}
