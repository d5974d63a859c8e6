package io.leadroutes.zoominfo.pacing;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A limit: at most so many requests in a period. Windows of up to a minute are kept by even spacing. Longer ones are
 * counted: while they have room they slow nothing down, and then nothing leaves until they have room again.
 *
 * @param limit  requests, above 0
 * @param period length of the window
 */
public record Window(double limit, Duration period) {

    private static final Pattern TEXT = Pattern.compile("(\\d+(?:\\.\\d+)?)\\s*/\\s*(\\d+)\\s*([smhd])");
    private static final Duration LONGEST_SPACED = Duration.ofMinutes(1);
    private static final Duration LONGEST = Duration.ofDays(31);

    public Window {
        if (!(limit > 0) || period.isNegative() || period.isZero()) {
            throw new IllegalArgumentException("a window needs a limit and a period above 0");
        }
    }

    /**
     * Reads a window as it stands in the configuration, {@code 54000/1h}; units are s, m, h and d.
     *
     * @throws IllegalArgumentException with the rule in its message
     */
    static Window parse(String text) {
        Matcher matcher = TEXT.matcher(text.strip());
        if (matcher.matches()) {
            long count = Long.parseLong(matcher.group(2));
            Duration period = switch (matcher.group(3)) {
                case "s" -> Duration.ofSeconds(count);
                case "m" -> Duration.ofMinutes(count);
                case "h" -> Duration.ofHours(count);
                default -> Duration.ofDays(count);
            };
            double limit = Double.parseDouble(matcher.group(1));
            if (limit > 0 && !period.isZero() && period.compareTo(LONGEST) <= 0) {
                return new Window(limit, period);
            }
        }
        throw new IllegalArgumentException("'" + text.strip() + "' is not a window: write requests/period, for example "
                + "25/1s, 54000/1h or 648000/1d; units are s, m, h and d, at most 31d");
    }

    /** Whether it is kept by spacing. */
    boolean isShort() {
        return period.compareTo(LONGEST_SPACED) <= 0;
    }

    /**
     * The even distance between two requests that keeps all short windows: the slowest wins.
     *
     * @param guard share by which requests are spaced wider than the limit demands, 0.01 for 1 %
     * @return nanoseconds; 0 without a short window
     */
    static long spacingNanos(List<Window> windows, double guard) {
        double widest = windows.stream().filter(Window::isShort)
                .mapToDouble(window -> window.period.toNanos() / window.limit).max().orElse(0);
        return (long) Math.ceil(widest * (1 + guard));
    }

    /** As it stands in the configuration. */
    @Override
    public String toString() {
        String requests = limit == Math.rint(limit) ? Long.toString((long) limit) : String.format(Locale.ROOT, "%s", limit);
        long millis = period.toMillis();
        if (millis % 1000 != 0 || millis == 0) {
            return requests + "/" + millis / 1000.0 + "s";
        }
        long seconds = millis / 1000;
        String length = seconds % 86_400 == 0 ? seconds / 86_400 + "d" : seconds % 3_600 == 0 ? seconds / 3_600 + "h"
                : seconds % 60 == 0 ? seconds / 60 + "m" : seconds + "s";
        return requests + "/" + length;
    }
}
