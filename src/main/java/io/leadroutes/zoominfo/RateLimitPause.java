package io.leadroutes.zoominfo;

import io.leadroutes.zoominfo.pacing.RateHeaders;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;

/** How long a tier keeps silent after a 429. */
final class RateLimitPause {

    private static final Duration LONGEST = Duration.ofSeconds(60);
    private static final Duration SHORTEST = Duration.ofSeconds(1);

    private RateLimitPause() {
    }

    /**
     * Until {@code X-RateLimit-Reset} (epoch seconds) by the server's own clock; without it {@code Retry-After};
     * without both 2 s, doubled with each further 429. Never under 1 s, never over 60 s.
     *
     * @param now   used when the answer does not tell the server's time
     * @param count how many 429 this call has had
     */
    static Duration length(Map<String, Object> headers, Instant now, int count) {
        Duration wanted = RateHeaders.number(headers, "X-RateLimit-Reset")
                .map(reset -> Duration.between(RateHeaders.serverTime(headers, now), Instant.ofEpochSecond(reset)))
                .or(() -> RateHeaders.number(headers, "Retry-After").map(Duration::ofSeconds))
                .orElse(Duration.ofSeconds(1L << Math.min(count, 6)));
        if (wanted.compareTo(LONGEST) > 0) {
            return LONGEST;
        }
        return wanted.compareTo(SHORTEST) < 0 ? SHORTEST : wanted;
    }
}
