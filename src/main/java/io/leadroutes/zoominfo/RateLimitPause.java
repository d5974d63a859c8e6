package io.leadroutes.zoominfo;

import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Map;
import java.util.Optional;

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
        Instant serverNow = header(headers, "Date").flatMap(RateLimitPause::date).orElse(now);
        Duration wanted = header(headers, "X-RateLimit-Reset").flatMap(RateLimitPause::number)
                .map(reset -> Duration.between(serverNow, Instant.ofEpochSecond(reset)))
                .or(() -> header(headers, "Retry-After").flatMap(RateLimitPause::number).map(Duration::ofSeconds))
                .orElse(Duration.ofSeconds(1L << Math.min(count, 6)));
        if (wanted.compareTo(LONGEST) > 0) {
            return LONGEST;
        }
        return wanted.compareTo(SHORTEST) < 0 ? SHORTEST : wanted;
    }

    private static Optional<String> header(Map<String, Object> headers, String name) {
        return headers.entrySet().stream().filter(entry -> entry.getKey().equalsIgnoreCase(name)).findFirst()
                .map(entry -> String.valueOf(entry.getValue()).strip());
    }

    private static Optional<Long> number(String text) {
        try {
            return Optional.of(Long.parseLong(text));
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }

    private static Optional<Instant> date(String text) {
        try {
            return Optional.of(ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant());
        } catch (DateTimeParseException e) {
            return Optional.empty();
        }
    }
}
