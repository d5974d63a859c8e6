package io.leadroutes.lead.credit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.leadroutes.TestDatabase;
import io.leadroutes.lead.LedgerFixture;
import io.leadroutes.lead.credit.CreditBudgets.OfSource;
import io.leadroutes.lead.credit.CreditLedger.Demand;
import io.leadroutes.lead.credit.CreditLedger.Refusal;
import io.leadroutes.lead.credit.CreditLedger.Settlement;
import io.leadroutes.lead.credit.CreditReader.Ledger;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

class CreditLedgerTest {

    private static final SingleConnectionDataSource DATABASE = connection();
    private final JdbcTemplate jdbc = new JdbcTemplate(DATABASE);

    static SingleConnectionDataSource connection() {
        try {
            return new SingleConnectionDataSource(TestDatabase.fresh().getConnection(), true);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    @BeforeEach
    void empty() {
        jdbc.update("truncate credit_use, credit_reservation, redeemed_person, redeemed_alias");
    }

    private static CreditBudgets budgets(Long total, Long perDay, Map<String, OfSource> sources, double share) {
        return new CreditBudgets(Optional.ofNullable(total), Optional.ofNullable(perDay), sources, share, ZoneOffset.UTC,
                Duration.ZERO);
    }

    private static CreditLedger ledger(CreditBudgets budgets) {
        return LedgerFixture.ledger(DATABASE, budgets, "now()");
    }

    private static CreditLedger in(CreditBudgets budgets, String interval) {
        return LedgerFixture.ledger(DATABASE, budgets, "now() + interval '" + interval + "'");
    }

    private static List<Demand> demands(String source, int from, int to) {
        return IntStream.rangeClosed(from, to).mapToObj(i -> new Demand(source + i, source, 1)).toList();
    }

    private Ledger read(CreditBudgets budgets) {
        return new CreditReader(DATABASE, budgets, "now()").read();
    }

    @Test
    void whatIsNotCoveredIsRefusedWithTheNameOfTheBudgetAndWhatIsGivenBackCanBeReservedAgain() {
        CreditBudgets budgets = budgets(10L, null, Map.of(), 0);
        CreditLedger ledger = ledger(budgets);
        assertThat(ledger.reserve(WorkKind.LIVE, demands("web", 1, 8))).isEmpty();
        assertThat(ledger.reserve(WorkKind.LIVE, demands("crm", 1, 4))).containsOnlyKeys("crm3", "crm4").values()
                .extracting(Refusal::cause).containsOnly("CREDIT_BUDGET: zoominfo.credit-budget");
        ledger.settle(List.of(new Settlement("web1", "web", 1, true), new Settlement("web2", "web", 0, true)));
        ledger.refund(List.of("web3"));
        assertThat(ledger.reserve(WorkKind.LIVE, demands("crm", 3, 5))).containsOnlyKeys("crm5");
        Ledger read = read(budgets);
        assertThat(read.settled()).isEqualTo(1);
        assertThat(read.reserved()).isEqualTo(9);
        assertThat(read.refunded()).isEqualTo(2);
        assertThat(read.settledBySource()).isEqualTo(Map.of("web", 1L));
        assertThat(read.budgets()).singleElement().satisfies(left -> assertThat(left.left()).isZero());
    }

    @Test
    void workThatIsTakenOverFindsItsReservationAndIsNotChargedTwice() {
        CreditBudgets budgets = budgets(5L, null, Map.of(), 0);
        assertThat(ledger(budgets).reserve(WorkKind.LIVE, demands("web", 1, 5))).isEmpty();
        CreditLedger after = ledger(budgets);
        assertThat(after.reserve(WorkKind.LIVE, demands("web", 1, 5))).as("after a kill").isEmpty();
        assertThat(after.reserve(WorkKind.LIVE, demands("web", 6, 6))).containsOnlyKeys("web6");
        assertThat(read(budgets).reserved()).isEqualTo(5);
    }

    @Test
    void aSourceHasItsOwnBudgetAndTheOthersGoOn() {
        CreditBudgets budgets = budgets(null, null, Map.of("web", new OfSource(Optional.of(3L), Optional.empty()), "crm",
                new OfSource(Optional.empty(), Optional.of(1L))), 0);
        CreditLedger ledger = ledger(budgets);
        assertThat(ledger.reserve(WorkKind.LIVE, demands("web", 1, 5))).hasSize(2).values()
                .extracting(Refusal::budget).containsOnly("zoominfo.credits.source.web.budget");
        assertThat(ledger.reserve(WorkKind.LIVE, demands("crm", 1, 2))).hasSize(1).values()
                .extracting(Refusal::budget).containsOnly("zoominfo.credits.source.crm.per-day");
        assertThat(ledger.reserve(WorkKind.LIVE, demands("other", 1, 50))).isEmpty();
    }

    @Test
    void theNextDayHasABudgetOfItsOwnAndTheRefusalSaysWhenItBegins() {
        CreditBudgets budgets = budgets(100L, 4L, Map.of(), 0);
        assertThat(ledger(budgets).reserve(WorkKind.LIVE, demands("web", 1, 6))).hasSize(2).values().allSatisfy(refusal -> {
            assertThat(refusal.budget()).isEqualTo("zoominfo.credits.per-day");
            assertThat(refusal.resumeAt().atZone(ZoneOffset.UTC).toLocalTime().toSecondOfDay()).isZero();
        });
        assertThat(in(budgets, "1 day").reserve(WorkKind.LIVE, demands("web", 5, 10))).hasSize(2);
    }

    @Test
    void aReservationThatIsUsedOnAnotherDayCountsForThatDay() {
        CreditBudgets budgets = budgets(null, 4L, Map.of(), 0);
        ledger(budgets).reserve(WorkKind.LIVE, demands("web", 1, 4));
        CreditLedger tomorrow = in(budgets, "1 day");
        assertThat(tomorrow.reserve(WorkKind.LIVE, demands("web", 3, 4))).isEmpty();
        assertThat(tomorrow.reserve(WorkKind.LIVE, demands("crm", 1, 4))).as("two of four are taken over").hasSize(2);
        assertThat(ledger(budgets).reserve(WorkKind.LIVE, demands("old", 1, 4))).as("today is freed").hasSize(2);
        assertThat(tomorrow.reserve(WorkKind.LIVE, demands("web", 1, 2))).as("tomorrow is full").hasSize(2);
        assertThat(jdbc.queryForObject("select count(*) from credit_reservation where holder in ('web1', 'web2')",
                Integer.class)).as("they keep what a call may have cost").isEqualTo(2);
    }

    @Test
    void aDayBeginsAtMidnightOfTheZone() {
        CreditBudgets samoa = new CreditBudgets(Optional.empty(), Optional.of(1L), Map.of(), 0,
                ZoneId.of("Pacific/Apia"), Duration.ZERO);
        Refusal refusal = ledger(samoa).reserve(WorkKind.LIVE, demands("web", 1, 2)).get("web2");
        assertThat(refusal.resumeAt().atZone(ZoneId.of("Pacific/Apia")).toLocalTime().toSecondOfDay()).isZero();
    }

    @Test
    void theLastTenthIsForLiveLeads() {
        CreditBudgets budgets = budgets(100L, 50L, Map.of("bulk", new OfSource(Optional.of(45L), Optional.empty())), 0.1);
        CreditLedger ledger = ledger(budgets);
        assertThat(ledger.reserve(WorkKind.BULK, List.of(new Demand("job", "bulk", 46)))).values()
                .extracting(Refusal::budget).containsOnly("zoominfo.credits.per-day");
        assertThat(ledger.reserve(WorkKind.BULK, List.of(new Demand("job", "bulk", 45)))).isEmpty();
        assertThat(ledger.reserve(WorkKind.PROSPECT, demands("prospect", 1, 1))).hasSize(1);
        assertThat(ledger.reserve(WorkKind.LIVE, demands("web", 1, 6))).as("five are left").hasSize(1);
        CreditLedger tomorrow = in(budgets, "1 day");
        assertThat(tomorrow.reserve(WorkKind.PROSPECT, demands("prospect", 1, 50))).as("90 of all").hasSize(10);
    }

    @Test
    void aJobIsSettledPageByPageAndTheRestIsGivenBackAtItsEnd() {
        CreditBudgets budgets = budgets(100L, null, Map.of(), 0);
        CreditLedger ledger = ledger(budgets);
        ledger.reserve(WorkKind.BULK, List.of(new Demand("job", "bulk", 60)));
        ledger.settle(List.of(new Settlement("job", "bulk", 25, false)));
        ledger.settle(List.of(new Settlement("job", "bulk", 20, false)));
        assertThat(read(budgets).reserved()).isEqualTo(15);
        ledger.pass("job", "again");
        ledger.settle(List.of(new Settlement("again", "bulk", 5, true)));
        assertThat(read(budgets)).satisfies(read -> {
            assertThat(read.settled()).isEqualTo(50);
            assertThat(read.reserved()).isZero();
            assertThat(read.refunded()).isEqualTo(10);
        });
    }

    @Test
    void whoeverReservesAtTheSameTimeGetsNoMoreThanTheBudget() throws Exception {
        DataSource shared = TestDatabase.fresh();
        CreditBudgets budgets = budgets(100L, null, Map.of(), 0);
        int replicas = 6;
        CyclicBarrier together = new CyclicBarrier(replicas);
        ExecutorService threads = Executors.newFixedThreadPool(replicas);
        List<Callable<Integer>> work = IntStream.range(0, replicas).<Callable<Integer>>mapToObj(replica -> () -> {
            try (Connection connection = shared.getConnection()) {
                CreditLedger ledger = LedgerFixture.ledger(new SingleConnectionDataSource(connection, true), budgets, "now()");
                int granted = 0;
                for (int round = 0; round < 20; round++) {
                    together.await();
                    granted += 5 - ledger.reserve(WorkKind.LIVE, demands("web" + replica + "-" + round + "-", 1, 5)).size();
                }
                return granted;
            }
        }).toList();
        int granted = 0;
        for (Future<Integer> one : threads.invokeAll(work)) {
            granted += one.get();
        }
        threads.shutdown();
        assertThat(granted).isEqualTo(100);
        assertThat(new CreditReader(shared, budgets, "now()").read().reserved()).isEqualTo(100);
    }

    @Test
    void creditsThatNobodyHadReservedCountAllTheSame() {
        CreditBudgets budgets = budgets(10L, null, Map.of(), 0);
        CreditLedger ledger = ledger(budgets);
        ledger.settle(List.of(new Settlement("unknown", "web", 3, true)));
        assertThat(ledger.reserve(WorkKind.LIVE, demands("web", 1, 8))).hasSize(1);
    }

    @Test
    void aBudgetThatCannotBeIsRefusedWithItsKey() {
        assertThatThrownBy(() -> budgets(-1L, null, Map.of(), 0)).hasMessageStartingWith("zoominfo.credit-budget=-1: ");
        assertThatThrownBy(() -> budgets(1L, null, Map.of("web", new OfSource(Optional.empty(), Optional.of(-5L))), 0))
                .hasMessageStartingWith("zoominfo.credits.source.web.per-day=-5: ");
        assertThatThrownBy(() -> budgets(1L, null, Map.of(), 1)).hasMessageStartingWith("zoominfo.credits.live-share=1.0: ");
    }
}
