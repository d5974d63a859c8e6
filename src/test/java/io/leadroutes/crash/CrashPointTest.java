package io.leadroutes.crash;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class CrashPointTest {

    @ParameterizedTest
    @EnumSource(CrashPoint.class)
    void isNamedByThePropertyInTheProfilesOfTests(CrashPoint point) {
        assertThat(CrashPoint.armed(point.text(), List.of("sandbox"))).contains(point);
        assertThat(CrashPoint.armed(point.text() + "@12", List.of("dev"))).contains(point);
    }

    @ParameterizedTest
    @EnumSource(CrashPoint.class)
    void doesNothingInProduction(CrashPoint point) {
        assertThat(CrashPoint.armed(point.text(), List.of("prod"))).isEmpty();
        assertThat(CrashPoint.armed(point.text(), List.of())).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "after", "after-claim@", "after-claim@x", "AFTER-CLAIM"})
    void doesNothingUnderAnotherName(String name) {
        assertThat(CrashPoint.armed(name, List.of("test"))).isEmpty();
    }

    @Test
    void doesNothingUnlessAskedFor() {
        for (CrashPoint point : CrashPoint.values()) {
            point.reached();
            point.reachedAfterCommit();
        }
    }
}
