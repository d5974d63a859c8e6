package io.leadroutes.lead.credit;

import static org.assertj.core.api.Assertions.assertThat;

import io.leadroutes.lead.LedgerFixture;
import io.leadroutes.lead.credit.CreditLedger.Demand;
import io.leadroutes.lead.credit.CreditLedger.Settlement;
import io.leadroutes.lead.credit.CreditReader.Ledger;
import io.leadroutes.lead.credit.CreditWatch.Snapshot;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

class CreditWatchTest {

    private static final SingleConnectionDataSource DATABASE = CreditLedgerTest.connection();
    private final JdbcTemplate jdbc = new JdbcTemplate(DATABASE);
    private final CreditLedger ledger = LedgerFixture.ledger(DATABASE);
    private final CreditWatch watch = new CreditWatch(DATABASE, ledger, new SimpleMeterRegistry(), "now()");
    /** ZoomInfo's counter. */
    private long used = 1_000;

    @BeforeEach
    void start() {
        jdbc.update("truncate credit_use, credit_reservation, lead_event cascade");
        jdbc.update("update credit_watch set readings = 0, anchor = null, used = null, drift = 0, told = 0");
        assertThat(cycle()).isZero();
    }

    private long cycle() {
        return watch.compare(watch.look(), used);
    }

    private void pay(int credits) {
        used += credits;
        ledger.settle(List.of(new Settlement("paid", "web", credits, true)));
    }

    private void reserve(String holder, int credits, String age) {
        ledger.reserve(WorkKind.ROUTE, List.of(new Demand(holder, "route", credits)));
        jdbc.update("update credit_reservation set reserved_at = now() - ?::interval where holder = ?", age, holder);
    }

    private Ledger read() {
        return new CreditReader(DATABASE, CreditBudgets.NONE, "now()").read();
    }

    @Test
    void whatSomebodyElseSpendsIsFoundToTheCredit() {
        pay(120);
        assertThat(cycle()).isZero();
        used += 37;
        assertThat(cycle()).isEqualTo(37);
        pay(10);
        assertThat(cycle()).isEqualTo(37);
        used += 3;
        assertThat(cycle()).isEqualTo(40);
        assertThat(read().drift().credits()).isEqualTo(40);
    }

    @Test
    void creditsOfWorkUnderWayAreNoDriftAndWhatIsFoundStaysFound() {
        reserve("call", 25, "1 second");
        used += 25;
        assertThat(cycle()).as("it may have been answered").isZero();
        used += 37;
        assertThat(cycle()).isEqualTo(37);
        reserve("next", 50, "1 second");
        assertThat(cycle()).as("more work may explain it, but did not then").isEqualTo(37);
        ledger.settle(List.of(new Settlement("call", "route", 25, true), new Settlement("next", "route", 0, true)));
        assertThat(cycle()).isEqualTo(37);
    }

    @Test
    void whatIsSettledWhileZoomInfoAnswersIsNoDrift() {
        Snapshot before = watch.look();
        long then = used;
        pay(8);
        assertThat(watch.compare(before, then)).isZero();
        assertThat(cycle()).isZero();
        used += 5;
        assertThat(cycle()).isEqualTo(5);
    }

    @Test
    void personsWhomTheAccountHadPaidForBeforeHideNothing() {
        ledger.settle(List.of(new Settlement("known to ZoomInfo", "web", 30, true)));
        assertThat(cycle()).isZero();
        used += 37;
        assertThat(cycle()).isEqualTo(37);
    }

    @Test
    void aNewTermBeginsWithANewAnchor() {
        pay(50);
        used += 37;
        assertThat(cycle()).isEqualTo(37);
        used = 4;
        assertThat(cycle()).isZero();
        pay(6);
        used += 2;
        assertThat(cycle()).isEqualTo(2);
        assertThat(read().settled()).as("the term of ZoomInfo gives no room").isEqualTo(56);
    }

    @Test
    void aReadingThatAnotherReplicaHasOvertakenIsPassedOver() {
        Snapshot old = watch.look();
        long then = used;
        pay(5);
        assertThat(cycle()).isZero();
        assertThat(watch.compare(old, then)).as("no fall of the counter").isZero();
        used += 1;
        assertThat(cycle()).isEqualTo(1);
    }

    @Test
    void whatADeadProcessHadReservedIsGivenBackIfZoomInfoHasNotCountedIt() {
        reserve("dead", 25, "11 minutes");
        reserve("young", 5, "9 minutes");
        pay(10);
        assertThat(cycle()).isZero();
        assertThat(read().reserved()).isEqualTo(5);
        assertThat(read().refunded()).isEqualTo(25);
    }

    @Test
    void whatADeadProcessHadReservedIsSettledAsFarAsZoomInfoHasCountedIt() {
        reserve("dead", 25, "11 minutes");
        used += 18;
        assertThat(cycle()).as("the ledger explains it").isZero();
        assertThat(read().settled()).isEqualTo(18);
        assertThat(read().refunded()).isEqualTo(7);
        assertThat(read().reserved()).isZero();
    }

    @Test
    void moreThanADeadProcessHadReservedIsDrift() {
        reserve("dead", 5, "11 minutes");
        used += 42;
        assertThat(cycle()).isEqualTo(37);
        assertThat(read().settled()).isEqualTo(5);
    }

    @Test
    void whileOtherWorkMayBeTheCauseNothingIsDecidedAndAfterAnHourTheCautiousWay() {
        reserve("dead", 10, "11 minutes");
        reserve("call", 25, "1 second");
        used += 6;
        assertThat(cycle()).isZero();
        assertThat(read().reserved()).isEqualTo(35);
        jdbc.update("update credit_reservation set reserved_at = now() - interval '61 minutes' where holder = 'dead'");
        assertThat(cycle()).isZero();
        assertThat(read().settled()).isEqualTo(6);
        assertThat(read().reserved()).isEqualTo(25);
    }

    @Test
    void aLeadThatStillWaitsKeepsItsReservation() {
        UUID waiting = UUID.randomUUID();
        UUID dead = UUID.randomUUID();
        for (UUID event : List.of(waiting, dead)) {
            jdbc.update("insert into lead_event (event_id, source, record_id, version, request_id, state, lead) "
                    + "values (?, 'web', ?, '1', 'r', ?, '{}')", event, event.toString(),
                    event.equals(waiting) ? "PARKED" : "DEAD");
            ledger.reserve(WorkKind.LIVE, List.of(new Demand(event.toString(), "web", 1)));
        }
        jdbc.update("update credit_reservation set reserved_at = now() - interval '1 day'");
        assertThat(cycle()).isZero();
        assertThat(jdbc.queryForList("select holder from credit_reservation", String.class))
                .containsExactly(waiting.toString());
    }
}
