package io.leadroutes.sandbox.zoominfo.account;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RateLimitTest {

    private static final long MS = 1_000_000L;
    private static final long START = 1_700_000_040L * RateLimit.SECOND;

    @Test
    void fixedWindowLetsTwiceTheLimitThroughAtItsBorder() {
        RateLimit limit = new RateLimit("fixed", 25, 0);
        assertThat(admitted(limit, START + 990 * MS, 30)).isEqualTo(25);
        assertThat(admitted(limit, START + 1_000 * MS, 30)).isEqualTo(25);
        assertThat(admitted(limit, START + 1_010 * MS, 1)).isZero();
    }

    @Test
    void slidingLogNeverHasMoreThanTheLimitInAnySecond() {
        RateLimit limit = new RateLimit("sliding-log", 25, 0);
        assertThat(admitted(limit, START + 990 * MS, 30)).isEqualTo(25);
        assertThat(admitted(limit, START + 1_989 * MS, 30)).isZero();
        assertThat(admitted(limit, START + 1_990 * MS, 30)).isEqualTo(25);
    }

    @Test
    void slidingCounterWeighsTheWindowBefore() {
        RateLimit limit = new RateLimit("sliding-counter", 20, 0);
        assertThat(admitted(limit, START + 900 * MS, 30)).isEqualTo(20);
        // Half of the second before still counts: 10 of 20.
        assertThat(admitted(limit, START + 1_500 * MS, 30)).isEqualTo(10);
        assertThat(admitted(limit, START + 4_000 * MS, 30)).isEqualTo(20);
    }

    @ParameterizedTest
    @ValueSource(strings = {"fixed", "sliding-log", "sliding-counter"})
    void evenlySpacedCallsJustBelowTheRateAllGoThrough(String model) {
        RateLimit limit = new RateLimit(model, 25, 1_500);
        long spacing = 40_400_000L;
        for (int i = 0; i < 6_000; i++) {
            assertThat(limit.admit(START + 17 * MS + i * spacing)).as("call %d", i).isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"fixed", "sliding-log", "sliding-counter"})
    void minuteIsEnforcedBesideTheSecondAndRejectedCallsDoNotCount(String model) {
        RateLimit limit = new RateLimit(model, 25, 100);
        int through = 0;
        for (int second = 0; second < 50; second++) {
            through += admitted(limit, START + second * RateLimit.SECOND, 30);
        }
        assertThat(through).isEqualTo(100);
        assertThat(limit.remaining(START + 50 * RateLimit.SECOND)).isZero();
        assertThat(admitted(limit, START + 121 * RateLimit.SECOND, 30)).isEqualTo(25);
    }

    @Test
    void resetTellsTheEndOfTheMinuteWindow() {
        RateLimit fixed = new RateLimit("fixed", 25, 1_500);
        long minuteStart = START - Math.floorMod(START, RateLimit.MINUTE);
        fixed.admit(minuteStart + 10 * RateLimit.SECOND);
        assertThat(fixed.resetEpochSeconds(minuteStart + 10 * RateLimit.SECOND)).isEqualTo(minuteStart / RateLimit.SECOND + 60);
        RateLimit log = new RateLimit("sliding-log", 25, 1_500);
        log.admit(minuteStart + 10 * RateLimit.SECOND);
        log.admit(minuteStart + 40 * RateLimit.SECOND);
        assertThat(log.resetEpochSeconds(minuteStart + 41 * RateLimit.SECOND)).isEqualTo(minuteStart / RateLimit.SECOND + 70);
        assertThat(log.remaining(minuteStart + 41 * RateLimit.SECOND)).isEqualTo(1_498);
        assertThat(log.remaining(minuteStart + 71 * RateLimit.SECOND)).isEqualTo(1_499);
    }

    private static int admitted(RateLimit limit, long now, int calls) {
        int through = 0;
        for (int i = 0; i < calls; i++) {
            through += limit.admit(now) ? 1 : 0;
        }
        return through;
    }
}
