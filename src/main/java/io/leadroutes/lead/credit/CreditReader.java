package io.leadroutes.lead.credit;

import io.leadroutes.lead.credit.CreditBudgets.Budget;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.springframework.jdbc.core.JdbcTemplate;

/** Tells what the ledger holds, for the API. */
@ApplicationScoped
public class CreditReader {

    private final JdbcTemplate jdbc;
    private final CreditBudgets budgets;
    private final Sql sql;

    @Inject
    CreditReader(DataSource dataSource, CreditBudgets budgets) {
        this(dataSource, budgets, Sql.NOW);
    }

    /** @param now the time, as an expression of PostgreSQL */
    public CreditReader(DataSource dataSource, CreditBudgets budgets, String now) {
        this.jdbc = new JdbcTemplate(dataSource);
        this.budgets = budgets;
        this.sql = new Sql(now);
    }

    /**
     * @param settled         credits paid
     * @param reserved        most that work under way can cost
     * @param refunded        credits that were reserved and not needed
     * @param settledBySource credits paid, by source
     * @param persons         persons who were paid for
     * @param budgets         what is left of each budget
     * @param sources         each source, for all time and today
     * @param drift           ZoomInfo's count against ours
     * @param waiting         leads that wait for credits
     */
    public record Ledger(long settled, long reserved, long refunded, Map<String, Long> settledBySource, long persons,
            List<Left> budgets, List<OfSource> sources, Drift drift, Waiting waiting) {
    }

    /** @param resetsAt when a budget of each day begins anew */
    public record Left(String budget, long limit, long settled, long reserved, long left, long leftForBackground,
            Optional<Instant> resetsAt) {
    }

    public record OfSource(String source, Use ever, Use today) {
    }

    public record Use(long settled, long reserved, long refunded) {

        private static final Use NONE = new Use(0, 0, 0);
    }

    /**
     * @param credits  what ZoomInfo has counted beyond the ledger and work under way
     * @param counter  ZoomInfo's counter of unique ids as last read
     * @param readAt   when it was read
     */
    public record Drift(long credits, Optional<Long> counter, Optional<Instant> readAt) {
    }

    /** @param nextResume when some of them are tried again at the latest; they go on as soon as there is room */
    public record Waiting(long leads, Optional<Instant> nextResume) {
    }

    public Ledger read() {
        Instant now = jdbc.queryForObject(sql.at("select now()::timestamptz"), Timestamp.class).toInstant();
        LocalDate today = now.atZone(budgets.zone()).toLocalDate();
        Map<String, Use> ever = uses(CreditLedger.EVER);
        Map<String, Use> daily = uses(today.toString());
        Use all = ever.getOrDefault(CreditLedger.ALL, Use.NONE);
        Map<String, Long> bySource = new TreeMap<>();
        ever.forEach((source, use) -> {
            if (!source.isEmpty() && use.settled() > 0) {
                bySource.put(source, use.settled());
            }
        });
        Instant tomorrow = today.plusDays(1).atStartOfDay(budgets.zone()).toInstant();
        return new Ledger(all.settled(), all.reserved(), all.refunded(), bySource,
                jdbc.queryForObject("select count(*) from redeemed_person", Long.class),
                budgets.all().stream().map(budget -> left(budget, (budget.daily() ? daily : ever)
                        .getOrDefault(budget.source(), Use.NONE), tomorrow)).toList(),
                ever.keySet().stream().filter(source -> !source.isEmpty()).map(source -> new OfSource(source,
                        ever.get(source), daily.getOrDefault(source, Use.NONE))).collect(Collectors.toList()),
                drift(), waiting());
    }

    private Map<String, Use> uses(String day) {
        Map<String, Use> uses = new TreeMap<>();
        jdbc.query("select source, settled, reserved, refunded from credit_use where day = ?::date", row -> {
            uses.put(row.getString(1), new Use(row.getLong(2), row.getLong(3), row.getLong(4)));
        }, day);
        return uses;
    }

    private Left left(Budget budget, Use use, Instant tomorrow) {
        long used = use.settled() + use.reserved();
        return new Left(budget.key(), budget.limit(), use.settled(), use.reserved(), budget.limit() - used,
                Math.max(0, budgets.limit(budget, WorkKind.BULK) - used),
                budget.daily() ? Optional.of(tomorrow) : Optional.empty());
    }

    private Drift drift() {
        return jdbc.queryForObject("select drift, used, read_at from credit_watch", (row, n) -> new Drift(row.getLong(1),
                Optional.ofNullable(row.getObject(2, Long.class)), Optional.ofNullable(row.getTimestamp(3))
                        .map(Timestamp::toInstant)));
    }

    private Waiting waiting() {
        return jdbc.queryForObject("""
                select count(*), min(p.retry_at) from lead_event e left join lead_park p on p.cause = e.parked_cause
                where e.state = 'PARKED' and e.parked_cause like ? || '%'""", (row, n) -> new Waiting(row.getLong(1),
                Optional.ofNullable(row.getTimestamp(2)).map(Timestamp::toInstant)), CreditLedger.CAUSE);
    }
}
