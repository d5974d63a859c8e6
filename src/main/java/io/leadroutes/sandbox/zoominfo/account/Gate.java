package io.leadroutes.sandbox.zoominfo.account;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.leadroutes.sandbox.control.PeakRate;
import io.leadroutes.sandbox.zoominfo.account.ZoomInfoSettings.TierSettings;
import java.util.TreeMap;

/**
 * The gate of one tier: which calls its limits let through, somebody else who uses the same account, a closed time, and
 * what came of it all. Times are nanoseconds since the epoch. For one thread.
 */
public final class Gate {

    /** So many seconds are kept one by one. */
    private static final int SECONDS_KEPT = 7_200;
    private static final double NANOS_PER_MILLI = 1_000_000.0;

    private final ZoomInfoSettings settings;
    private final TierSettings tier;
    private final PeakRate perSecond = new PeakRate(RateLimit.SECOND);
    private final PeakRate perMinute = new PeakRate(RateLimit.MINUTE);
    private final TreeMap<Long, Long> admittedBySecond = new TreeMap<>();
    private final TreeMap<Long, Long> rejectedBySecond = new TreeMap<>();
    private RateLimit limit;
    private Closest arrivals;
    private Closest admissions;
    private long admitted;
    private long rejected;
    private long foreignAdmitted;
    private long foreignRejected;
    private long foreignRate;
    private long nextForeign;
    private long firstAdmitted;
    private long lastAdmitted;
    private long closedUntil = Long.MIN_VALUE;
    private long latest = Long.MIN_VALUE;

    public Gate(ZoomInfoSettings settings, TierSettings tier) {
        this.settings = settings;
        this.tier = tier;
        forget();
    }

    /** Whether a call may go through now; if so it counts. */
    public boolean admit(long arrival) {
        upTo(arrival);
        long now = latest;
        arrivals.arrived(now);
        if (now < closedUntil || settings.rateEnforced.get() && !limit.admit(now)) {
            rejected++;
            count(rejectedBySecond, now);
            return false;
        }
        firstAdmitted = admitted == 0 ? now : firstAdmitted;
        lastAdmitted = now;
        admitted++;
        count(admittedBySecond, now);
        admissions.arrived(now);
        perSecond.arrived(now);
        perMinute.arrived(now);
        return true;
    }

    /** Lets nobody through for so many seconds from now; 0 opens again. */
    public void close(long now, long seconds) {
        upTo(now);
        closedUntil = now + seconds * RateLimit.SECOND;
    }

    /** The limit as X-RateLimit-Limit tells it. */
    public long limit() {
        return tier.perMinute().get();
    }

    /** Calls left in the minute window; none while closed. */
    public long remaining(long now) {
        upTo(now);
        return now < closedUntil ? 0 : limit.remaining(now);
    }

    /** When the minute window or the closed time ends, UTC epoch seconds, rounded up. */
    public long resetEpochSeconds(long now) {
        upTo(now);
        return now < closedUntil ? RateLimit.roundedUp(closedUntil) : limit.resetEpochSeconds(now);
    }

    /** Takes changed settings in and lets the others' calls up to now arrive. */
    public void upTo(long time) {
        // A call may have arrived before the last look at the figures, but comes to be admitted after it.
        latest = Math.max(latest, time);
        long now = latest;
        String model = settings.windowModel.get();
        if (!limit.isOf(model, tier.perSecond().get(), tier.perMinute().get(), tier.windows().get())) {
            forget();
        }
        long rate = tier.foreignPerSecond().get();
        if (rate != foreignRate) {
            foreignRate = rate;
            nextForeign = now;
        }
        while (foreignRate > 0 && nextForeign <= now) {
            if (nextForeign >= closedUntil && limit.admit(nextForeign)) {
                foreignAdmitted++;
            } else {
                foreignRejected++;
            }
            nextForeign += RateLimit.SECOND / foreignRate;
        }
    }

    public long rejected() {
        return rejected;
    }

    /** Most calls let through in any sliding second. */
    public int peakPerSecond() {
        return perSecond.peak();
    }

    /** Most calls let through in any sliding minute. */
    public int peakPerMinute() {
        return perMinute.peak();
    }

    /** Adds this tier's figures. */
    public void stats(ObjectNode stats, long now) {
        upTo(now);
        double seconds = (lastAdmitted - firstAdmitted) / (double) RateLimit.SECOND;
        ObjectNode own = stats.putObject(tier.name()).put("admitted", admitted).put("rejected", rejected)
                .put("admittedWithinSeconds", seconds)
                .put("admittedPerSecond", seconds > 0 ? (admitted - 1) / seconds : 0);
        arrivals.write(own, "closestArrivals");
        admissions.write(own, "closestAdmitted");
        own.putObject("foreign").put("admitted", foreignAdmitted).put("rejected", foreignRejected);
        ObjectNode through = own.putObject("admittedBySecond");
        admittedBySecond.forEach((second, calls) -> through.put(second.toString(), calls));
        ObjectNode away = own.putObject("rejectedBySecond");
        rejectedBySecond.forEach((second, calls) -> away.put(second.toString(), calls));
    }

    /** Back to the initial state; the settings are reset before. */
    public void reset() {
        forget();
        perSecond.reset();
        perMinute.reset();
        admittedBySecond.clear();
        rejectedBySecond.clear();
        admitted = 0;
        rejected = 0;
        foreignAdmitted = 0;
        foreignRejected = 0;
        foreignRate = 0;
        firstAdmitted = 0;
        lastAdmitted = 0;
        closedUntil = Long.MIN_VALUE;
    }

    private void forget() {
        limit = newLimit();
        arrivals = new Closest(tier.perSecond().get());
        admissions = new Closest(tier.perSecond().get());
    }

    private RateLimit newLimit() {
        return new RateLimit(settings.windowModel.get(), tier.perSecond().get(), tier.perMinute().get(),
                tier.windows().get());
    }

    private static void count(TreeMap<Long, Long> bySecond, long now) {
        bySecond.merge(Math.floorDiv(now, RateLimit.SECOND), 1L, Long::sum);
        if (bySecond.size() > SECONDS_KEPT) {
            bySecond.pollFirstEntry();
        }
    }

    /** The shortest time in which one call more than the limit of a second came; with a second, none had too many. */
    private static final class Closest {

        private final long[] times;
        private long seen;
        private long shortest = Long.MAX_VALUE;

        Closest(long perSecond) {
            times = new long[(int) perSecond];
        }

        void arrived(long now) {
            if (times.length == 0) {
                return;
            }
            int at = (int) (seen++ % times.length);
            if (seen > times.length) {
                shortest = Math.min(shortest, now - times[at]);
            }
            times[at] = now;
        }

        void write(ObjectNode stats, String name) {
            ObjectNode closest = stats.putObject(name).put("calls", times.length + 1);
            if (shortest == Long.MAX_VALUE) {
                closest.putNull("withinMillis");
            } else {
                closest.put("withinMillis", shortest / NANOS_PER_MILLI);
            }
        }
    }
}
