package io.leadroutes.fault;

import io.leadroutes.fault.Cluster.SeenCall;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** What a run amounts to, in the columns of docs/reliability.md. */
public final class Figures {

    /** Calls a second that the standard tier allows. */
    private static final int ALLOWED = 25;
    /** Beginnings of paths that do not count against the standard tier. */
    private static final Set<String> OTHER_TIERS = Set.of("/authenticate", "/bulk", "/webhooks");

    private final List<SeenCall> calls;
    private final List<SeenCall> standard;
    private final long rateLimited;
    private final long lost;
    private final long doubled;
    private final long repeated;
    private final String more;

    Figures(List<SeenCall> calls, long rateLimited, long lost, long doubled, String more) {
        this.calls = calls;
        this.standard = standard(calls);
        this.rateLimited = rateLimited;
        this.lost = lost;
        this.doubled = doubled;
        this.repeated = repeated(calls);
        this.more = more;
    }

    /** The figures of the calls that arrived between two moments of {@link System#nanoTime()}. */
    public Figures between(long from, long to) {
        List<SeenCall> some = calls.stream()
                .filter(call -> call.arrivalNanos() >= from && call.arrivalNanos() < to).toList();
        return new Figures(some, some.stream().filter(call -> call.status() == 429).count(), lost, doubled, "");
    }

    /** The calls of the standard tier, in the order of their arrival. */
    static List<SeenCall> standard(List<SeenCall> calls) {
        return calls.stream().filter(call -> OTHER_TIERS.stream().noneMatch(call.path()::startsWith)).toList();
    }

    private static long repeated(List<SeenCall> calls) {
        Map<String, Long> asked = new HashMap<>();
        calls.stream().filter(call -> call.path().equals("/enrich/contact")).flatMap(call -> call.ids().stream())
                .forEach(id -> asked.merge(id, 1L, Long::sum));
        return asked.values().stream().mapToLong(times -> times - 1).sum();
    }

    /** Share of the allowed rate that was used from the first call to the last. */
    public double rateUsed() {
        return callsASecond() / ALLOWED;
    }

    /** Calls a second of the standard tier from the first to the last. */
    public double callsASecond() {
        if (standard.size() < 2) {
            return 0;
        }
        long from = standard.get(0).arrivalNanos();
        long to = standard.get(standard.size() - 1).arrivalNanos();
        return (standard.size() - 1) / ((to - from) / 1e9);
    }

    /** The shortest time in which 26 calls of the standard tier arrived, in seconds; none with fewer calls. */
    public double smallestSpanOf26() {
        long smallest = Long.MAX_VALUE;
        for (int i = ALLOWED; i < standard.size(); i++) {
            smallest = Math.min(smallest, standard.get(i).arrivalNanos() - standard.get(i - ALLOWED).arrivalNanos());
        }
        return smallest == Long.MAX_VALUE ? Double.POSITIVE_INFINITY : smallest / 1e9;
    }

    /** The gaps between the 26 calls that came closest together, in milliseconds: a wide one first is a call held up. */
    public String closestGaps() {
        long smallest = Math.round(1e9 * smallestSpanOf26());
        StringBuilder gaps = new StringBuilder();
        for (int i = ALLOWED; i < standard.size() && gaps.isEmpty(); i++) {
            if (standard.get(i).arrivalNanos() - standard.get(i - ALLOWED).arrivalNanos() <= smallest) {
                gaps.append("from ").append(standard.get(i - ALLOWED).arrivalNanos()).append(':');
                for (int j = Math.max(1, i - ALLOWED - 1); j <= i; j++) {
                    gaps.append(String.format(Locale.ROOT, j == i - ALLOWED + 1 ? " | %.1f" : " %.1f",
                            (standard.get(j).arrivalNanos() - standard.get(j - 1).arrivalNanos()) / 1e6));
                }
            }
        }
        return gaps.toString();
    }

    /** Seconds from a moment to the first call of the standard tier after it; none when there was none. */
    public double secondsToNextCall(long moment) {
        OptionalLong next = standard.stream().mapToLong(SeenCall::arrivalNanos).filter(at -> at > moment).findFirst();
        return next.isEmpty() ? Double.POSITIVE_INFINITY : (next.getAsLong() - moment) / 1e9;
    }

    /** Calls of the standard tier between two moments. */
    public long calls(long from, long to) {
        return standard.stream().filter(call -> call.arrivalNanos() >= from && call.arrivalNanos() < to).count();
    }

    /** The longest time without a call of the standard tier between two moments, in seconds. */
    public double longestGap(long from, long to) {
        List<Long> at = new ArrayList<>(standard.stream().map(SeenCall::arrivalNanos)
                .filter(nanos -> nanos >= from && nanos < to).toList());
        at.add(0, from);
        at.add(to);
        long longest = 0;
        for (int i = 1; i < at.size(); i++) {
            longest = Math.max(longest, at.get(i) - at.get(i - 1));
        }
        return longest / (double) TimeUnit.SECONDS.toNanos(1);
    }

    public long rateLimited() {
        return rateLimited;
    }

    public long lost() {
        return lost;
    }

    public long doubled() {
        return doubled;
    }

    /** Records that ZoomInfo was asked for again. */
    public long repeated() {
        return repeated;
    }

    @Override
    public String toString() {
        return String.format(Locale.ROOT, "rate used %.2f %%, 429: %d, smallest span of 26 arrivals %.4f s, "
                + "leads lost %d, effects doubled %d, records asked for again %d, calls %d%s", 100 * rateUsed(),
                rateLimited, smallestSpanOf26(), lost, doubled, repeated, standard.size(), more);
    }
}
