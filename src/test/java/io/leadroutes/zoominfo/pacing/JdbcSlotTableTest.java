package io.leadroutes.zoominfo.pacing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.leadroutes.zoominfo.pacing.SlotTable.Answer;
import io.leadroutes.zoominfo.pacing.SlotTable.Closed;
import io.leadroutes.zoominfo.pacing.SlotTable.Fenced;
import io.leadroutes.zoominfo.pacing.SlotTable.Granted;
import io.leadroutes.zoominfo.pacing.SlotTable.Later;
import io.leadroutes.zoominfo.pacing.SlotTable.Request;
import io.leadroutes.zoominfo.pacing.SlotTable.SlotsUnavailableException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class JdbcSlotTableTest {

    private static final Duration SPACING = Duration.ofMillis(40);
    private static final Duration HOUR = Duration.ofHours(1);
    private static PacingDatabase database;

    private final VirtualClock clock = new VirtualClock();
    private final SlotTable slots = database.slots(clock);

    @BeforeAll
    static void start() throws Exception {
        database = new PacingDatabase();
    }

    @AfterAll
    static void stop() {
        database.close();
    }

    @BeforeEach
    void nothingWasSent() throws Exception {
        database.execute("truncate egress_slot, egress_sent");
    }

    @Test
    void slotsFollowEachOtherAtTheSpacingWhoeverAsks() throws Exception {
        SlotTable second = database.slots(clock);
        ExecutorService pool = Executors.newFixedThreadPool(6);
        try {
            Callable<Long> one = () -> granted(take(slots, "even", Duration.ZERO)).slot();
            Callable<Long> two = () -> granted(take(second, "even", Duration.ZERO)).slot();
            List<Long> taken = pool.invokeAll(Stream.of(one, two, one, two, one).toList()).stream().map(future -> {
                try {
                    return future.get();
                } catch (Exception e) {
                    throw new IllegalStateException(e);
                }
            }).sorted().toList();
            assertThat(taken).containsExactly(0L, ms(40), ms(80), ms(120), ms(160));
        } finally {
            pool.shutdownNow();
        }
    }

    @Test
    void aSlotFurtherAheadThanTheHorizonIsNotHandedOut() {
        for (int i = 0; i <= 6; i++) {
            granted(take(slots, "ahead", Duration.ZERO));
        }
        assertThat(take(slots, "ahead", Duration.ZERO)).isEqualTo(new Later(Duration.ofMillis(280)));
        clock.advance(Duration.ofMillis(30));
        assertThat(granted(take(slots, "ahead", Duration.ZERO)).slot()).isEqualTo(ms(280));
    }

    @Test
    void latenessPushesTheScheduleWhetherItComesWithACallOrWithout() {
        granted(take(slots, "debit", Duration.ZERO));
        assertThat(granted(take(slots, "debit", Duration.ofMillis(30))).slot()).isEqualTo(ms(70));
        slots.debit("debit", Duration.ofMillis(50));
        assertThat(granted(take(slots, "debit", Duration.ZERO)).slot()).isEqualTo(ms(160));
    }

    @Test
    void aPauseIsSeenByAllAndOtherTiersGoOn() {
        database.slots(clock).pause("paused", Duration.ofSeconds(40), OptionalLong.empty(), 0);
        assertThat(take(slots, "paused", Duration.ZERO)).isEqualTo(new Later(Duration.ofSeconds(40)));
        granted(take(slots, "other", Duration.ZERO));
        clock.advance(Duration.ofSeconds(40));
        assertThat(granted(take(slots, "paused", Duration.ZERO)).slot()).isEqualTo(ms(40_000));
        assertThat(granted(take(slots, "paused", Duration.ZERO)).spacing()).isEqualTo(Duration.ofNanos(40_800_000));
    }

    @Test
    void aPauseFromAClockThatWasSetBackLastsNoLonger() {
        clock.advance(Duration.ofSeconds(100));
        slots.pause("paused-back", Duration.ofSeconds(2), OptionalLong.empty(), 0);
        clock.advance(Duration.ofSeconds(-30));
        assertThat(take(slots, "paused-back", Duration.ZERO)).as("the pause, and a second of silence")
                .isEqualTo(new Later(Duration.ofSeconds(3)));
    }

    @Test
    void theGuardGrowsWithEach429UpToEightPercentAndIsForgottenSlowly() {
        assertThat(spacingAfter429()).isEqualTo(Duration.ofNanos(40_800_000));
        // A second call that was under way then tells nothing new.
        slots.pause("guard", Duration.ofSeconds(1), OptionalLong.of(clock.now() - ms(4_000)), 0);
        assertThat(spacingAfter429()).isEqualTo(Duration.ofNanos(41_600_000));
        assertThat(spacingAfter429()).isEqualTo(Duration.ofNanos(42_400_000));
        assertThat(spacingAfter429()).isEqualTo(Duration.ofNanos(43_200_000));
        assertThat(spacingAfter429()).isEqualTo(Duration.ofNanos(43_200_000));
        clock.advance(Duration.ofMinutes(10));
        assertThat(granted(take(slots, "guard", Duration.ZERO)).spacing()).isEqualTo(Duration.ofNanos(43_100_000));
        clock.advance(Duration.ofHours(6));
        assertThat(granted(take(slots, "guard", Duration.ZERO)).spacing()).isEqualTo(SPACING);
    }

    private Duration spacingAfter429() {
        clock.advance(Duration.ofSeconds(2));
        slots.pause("guard", Duration.ofSeconds(1), OptionalLong.of(clock.now()), 0);
        clock.advance(Duration.ofSeconds(2));
        return granted(take(slots, "guard", Duration.ZERO)).spacing();
    }

    @Test
    void aCallOfTheEgressGetsNoSlotUnderAnEpochThatIsOver() throws Exception {
        granted(take(slots, "standard", Duration.ZERO));
        database.execute("update egress_slot set epoch = 7");
        granted(slots.take(request("standard", OptionalLong.of(7), Duration.ZERO, new Window(25, Duration.ofSeconds(1)))));
        database.execute("update egress_slot set epoch = 8");
        assertThat(slots.take(request("standard", OptionalLong.of(7), Duration.ZERO,
                new Window(25, Duration.ofSeconds(1))))).isEqualTo(new Fenced());
        granted(take(slots, "standard", Duration.ZERO));
    }

    @Test
    void aLongWindowSlowsNothingDownUntilItIsUsedUpAndReopensCallByCall() {
        Window[] windows = {new Window(25, Duration.ofSeconds(1)), new Window(50, HOUR)};
        long last = 0;
        for (int i = 0; i < 50; i++) {
            Answer answer = slots.take(request("long", OptionalLong.empty(), Duration.ZERO, windows));
            last = granted(answer).slot();
            clock.advance(SPACING);
        }
        assertThat(last).isEqualTo(ms(49 * 40));
        assertThat(slots.take(request("long", OptionalLong.empty(), Duration.ZERO, windows)))
                .isInstanceOf(Closed.class);
        // Sent within less than a grain of the count, they fall out together.
        clock.advance(HOUR.minusSeconds(3));
        assertThat(slots.take(request("long", OptionalLong.empty(), Duration.ZERO, windows)))
                .isInstanceOf(Closed.class);
        clock.advance(Duration.ofSeconds(33));
        granted(slots.take(request("long", OptionalLong.empty(), Duration.ZERO, windows)));
    }

    @Test
    void aScheduleFromAClockThatWasSetBackIsCutToASecond() throws Exception {
        take(slots, "clock", Duration.ZERO);
        database.execute("update egress_slot set next_slot = timestamptz 'epoch' + interval '1 hour'");
        assertThat(take(slots, "clock", Duration.ZERO)).isEqualTo(new Later(Duration.ofSeconds(1)));
    }

    @Test
    void forAMinuteAfterTheClockWasSetBackOurOwnCallsAreNotCounted() throws Exception {
        assertThat(granted(take(slots, "count", Duration.ZERO)).lastMinute()).hasValue(1);
        database.execute("update egress_slot set next_slot = timestamptz 'epoch' + interval '1 hour'");
        take(slots, "count", Duration.ZERO);
        clock.advance(Duration.ofSeconds(2));
        assertThat(granted(take(slots, "count", Duration.ZERO)).lastMinute()).isEmpty();
        clock.advance(Duration.ofSeconds(62));
        assertThat(granted(take(slots, "count", Duration.ZERO)).lastMinute()).hasValue(1);
    }

    @Test
    void otherClientsOfTheAccountAreLeftTheirShareAsLongAsThatIsBelieved() {
        Window window = new Window(25, Duration.ofSeconds(1));
        granted(slots.take(new Request("shared", OptionalLong.empty(), List.of(window), 0, Duration.ZERO,
                Duration.ofMillis(250), Optional.of(new ForeignUse.News(15, Optional.empty(), Duration.ZERO)))));
        assertThat(granted(take(slots, "shared", Duration.ZERO)).slot()).isEqualTo(ms(100));
        clock.advance(Duration.ofSeconds(91));
        assertThat(granted(take(slots, "shared", Duration.ZERO)).spacing()).isEqualTo(SPACING);
        granted(slots.take(new Request("shared", OptionalLong.empty(), List.of(window), 0, Duration.ZERO,
                Duration.ofMillis(250), Optional.of(new ForeignUse.News(0, Optional.of(Duration.ofMillis(90)),
                        Duration.ofSeconds(20))))));
        assertThat(granted(take(slots, "shared", Duration.ZERO)).spacing()).isEqualTo(Duration.ofMillis(90));
        clock.advance(Duration.ofSeconds(21));
        assertThat(granted(take(slots, "shared", Duration.ZERO)).spacing()).isEqualTo(SPACING);
    }

    @Test
    void withoutADatabaseNoSlotIsGranted() throws Exception {
        try (PacingDatabase gone = new PacingDatabase()) {
            SlotTable table = gone.slots();
            granted(take(table, "standard", Duration.ZERO));
            gone.stop();
            assertThatThrownBy(() -> take(table, "standard", Duration.ZERO)).isInstanceOf(SlotsUnavailableException.class);
        }
    }

    private static Answer take(SlotTable table, String tier, Duration debit) {
        return table.take(request(tier, OptionalLong.empty(), debit, new Window(25, Duration.ofSeconds(1))));
    }

    private static Request request(String tier, OptionalLong epoch, Duration debit, Window... windows) {
        return new Request(tier, epoch, List.of(windows), 0, debit, Duration.ofMillis(250), Optional.empty());
    }

    private static Granted granted(Answer answer) {
        assertThat(answer).isInstanceOf(Granted.class);
        return (Granted) answer;
    }

    private static long ms(long millis) {
        return Duration.ofMillis(millis).toNanos();
    }
}
