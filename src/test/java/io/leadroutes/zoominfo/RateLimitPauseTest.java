package io.leadroutes.zoominfo;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RateLimitPauseTest {

    private static final Instant NOW = Instant.ofEpochSecond(1_583_161_900);

    @Test
    void thePauseEndsAtTheResetByTheServersClock() {
        assertThat(RateLimitPause.length(Map.of("x-ratelimit-reset", "1583161964"), NOW, 1)).isEqualTo(Duration.ofSeconds(60));
        assertThat(RateLimitPause.length(Map.of("X-RateLimit-Reset", 1583161917L), NOW, 1)).isEqualTo(Duration.ofSeconds(17));
        assertThat(RateLimitPause.length(Map.of("X-RateLimit-Reset", "1583161917", "Date",
                "Mon, 02 Mar 2020 15:11:50 GMT"), NOW, 1)).isEqualTo(Duration.ofSeconds(7));
        assertThat(RateLimitPause.length(Map.of("X-RateLimit-Reset", "1583161000"), NOW, 1)).isEqualTo(Duration.ofSeconds(1));
    }

    @Test
    void withoutAResetThePauseGrowsToAMinute() {
        assertThat(RateLimitPause.length(Map.of("Retry-After", "5"), NOW, 1)).isEqualTo(Duration.ofSeconds(5));
        assertThat(RateLimitPause.length(Map.of(), NOW, 1)).isEqualTo(Duration.ofSeconds(2));
        assertThat(RateLimitPause.length(Map.of(), NOW, 9)).isEqualTo(Duration.ofSeconds(60));
    }
}
