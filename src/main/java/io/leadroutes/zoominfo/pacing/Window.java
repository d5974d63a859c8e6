package io.leadroutes.zoominfo.pacing;

import java.time.Duration;
import java.util.List;

/**
 * A limit: at most so many requests in a period.
 *
 * @param limit  requests, above 0
 * @param period length of the window
 */
public record Window(double limit, Duration period) {

    public Window {
        if (!(limit > 0) || period.isNegative() || period.isZero()) {
            throw new IllegalArgumentException("a window needs a limit and a period above 0");
        }
    }

    /**
     * The even distance between two requests that keeps all windows: the slowest wins.
     *
     * @param guard share by which requests are spaced wider than the limit demands, 0.01 for 1 %
     * @return nanoseconds
     */
    public static long spacingNanos(List<Window> windows, double guard) {
        double widest = 0;
        for (Window window : windows) {
            widest = Math.max(widest, window.period.toNanos() / window.limit);
        }
        return (long) Math.ceil(widest * (1 + guard));
    }
}
