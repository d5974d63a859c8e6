package io.leadroutes.zoominfo.pacing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WindowTest {

    @ParameterizedTest
    @ValueSource(strings = {"25/1s", "1500/1m", "54000/1h", "648000/1d", "0.5/1s", "10/90s"})
    void aWindowReadsAsItIsWritten(String text) {
        assertThat(Window.parse(text)).hasToString(text);
    }

    @ParameterizedTest
    @ValueSource(strings = {"25", "25/s", "0/1s", "25/0s", "-1/1s", "25/1w", "25/32d", "a/1s", ""})
    void whatIsNoWindowIsRefusedWithTheWayToWriteOne(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> Window.parse(text))
                .withMessageContaining("'" + text + "'").withMessageContaining("54000/1h");
    }

    @Test
    void theSlowestOfTheShortWindowsSetsTheSpacingAndALongOneDoesNot() {
        Window second = new Window(25, Duration.ofSeconds(1));
        assertThat(Window.spacingNanos(List.of(second, Window.parse("1500/1m")), 0)).isEqualTo(40_000_000L);
        assertThat(Window.spacingNanos(List.of(second, Window.parse("1500/1m")), 0.01)).isEqualTo(40_400_000L);
        assertThat(Window.spacingNanos(List.of(second, Window.parse("600/1m")), 0)).isEqualTo(100_000_000L);
        assertThat(Window.spacingNanos(List.of(second, Window.parse("54000/1h")), 0)).isEqualTo(40_000_000L);
    }
}
