package io.leadroutes.sandbox.zoominfo.account;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
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
    @ValueSource(strings = {"fixed", "sliding-log", "sliding-counter", "token-bucket", "smooth"})
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
    void tokenBucketStartsFullAndRefillsEvenly() {
        RateLimit limit = new RateLimit("token-bucket", 25, 0);
        assertThat(admitted(limit, START, 30)).isEqualTo(25);
        assertThat(admitted(limit, START + 39 * MS, 1)).isZero();
        assertThat(admitted(limit, START + 40 * MS, 30)).isEqualTo(1);
        assertThat(admitted(limit, START + 540 * MS, 30)).isEqualTo(12);
        assertThat(admitted(limit, START + 5_000 * MS, 30)).isEqualTo(25);
    }

    @Test
    void smoothLetsTwoThroughAtOnceAndThenOneForEachShareOfTheSecond() {
        RateLimit limit = new RateLimit("smooth", 25, 0);
        assertThat(admitted(limit, START, 30)).isEqualTo(2);
        assertThat(admitted(limit, START + 39 * MS, 1)).isZero();
        assertThat(admitted(limit, START + 40 * MS, 30)).isEqualTo(1);
        assertThat(admitted(limit, START + 5_000 * MS, 30)).isEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"fixed", "sliding-log", "sliding-counter", "token-bucket"})
    void everyFurtherWindowIsEnforcedToo(String model) {
        RateLimit limit = new RateLimit(model, 25, 1_500, List.of(new RateLimit.Limit(60, 10 * RateLimit.SECOND),
                new RateLimit.Limit(100, 1_000 * RateLimit.SECOND)));
        long start = START - Math.floorMod(START, 1_000 * RateLimit.SECOND);
        int through = 0;
        for (int tenth = 0; tenth < 100; tenth++) {
            through += admitted(limit, start + tenth * 100 * MS, 30);
        }
        // A bucket of 60 in 10 s gives 60 at once and as many again in that time.
        assertThat(through).isEqualTo(model.equals("token-bucket") ? 100 : 60);
        for (int second = 20; second < 40; second++) {
            through += admitted(limit, start + second * RateLimit.SECOND, 30);
        }
        // The second of the further windows holds back from here on; a bucket has been refilled by one for 10 s.
        assertThat(through).isEqualTo(model.equals("token-bucket") ? 103 : 100);
    }

    @Test
    void resetOfABucketTellsWhenItIsFullAgain() {
        RateLimit limit = new RateLimit("token-bucket", 25, 60);
        assertThat(admitted(limit, START, 10)).isEqualTo(10);
        assertThat(limit.remaining(START)).isEqualTo(50);
        assertThat(limit.resetEpochSeconds(START)).isEqualTo(START / RateLimit.SECOND + 10);
        assertThat(limit.remaining(START + 4 * RateLimit.SECOND)).isEqualTo(54);
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
