package io.leadroutes.fault;

import io.leadroutes.fault.Cluster.SeenCall;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

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
        Optional<Integer> last = lastOfClosest();
        return last.isEmpty() ? Double.POSITIVE_INFINITY : nanos(last.get() - ALLOWED, last.get()) / 1e9;
    }

    /** The gaps between the 26 calls that came closest together, in milliseconds: a wide one first is a call held up. */
    public String closestGaps() {
        Optional<Integer> last = lastOfClosest();
        if (last.isEmpty()) {
            return "";
        }
        int first = last.get() - ALLOWED;
        StringBuilder gaps = new StringBuilder("from " + standard.get(first).arrivalNanos() + ":");
        for (int i = Math.max(1, first - 1); i <= last.get(); i++) {
            gaps.append(String.format(Locale.ROOT, i == first + 1 ? " | %.1f" : " %.1f", nanos(i - 1, i) / 1e6));
        }
        return gaps.toString();
    }

    /** Of the 26 calls in a row that came closest together. */
    private Optional<Integer> lastOfClosest() {
        return IntStream.range(ALLOWED, standard.size()).boxed()
                .min(Comparator.comparingLong(last -> nanos(last - ALLOWED, last)));
    }

    private long nanos(int from, int to) {
        return standard.get(to).arrivalNanos() - standard.get(from).arrivalNanos();
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
