package io.leadroutes.lead.credit;

import static org.assertj.core.api.Assertions.assertThat;

import io.leadroutes.lead.LedgerFixture;
import io.leadroutes.lead.credit.CreditBudgets.Budget;
import io.leadroutes.lead.credit.CreditBudgets.OfSource;
import io.leadroutes.lead.credit.CreditLedger.Demand;
import io.leadroutes.lead.credit.CreditLedger.Settlement;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

/** Whatever happens in whatever order: no budget is passed, and no credit is counted twice or forgotten. */
class CreditLedgerPropertiesTest {

    private static final SingleConnectionDataSource DATABASE = CreditLedgerTest.connection();
    private static final List<String> SOURCES = List.of("web", "crm", "bulk");
    private static final LocalDate TODAY = LocalDate.now(ZoneOffset.UTC);

    private final JdbcTemplate jdbc = new JdbcTemplate(DATABASE);

    enum What { RESERVE, SETTLE, SETTLE_IN_PART, REFUND, TAKE_OVER, NEXT_DAY }

    /** @param which one of six works of its source */
    record Step(What what, int source, int which, int credits) {
    }

    @Provide
    Arbitrary<List<Step>> steps() {
        return Combinators.combine(Arbitraries.frequency(Tuple.of(6, What.RESERVE),
                Tuple.of(3, What.SETTLE), Tuple.of(1, What.SETTLE_IN_PART),
                Tuple.of(2, What.REFUND), Tuple.of(2, What.TAKE_OVER),
                Tuple.of(1, What.NEXT_DAY)), Arbitraries.integers().between(0, 2),
                Arbitraries.integers().between(1, 6), Arbitraries.integers().between(1, 4)).as(Step::new).list()
                .ofMinSize(10).ofMaxSize(40);
    }

    @Provide
    Arbitrary<CreditBudgets> budgets() {
        Arbitrary<Optional<Long>> limit = Arbitraries.longs().between(0, 20).optional(0.8);
        return Combinators.combine(limit, limit, limit, limit, Arbitraries.of(0.0, 0.1, 0.5)).as((total, day, web, bulk, share) ->
                new CreditBudgets(total, day, Map.of("web", new OfSource(web, Optional.empty()), "bulk",
                        new OfSource(Optional.empty(), bulk)), share, ZoneOffset.UTC, Duration.ZERO));
    }

    @Property(tries = 60)
    void noBudgetIsEverPassedAndEveryCreditIsCountedOnce(@ForAll("budgets") CreditBudgets budgets,
            @ForAll("steps") List<Step> steps) {
        jdbc.update("truncate credit_use, credit_reservation");
        Map<String, Long> held = new HashMap<>();
        long paid = 0;
        long given = 0;
        int day = 0;
        for (Step step : steps) {
            // Each step by another process, which knows nothing but the database.
            CreditLedger ledger = LedgerFixture.ledger(DATABASE, budgets, "now() + interval '" + day + " days'");
            String source = SOURCES.get(step.source());
            WorkKind kind = source.equals("bulk") ? WorkKind.BULK : WorkKind.LIVE;
            String holder = source + step.which();
            long reserved = held.getOrDefault(holder, 0L);
            switch (step.what()) {
                case RESERVE, TAKE_OVER -> {
                    long credits = step.what() == What.TAKE_OVER && reserved > 0 ? reserved : step.credits();
                    if (ledger.reserve(kind, List.of(new Demand(holder, source, credits))).isEmpty()) {
                        held.put(holder, credits);
                    }
                }
                case SETTLE -> {
                    long charged = Math.min(reserved, step.credits());
                    ledger.settle(List.of(new Settlement(holder, source, charged, true)));
                    paid += charged;
                    given += reserved - charged;
                    held.remove(holder);
                }
                case SETTLE_IN_PART -> {
                    long charged = Math.min(reserved, 1);
                    ledger.settle(List.of(new Settlement(holder, source, charged, false)));
                    paid += charged;
                    held.merge(holder, -charged, Long::sum);
                }
                case REFUND -> {
                    ledger.refund(List.of(holder));
                    given += reserved;
                    held.remove(holder);
                }
                case NEXT_DAY -> day++;
                default -> throw new IllegalStateException();
            }
            check(budgets, day, held, paid, given);
        }
    }

    private void check(CreditBudgets budgets, int days, Map<String, Long> held, long paid, long given) {
        Map<String, long[]> uses = new HashMap<>();
        jdbc.query("select source, day::text, reserved, settled, refunded from credit_use", row -> {
            uses.put(row.getString(1) + " " + row.getString(2), new long[] {row.getLong(3), row.getLong(4), row.getLong(5)});
        });
        long[] all = uses.getOrDefault(" infinity", new long[3]);
        assertThat(all[1]).as("paid").isEqualTo(paid);
        assertThat(all[0]).as("reserved").isEqualTo(held.values().stream().mapToLong(Long::longValue).sum());
        assertThat(all[2]).as("given back").isLessThanOrEqualTo(given + held.size() * 4L).isGreaterThanOrEqualTo(given);
        assertThat(jdbc.queryForObject("select coalesce(sum(credits), 0) from credit_reservation", Long.class))
                .as("the sum of the reservations").isEqualTo(all[0]);
        for (int column = 0; column < 3; column++) {
            int at = column;
            assertThat(SOURCES.stream().mapToLong(source -> uses.getOrDefault(source + " infinity", new long[3])[at]).sum())
                    .as("the sum of the sources").isEqualTo(all[column]);
            assertThat(uses.entrySet().stream().filter(use -> use.getKey().startsWith(" ")
                    && !use.getKey().equals(" infinity")).mapToLong(use -> use.getValue()[at]).sum())
                    .as("the sum of the days").isEqualTo(all[column]);
        }
        for (Budget budget : budgets.all()) {
            for (int day = 0; day <= days; day++) {
                long[] use = uses.getOrDefault(budget.source() + " " + (budget.daily() ? TODAY.plusDays(day) : "infinity"),
                        new long[3]);
                assertThat(use[0] + use[1]).as(budget.key()).isLessThanOrEqualTo(budget.limit());
                long[] background = uses.getOrDefault("bulk " + (budget.daily() ? TODAY.plusDays(day) : "infinity"),
                        new long[3]);
                assertThat(background[0] + background[1]).as("the share of live leads in " + budget.key())
                        .isLessThanOrEqualTo(budget.source().equals("web") ? Long.MAX_VALUE
                                : budgets.limit(budget, WorkKind.BULK));
            }
        }
    }
}
