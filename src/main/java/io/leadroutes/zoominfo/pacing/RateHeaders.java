package io.leadroutes.zoominfo.pacing;

import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Map;
import java.util.Optional;

/**
 * The rate headers of an answer (ZoomInfo API overview, rate limits), by the server's own clock.
 *
 * @param limit     {@code X-RateLimit-Limit}: calls a minute
 * @param remaining {@code X-RateLimit-Remaining}: calls left
 * @param reset     {@code X-RateLimit-Reset}, epoch seconds
 * @param toReset   time to the reset, 0 or more
 */
public record RateHeaders(long limit, long remaining, long reset, Duration toReset) {

    /** Reads the headers; empty when one of the three is missing. */
    public static Optional<RateHeaders> read(Map<String, Object> headers, Instant now) {
        Optional<Long> limit = number(headers, "X-RateLimit-Limit").filter(value -> value > 0);
        Optional<Long> remaining = number(headers, "X-RateLimit-Remaining").filter(value -> value >= 0);
        Optional<Long> reset = number(headers, "X-RateLimit-Reset");
        if (limit.isEmpty() || remaining.isEmpty() || reset.isEmpty()) {
            return Optional.empty();
        }
        Duration left = Duration.between(serverTime(headers, now), Instant.ofEpochSecond(reset.get()));
        return Optional.of(new RateHeaders(limit.get(), remaining.get(), reset.get(),
                left.isNegative() ? Duration.ZERO : left));
    }

    /**
     * The server's time as its answer states it.
     *
     * @param now used when the answer does not tell
     */
    public static Instant serverTime(Map<String, Object> headers, Instant now) {
        return header(headers, "Date").flatMap(RateHeaders::date).orElse(now);
    }

    /** A header that is a whole number, whatever the case of its name. */
    public static Optional<Long> number(Map<String, Object> headers, String name) {
        return header(headers, name).flatMap(text -> {
            try {
                return Optional.of(Long.parseLong(text));
            } catch (NumberFormatException e) {
                return Optional.empty();
            }
        });
    }

    private static Optional<String> header(Map<String, Object> headers, String name) {
        return headers.entrySet().stream().filter(entry -> entry.getKey().equalsIgnoreCase(name)).findFirst()
                .map(entry -> String.valueOf(entry.getValue()).strip());
    }

    private static Optional<Instant> date(String text) {
        try {
            return Optional.of(ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant());
        } catch (DateTimeParseException e) {
            return Optional.empty();
        }
    }
}
