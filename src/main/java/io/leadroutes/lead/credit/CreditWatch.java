package io.leadroutes.lead.credit;

import io.leadroutes.lead.credit.CreditLedger.Settlement;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.transaction.Transactional;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import javax.sql.DataSource;
import org.jboss.logging.Logger;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * Compares the ledger with ZoomInfo's own counter of unique ids. What ZoomInfo has counted beyond what was settled since
 * the anchor, and beyond what work under way may have cost, is drift: somebody else spends the account's credits, or the
 * ledger is wrong. ZoomInfo's counter never gives more room to spend.
 *
 * <p>Reservations of work that nobody will finish are settled or given back by the same comparison.
 */
@ApplicationScoped
public class CreditWatch {

    private static final Logger LOG = Logger.getLogger(CreditWatch.class);
    /** Younger reservations may belong to a call under way. */
    private static final String ABANDONED = "interval '10 minutes'";
    /** After this, work under way that blurs the comparison is waited for no longer. */
    private static final String UNDECIDED = "interval '1 hour'";

    private final JdbcTemplate jdbc;
    private final CreditLedger ledger;
    private final Sql sql;
    private final AtomicLong drift = new AtomicLong();

    @Inject
    CreditWatch(DataSource dataSource, CreditLedger ledger, MeterRegistry meters) {
        this(dataSource, ledger, meters, Sql.NOW);
    }

    /** @param now the time, as an expression of PostgreSQL */
    public CreditWatch(DataSource dataSource, CreditLedger ledger, MeterRegistry meters, String now) {
        this.jdbc = new JdbcTemplate(dataSource);
        this.ledger = ledger;
        this.sql = new Sql(now);
        Gauge.builder("leadroutes.credits.drift", drift, AtomicLong::get)
                .description("Credits that ZoomInfo has counted beyond what the ledger explains").register(meters);
    }

    /** What the ledger held before ZoomInfo was asked. */
    public record Snapshot(long readings, long settled) {
    }

    private record Watch(long readings, Optional<Long> anchor, Optional<Long> used, long drift, long told) {
    }

    private record Abandoned(String holder, String source, long credits, boolean overdue) {
    }

    /** To be taken before ZoomInfo is asked: what is settled meanwhile may be in its answer or not. */
    public Snapshot look() {
        return new Snapshot(jdbc.queryForObject("select readings from credit_watch", Long.class),
                sum("settled"));
    }

    /**
     * Compares the ledger with ZoomInfo's counter. A reading that another replica has overtaken is passed over.
     *
     * @param before the ledger before ZoomInfo was asked
     * @param used   ZoomInfo's counter of unique ids
     * @return credits that nothing of ours explains
     */
    @Transactional
    public long compare(Snapshot before, long used) {
        Watch watch = jdbc.queryForObject("select readings, anchor, used, drift, told from credit_watch for update",
                (row, n) -> new Watch(row.getLong(1), Optional.ofNullable(row.getObject(2, Long.class)),
                        Optional.ofNullable(row.getObject(3, Long.class)), row.getLong(4), row.getLong(5)));
        if (watch.readings() != before.readings()) {
            drift.set(watch.drift());
            return watch.drift();
        }
        ledger.lockAccount();
        boolean newTerm = watch.used().isPresent() && used < watch.used().get();
        if (newTerm) {
            LOG.infof("ZoomInfo's counter of credits begins anew at %d: a new contract term", used);
        }
        // ZoomInfo counts before we settle, so that the difference is never less than at the anchor. Where it is, the
        // ledger has counted somebody whom the account had paid for before it was ours.
        long least = used - before.settled();
        long anchor = newTerm ? least : Math.min(least, watch.anchor().orElse(least));
        long beyond = used - sum("settled") - anchor;
        List<Abandoned> abandoned = abandoned();
        long lost = abandoned.stream().mapToLong(Abandoned::credits).sum();
        long underWay = sum("reserved") - lost;
        beyond -= settle(abandoned, lost, Math.max(0, beyond - underWay), Math.max(0, least - anchor));
        // What was found before stays found while work under way covers it.
        long found = newTerm ? 0 : beyond < watch.drift() ? Math.max(0, beyond) : Math.max(watch.drift(), beyond - underWay);
        tell(watch, found, underWay, used);
        jdbc.update(sql.at("update credit_watch set readings = readings + 1, anchor = ?, used = ?, drift = ?, told = ?, "
                + "read_at = now()"), anchor, used, found, found);
        drift.set(found);
        return found;
    }

    /**
     * Decides on reservations that nobody will settle: as many credits as ZoomInfo has counted beyond the ledger are
     * taken for spent by them, the rest is given back. While work under way may be the cause, they wait.
     *
     * @return credits settled
     */
    private long settle(List<Abandoned> abandoned, long lost, long least, long most) {
        long spent = Math.min(lost, most);
        if (lost == 0 || Math.min(lost, least) != spent && abandoned.stream().noneMatch(Abandoned::overdue)) {
            return 0;
        }
        long left = spent;
        List<Settlement> settlements = new ArrayList<>();
        for (Abandoned one : abandoned) {
            long charged = Math.min(left, one.credits());
            settlements.add(new Settlement(one.holder(), one.source(), charged, true));
            left -= charged;
        }
        ledger.settle(settlements);
        LOG.infof("%d credit(s) were reserved by work that nobody will finish: by ZoomInfo's counter %d are spent, "
                + "the others are given back", lost, spent);
        return spent;
    }

    /** Reservations that are old, and whose lead or bulk job does not go on. */
    private List<Abandoned> abandoned() {
        return jdbc.query(sql.at("""
                select holder, source, credits, reserved_at < now() - %s
                from credit_reservation r
                where reserved_at < now() - %s
                  and not exists (select 1 from lead_event
                                  where event_id = case r.kind when 'live' then r.holder::uuid end
                                    and state in ('RECEIVED', 'ENRICHING', 'PARKED'))
                  and not exists (select 1 from bulk_job j join bulk_refresh f on f.id = j.refresh_id
                                  where j.id = case r.kind when 'bulk' then r.holder::uuid end
                                    and j.state in ('WAITING', 'SUBMITTING', 'DOUBT', 'ACTIVE')
                                    and f.state in ('RUNNING', 'PAUSED'))
                order by reserved_at, holder""".formatted(UNDECIDED, ABANDONED)), (row, n) -> new Abandoned(
                row.getString(1), row.getString(2), row.getLong(3), row.getBoolean(4)));
    }

    private void tell(Watch watch, long found, long underWay, long used) {
        if (found == watch.told()) {
            return;
        }
        if (found > 0) {
            LOG.warnf("ZoomInfo has counted %d credit(s) beyond what the ledger explains (its counter is at %d, %d credit(s) "
                    + "of work under way are left out): somebody else spends credits of this account, or records were "
                    + "paid for past LeadRoutes. GET /api/usage shows the ledger", found, used, underWay);
        } else {
            LOG.infof("ZoomInfo's counter of credits and the ledger agree again");
        }
    }

    private long sum(String column) {
        return jdbc.queryForList("select " + column + " from credit_use where source = ? and day = 'infinity'", Long.class,
                CreditLedger.ALL).stream().findFirst().orElse(0L);
    }
}
