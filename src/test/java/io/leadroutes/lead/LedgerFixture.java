package io.leadroutes.lead;

import io.leadroutes.lead.credit.CreditBudgets;
import io.leadroutes.lead.credit.CreditLedger;
import io.leadroutes.lead.credit.Redeemed;
import io.leadroutes.lead.credit.WorkKind;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.apache.camel.Processor;
import org.apache.commons.codec.digest.HmacUtils;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** The ledger and the stages for tests of other packages; each change is a transaction, as in the application. */
public final class LedgerFixture {

    private LedgerFixture() {
    }

    public static CreditLedger ledger(DataSource database) {
        return ledger(database, CreditBudgets.NONE, "now()");
    }

    /** With {@code zoominfo.credit-budget} alone. */
    public static CreditLedger ledger(DataSource database, Optional<Long> budget) {
        return ledger(database, budgets(budget), "now()");
    }

    public static CreditBudgets budgets(Optional<Long> total) {
        CreditBudgets none = CreditBudgets.NONE;
        return new CreditBudgets(total, none.perDay(), none.sources(), none.liveShare(), none.zone(), none.answerMaxAge());
    }

    /** @param now the time, as an expression of PostgreSQL */
    public static CreditLedger ledger(DataSource database, CreditBudgets budgets, String now) {
        TransactionTemplate transactions = new TransactionTemplate(new DataSourceTransactionManager(database));
        return new CreditLedger(database, budgets, new SimpleMeterRegistry(), now) {
            @Override
            public Map<String, Refusal> reserve(WorkKind kind, Collection<Demand> demands) {
                return in(() -> super.reserve(kind, demands));
            }

            @Override
            public void settle(Collection<Settlement> settlements) {
                in(() -> {
                    super.settle(settlements);
                    return null;
                });
            }

            private <T> T in(Supplier<T> work) {
                return transactions.execute(status -> work.get());
            }
        };
    }

    public static Redeemed redeemed(DataSource database) {
        return redeemed(database, CreditBudgets.NONE, "now()");
    }

    public static Redeemed redeemed(DataSource database, CreditBudgets budgets, String now) {
        return new Redeemed(database, budgets.answerMaxAge(), (kind, identifier) ->
                new HmacUtils("HmacSHA256", "key of the tests").hmacHex(kind + "\n" + identifier), now);
    }

    public static LeadStages stages(DataSource database) {
        return stages(database, ledger(database), redeemed(database));
    }

    public static LeadStages stages(DataSource database, CreditLedger ledger, Redeemed redeemed) {
        TransactionTemplate transactions = new TransactionTemplate(new DataSourceTransactionManager(database));
        return new LeadStages(database, ledger, redeemed, lostClaims()) {
            @Override
            public int enriched(List<Answer> all) {
                return transactions.execute(status -> super.enriched(all));
            }

            @Override
            public void answered(List<Answer> all) {
                transactions.executeWithoutResult(status -> super.answered(all));
            }

            @Override
            public void park(Collection<Claim> claims, String cause, Duration pause) {
                transactions.executeWithoutResult(status -> super.park(claims, cause, pause));
            }

            @Override
            public void parkUnpaid(Collection<Claim> claims, String cause, Duration pause) {
                transactions.executeWithoutResult(status -> super.parkUnpaid(claims, cause, pause));
            }

            @Override
            public void hold(Collection<Claim> claims, String cause) {
                transactions.executeWithoutResult(status -> super.hold(claims, cause));
            }

            @Override
            public void holdUnpaid(Collection<Claim> claims, String cause) {
                transactions.executeWithoutResult(status -> super.holdUnpaid(claims, cause));
            }

            @Override
            public int resume() {
                return transactions.execute(status -> super.resume());
            }
        };
    }

    public static Claims claims(DataSource database) {
        return new Claims(database, lostClaims());
    }

    public static Processor deadLetterWriter(DataSource database) {
        return new DeadLetterWriter(new DeadLetters(database, List.of()));
    }

    public static LostClaims lostClaims() {
        return new LostClaims(new SimpleMeterRegistry());
    }
}
