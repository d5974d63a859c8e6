package io.leadroutes.zoominfo.pacing;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class EgressLeaseTest {

    private static final String TIER = "standard";
    private static PacingDatabase database;

    private final VirtualClock clock = new VirtualClock();
    private final EgressLease first = lease();
    private final EgressLease second = lease();

    @BeforeAll
    static void start() throws Exception {
        database = new PacingDatabase();
    }

    @AfterAll
    static void stop() {
        database.close();
    }

    @BeforeEach
    void nobodyHoldsIt() throws Exception {
        database.execute("delete from egress_slot");
    }

    @Test
    void oneReplicaAtATimeHoldsIt() {
        first.look();
        second.look();
        assertThat(first.holds(TIER)).isTrue();
        assertThat(second.holds(TIER)).isFalse();
        assertThat(second.epoch(TIER)).isEqualTo(EgressLease.NONE);
    }

    @Test
    void whoLetsGoInOrderIsFollowedAtOnceUnderANewEpoch() {
        first.look();
        long epoch = first.epoch(TIER);
        first.release();
        second.look();
        assertThat(first.holds(TIER)).isFalse();
        assertThat(second.epoch(TIER)).isEqualTo(epoch + 1);
        assertThat(database.millis("next_slot - clock_timestamp()")).isLessThanOrEqualTo(0);
    }

    @Test
    void aHolderThatDoesNotRenewIsOvertakenAfterItsLeaseAndASecondOfSilenceFollows() throws Exception {
        first.look();
        long epoch = first.epoch(TIER);
        database.execute("update egress_slot set lease_until = clock_timestamp() - interval '1 ms', "
                + "longest_trip = interval '400 ms'");
        second.look();
        assertThat(second.epoch(TIER)).isEqualTo(epoch + 1);
        assertThat(database.millis("next_slot - clock_timestamp()")).isBetween(1_000L, 1_400L);
    }

    @Test
    void aStalledHolderKnowsByItsOwnClockThatTheLeaseIsOver() {
        first.look();
        clock.advance(Duration.ofSeconds(3));
        assertThat(first.holds(TIER)).isFalse();
        first.look();
        assertThat(first.holds(TIER)).isTrue();
    }

    @Test
    void aHolderThatNobodyOvertookKeepsItsEpoch() throws Exception {
        first.look();
        long epoch = first.epoch(TIER);
        database.execute("update egress_slot set lease_until = clock_timestamp() - interval '1 hour'");
        clock.advance(Duration.ofSeconds(8));
        first.look();
        assertThat(first.epoch(TIER)).isEqualTo(epoch);
    }

    @Test
    void aLeaseFromAClockThatWasSetBackIsCutToItsLength() throws Exception {
        first.look();
        database.execute("update egress_slot set lease_until = clock_timestamp() + interval '30 seconds'");
        second.look();
        assertThat(second.holds(TIER)).isFalse();
        assertThat(database.millis("lease_until - clock_timestamp()")).isBetween(1_000L, 3_000L);
    }

    @Test
    void theStateTellsWhoHoldsItAndHowFastItGoes() throws Exception {
        first.look();
        second.look();
        SlotTable slots = database.slots();
        for (int i = 0; i < 3; i++) {
            slots.take(new SlotTable.Request(TIER, OptionalLong.of(first.epoch(TIER)),
                    List.of(new Window(25, Duration.ofSeconds(1))), 0.01, Duration.ZERO, Duration.ofMillis(250),
                    Optional.empty()));
        }
        slots.pause(TIER, Duration.ofSeconds(30), OptionalLong.empty(), 0.01);
        EgressLease.State state = second.states().get(0);
        assertThat(state.holder()).isEqualTo(first.holder());
        assertThat(state.here()).isFalse();
        assertThat(first.states().get(0).here()).isTrue();
        assertThat(state.guard()).isEqualTo(0.02);
        assertThat(state.spacingMillis()).isEqualTo(40.4);
        assertThat(state.pausedSeconds()).isBetween(20d, 30d);
        assertThat(state.sent()).isEqualTo(3);
        assertThat(state.windows()).containsExactly(new EgressLease.WindowUse("25/1s", 3));
    }

    private EgressLease lease() {
        return new EgressLease(database.dataSource(), "a", List.of(TIER), tier -> Duration.ofMillis(300),
                new EgressStates(database.dataSource(), "a", 0.01,
                        Map.of(TIER, List.of(new Window(25, Duration.ofSeconds(1))))), clock);
    }
}
