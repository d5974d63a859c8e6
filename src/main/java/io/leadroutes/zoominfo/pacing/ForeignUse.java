package io.leadroutes.zoominfo.pacing;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.Optional;

/**
 * What the rate headers tell of other clients of the account. ZoomInfo counts all calls of its minute window, the
 * schedule counts ours, those of all replicas; what is over is somebody else's. It is not documented whether the window
 * is fixed or slides, nor whether the headers tell of the moment at which the call arrived or of that of the answer: what
 * is over in each case is certainly another client's, so that nobody is seen who is not there. Nothing that the headers
 * say ever makes calls faster.
 *
 * <p>Not thread-safe.
 */
final class ForeignUse {

    private static final double SECOND = 1_000_000_000d;
    /** Answers this far apart are compared; closer ones tell too little. */
    private static final long APART_NANOS = 800_000_000L;
    /** Below this many calls it may be the order in which calls arrived. */
    private static final double NOISE_CALLS = 3;
    /** What is not seen any more is forgotten at this pace. */
    private static final double FORGOTTEN_NANOS = 15 * SECOND;
    /** The rate that is told anew when it changes by more. */
    private static final double CHANGE = 0.25;
    private static final Duration TOLD_AGAIN = Duration.ofSeconds(15);
    private static final Duration WINDOW = Duration.ofMinutes(1);
    /** What is told is more than what was seen: the answers are always a little behind. */
    private static final double MORE = 1.1;
    private static final double MORE_CALLS = 0.5;

    private final Deque<Long> refused = new ArrayDeque<>();
    private final Deque<Own> granted = new ArrayDeque<>();
    private final Deque<Seen> recent = new ArrayDeque<>();
    private double perSecond;
    private double told;
    private long toldAt;
    private News news;

    /**
     * How far our own calls have come at some moment.
     *
     * @param slot       the last slot up to then, nanoseconds
     * @param number     its number among our slots
     * @param lastMinute our slots in the minute up to it
     */
    record Own(long slot, long number, long lastMinute) {

        /** At most, later on: others may have taken each slot since. */
        private Own upTo(long moment, Duration spacing) {
            long since = Math.max(0, moment - slot) / spacing.toNanos();
            return new Own(moment, number + since, lastMinute + since);
        }
    }

    /**
     * An answer, with what calls of ours its headers may count: those up to its call, or those up to itself. Of the
     * latter at least and at most, for other replicas send too.
     */
    private record Seen(Sight sight, Own answeredLeast, Own answeredMost) {
    }

    /**
     * What replicas should know.
     *
     * @param perSecond calls a second that others make
     * @param spacing   the spacing at which what remains lasts until the reset, when that is wider than ours
     * @param until     time to the reset
     */
    record News(double perSecond, Optional<Duration> spacing, Duration until) {
    }

    /**
     * The headers of one answer.
     *
     * @param call     our calls up to this one
     * @param answered when the answer came, nanoseconds, by the clock of the slots
     * @param spacing  spacing in force
     */
    record Sight(Own call, long answered, Duration spacing, RateHeaders headers) {
        private long used() {
            return headers.limit() - headers.remaining();
        }

        private long slot() {
            return call.slot();
        }
    }

    /** This process has got this slot. */
    void granted(Own own) {
        granted.addLast(own);
        while (granted.peekFirst().slot() < own.slot() - 2 * WINDOW.toNanos()) {
            granted.removeFirst();
        }
    }

    /** Our call of this slot was answered with 429: ZoomInfo has not counted it. */
    void refused(long slot) {
        refused.add(slot);
    }

    /** Our own calls are not counted for certain now: nothing that was seen can be compared with what comes. */
    void forget() {
        granted.clear();
        recent.clear();
        refused.clear();
        perSecond = 0;
    }

    void see(Sight sight) {
        Sight newest = recent.isEmpty() ? null : recent.peekLast().sight();
        if (newest != null && sight.call().number() <= newest.call().number()) {
            return;
        }
        refused.removeIf(slot -> slot < sight.slot() - WINDOW.toNanos());
        Own answered = lastGranted(sight);
        Seen now = new Seen(sight, answered, answered.upTo(sight.answered(), sight.spacing()));
        double over = Math.min(over(now, sight.call()), over(now, now.answeredMost()));
        double seen = over > NOISE_CALLS ? over / WINDOW.toSeconds() : 0;
        Seen before = before(sight.slot() - APART_NANOS);
        if (before != null && sight.slot() - before.sight().slot() <= WINDOW.toNanos()) {
            double more = Math.min(more(before, before.sight().call(), now, sight.call()),
                    more(before, before.answeredLeast(), now, now.answeredMost()));
            if (more > NOISE_CALLS) {
                seen = Math.max(seen, more * SECOND / (sight.slot() - before.sight().slot()));
            }
        }
        if (newest != null) {
            // A pause tells nothing.
            perSecond *= Math.exp(-Math.min(APART_NANOS, sight.slot() - newest.slot()) / FORGOTTEN_NANOS);
        }
        perSecond = Math.max(perSecond, seen);
        perSecond = perSecond < CHANGE ? 0 : perSecond;
        recent.addLast(now);
        tell(sight);
    }

    /** Our last slot up to the answer that is known here. */
    private Own lastGranted(Sight sight) {
        for (Iterator<Own> latest = granted.descendingIterator(); latest.hasNext();) {
            Own own = latest.next();
            if (own.slot() <= sight.answered() && own.number() >= sight.call().number()) {
                return own;
            }
        }
        return sight.call();
    }

    /** The last answer up to a moment; what came before it is not needed any more. */
    private Seen before(long moment) {
        Seen last = null;
        while (!recent.isEmpty() && recent.peekFirst().sight().slot() <= moment) {
            last = recent.removeFirst();
        }
        if (last != null) {
            recent.addFirst(last);
        }
        return last;
    }

    /** Calls of a sliding minute that are not ours; below 0: slots that nobody used, or a fixed minute that is young. */
    private double over(Seen seen, Own own) {
        return seen.sight().used() - (own.lastMinute() - refused.size());
    }

    /** Calls between two answers that are not ours. */
    private double more(Seen before, Own ownBefore, Seen now, Own own) {
        if (now.sight().headers().reset() == before.sight().headers().reset()) {
            return now.sight().used() - before.sight().used()
                    - (own.number() - ownBefore.number() - refusedSince(before.sight().slot()));
        }
        return over(now, own) - Math.max(0, over(before, ownBefore));
    }

    private long refusedSince(long slot) {
        return refused.stream().filter(at -> at > slot).count();
    }

    private void tell(Sight sight) {
        Optional<Duration> wider = wider(sight);
        boolean changed = Math.abs(perSecond - told) >= CHANGE
                || perSecond > 0 && sight.slot() - toldAt > TOLD_AGAIN.toNanos();
        if (changed || wider.isPresent()) {
            news = new News(perSecond == 0 ? 0 : perSecond * MORE + MORE_CALLS, wider, sight.headers().toReset());
            told = perSecond;
            toldAt = sight.slot();
        }
    }

    /** What is left must last until the reset; a second's worth of calls is in the inexactness of the headers. */
    private static Optional<Duration> wider(Sight sight) {
        double left = sight.headers().toReset().toNanos();
        double calls = left / sight.spacing().toNanos();
        double slack = Math.max(5, 2 * SECOND / sight.spacing().toNanos());
        if (sight.headers().remaining() + slack >= calls) {
            return Optional.empty();
        }
        return Optional.of(Duration.ofNanos((long) (left / Math.max(1, sight.headers().remaining()))));
    }

    /** What has not been told yet; it is handed out once. */
    Optional<News> takeNews() {
        Optional<News> taken = Optional.ofNullable(news);
        news = null;
        return taken;
    }

    /** Gives back news that could not be told. */
    void returnNews(News untold) {
        news = news == null ? untold : news;
    }
}
