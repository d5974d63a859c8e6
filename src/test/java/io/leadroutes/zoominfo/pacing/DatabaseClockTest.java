package io.leadroutes.zoominfo.pacing;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class DatabaseClockTest {

    private static final long MS = 1_000_000L;
    private static final long SECOND = 1_000 * MS;

    private final DatabaseClock clock = new DatabaseClock();

    @Test
    void anAnswerThatWasLongOnItsWayMakesNoLateSlotPunctual() {
        // The two clocks stand the same; the answer took 30 ms back.
        clock.read(0, 31 * MS, MS);
        assertThat(clock.earliest(50 * MS)).isEqualTo(49 * MS);
        assertThat(clock.latest(50 * MS)).isEqualTo(80 * MS);
        // A quick one narrows it.
        clock.read(100 * MS, 101 * MS, 100 * MS + MS / 2);
        assertThat(clock.earliest(150 * MS)).isBetween(149 * MS, 150 * MS);
        assertThat(clock.latest(150 * MS)).isBetween(150 * MS, 151 * MS);
    }

    @Test
    void aClockThatWasSetIsReadAnew() {
        clock.read(0, MS, 0);
        clock.read(SECOND, SECOND + MS, SECOND - 30 * SECOND);
        assertThat(clock.latest(SECOND - 30 * SECOND)).isBetween(SECOND, SECOND + MS);
        clock.read(2 * SECOND, 2 * SECOND + MS, 3600 * SECOND);
        assertThat(clock.latest(3600 * SECOND)).isBetween(2 * SECOND, 2 * SECOND + MS);
    }
}
