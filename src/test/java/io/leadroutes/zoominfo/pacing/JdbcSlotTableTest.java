package io.leadroutes.zoominfo.pacing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class JdbcSlotTableTest {

    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static PacingDatabase database;

    @BeforeAll
    static void start() throws Exception {
        database = new PacingDatabase();
    }

    @AfterAll
    static void stop() throws Exception {
        database.close();
    }

    @Test
    void slotsFollowEachOtherAtTheSpacingWhoeverAsks() throws Exception {
        SlotTable first = database.slots();
        SlotTable second = database.slots();
        ExecutorService pool = Executors.newFixedThreadPool(6);
        try {
            Callable<Duration> one = () -> first.reserve("a", "even", MINUTE, Duration.ZERO);
            Callable<Duration> two = () -> second.reserve("a", "even", MINUTE, Duration.ZERO);
            List<Duration> waits = pool.invokeAll(Stream.of(one, two, one, two, one).toList()).stream().map(future -> {
                try {
                    return future.get();
                } catch (Exception e) {
                    throw new IllegalStateException(e);
                }
            }).sorted().toList();
            for (int i = 0; i < waits.size(); i++) {
                // Waits count from the moment of the statement, so they are short by what has passed since the first.
                assertThat(waits.get(i)).isBetween(MINUTE.multipliedBy(i).minusSeconds(30), MINUTE.multipliedBy(i));
            }
        } finally {
            pool.shutdownNow();
        }
    }

    @Test
    void theFirstSlotIsNowAndLatenessPushesTheNext() {
        SlotTable slots = database.slots();
        assertThat(slots.reserve("a", "debit", MINUTE, Duration.ZERO)).isZero();
        Duration wait = slots.reserve("a", "debit", MINUTE, Duration.ofMillis(700));
        assertThat(wait).isGreaterThan(MINUTE.minusSeconds(30)).isLessThanOrEqualTo(MINUTE.plusMillis(700));
        assertThat(slots.reserve("a", "debit", MINUTE, Duration.ofMillis(700)).minus(wait))
                .isBetween(Duration.ofSeconds(30), MINUTE.plusMillis(700));
    }

    @Test
    void aPauseIsSeenByAllAndOtherTiersGoOn() {
        database.slots().pause("a", "paused", Duration.ofSeconds(40));
        assertThat(database.slots().reserve("a", "paused", Duration.ofMillis(40), Duration.ZERO))
                .isBetween(Duration.ofSeconds(10), Duration.ofSeconds(40));
        // The next one after the pause, and not beside the first.
        database.slots().reserve("a", "paused", MINUTE, Duration.ZERO);
        assertThat(database.slots().reserve("a", "paused", MINUTE, Duration.ZERO)).isGreaterThan(MINUTE);
        assertThat(database.slots().reserve("a", "other", Duration.ofMillis(40), Duration.ZERO)).isZero();
    }

    @Test
    void aScheduleFromAClockThatWasSetBackIsCutToASecond() throws Exception {
        SlotTable slots = database.slots();
        slots.reserve("a", "clock", Duration.ofMillis(40), Duration.ZERO);
        database.execute("update egress_slot set next_slot = clock_timestamp() + interval '1 hour' where tier = 'clock'");
        assertThat(slots.reserve("a", "clock", Duration.ofMillis(40), Duration.ZERO))
                .isLessThanOrEqualTo(Duration.ofSeconds(1));
    }

    @Test
    void withoutADatabaseNoSlotIsGranted() throws Exception {
        try (PacingDatabase gone = new PacingDatabase()) {
            SlotTable slots = gone.slots();
            slots.reserve("a", "standard", Duration.ofMillis(40), Duration.ZERO);
            gone.stop();
            assertThatThrownBy(() -> slots.reserve("a", "standard", Duration.ofMillis(40), Duration.ZERO))
                    .isInstanceOf(SlotTable.SlotsUnavailableException.class);
        }
    }
}
