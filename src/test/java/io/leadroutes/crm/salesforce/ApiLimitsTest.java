package io.leadroutes.crm.salesforce;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.leadroutes.crm.CrmException;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;

class ApiLimitsTest {

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private Instant now = Instant.parse("2026-11-28T10:00:00Z");
    private final ApiLimits limits = new ApiLimits(0.8, Duration.ofMinutes(15), new ObjectMapper(), meters, new Clock() {
        @Override
        public java.time.ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(java.time.ZoneId zone) {
            return this;
        }

        @Override
        public Instant instant() {
            return now;
        }
    });

    @Test
    void theHeaderOfAnAnswerTellsTheUseOfTheWholeOrgNotOfOneApp() {
        limits.header("api-usage=18/5000; per-app-api-usage=17/250(appName=leadroutes)");
        assertThat(limits.reading().orElseThrow()).isEqualTo(new ApiLimits.Reading(18, 5000, 0.0036, now));
        limits.header("per-app-api-usage=250/250(appName=leadroutes)");
        assertThat(limits.reading().orElseThrow().used()).isEqualTo(18);
        assertThat(meters.get("leadroutes.salesforce.limit.used").gauge().value()).isEqualTo(0.0036);
    }

    @Test
    void workThatCanWaitStandsBackAtItsShareAndGoesOnWhenUseFalls() {
        assertThat(limits.admitsBackground()).as("before the first reading").isTrue();
        limits.header("api-usage=79/100");
        limits.requireBackground();
        limits.header("api-usage=80/100");
        assertThat(limits.admitsBackground()).isFalse();
        assertThatThrownBy(limits::requireBackground).isInstanceOfSatisfying(CrmException.class,
                refused -> assertThat(refused.retryable()).isTrue()).hasMessageContaining("80 of 100");
        limits.header("api-usage=60/100");
        assertThat(limits.admitsBackground()).isTrue();
    }

    @Test
    void aRefusalMeansThatAllIsUsedUntilAnAnswerTellsOtherwise() throws Exception {
        limits.header("api-usage=70/100");
        limits.exceeded();
        assertThat(limits.reading().orElseThrow().share()).isEqualTo(1);
        limits.read("{\"DailyApiRequests\":{\"Max\":100,\"Remaining\":50}}");
        assertThat(limits.reading().orElseThrow().used()).isEqualTo(50);
    }

    @Test
    void theLimitIsAskedForWhenNoAnswerHasToldItForAWhile() {
        assertThat(limits.isDue()).isTrue();
        limits.header("api-usage=1/100");
        assertThat(limits.isDue()).isFalse();
        now = now.plus(Duration.ofMinutes(15));
        assertThat(limits.isDue()).isTrue();
    }
}
