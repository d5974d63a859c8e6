package io.leadroutes.zoominfo.pacing;

import io.leadroutes.crash.CrashPoint;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.transaction.Transactional;
import java.time.Duration;
import javax.sql.DataSource;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * The schedule as a row of PostgreSQL. One statement a slot; it waits for the disk no more than it must: a lost
 * commit costs at most the silence that follows a start of the database.
 */
@ApplicationScoped
class JdbcSlotTable implements SlotTable {

    /** The arithmetic of {@link SlotSchedule#reserve}; a database just started grants nothing for a second. */
    private static final String RESERVE = """
            with fast as materialized (select set_config('synchronous_commit', 'off', true))
            insert into egress_slot as s (account, tier, next_slot)
            select :account, :tier,
                   greatest(clock_timestamp(), pg_postmaster_start_time() + interval '1 second')
                       + :spacing * interval '1 us'
              from fast
            on conflict (account, tier) do update set next_slot = (
                select :spacing * interval '1 us' + greatest(open, :debit * interval '1 us' +
                       case when s.next_slot - open > :clamp * interval '1 us' then open + interval '1 second'
                            else s.next_slot end)
                  from (select greatest(clock_timestamp(), pg_postmaster_start_time() + interval '1 second',
                               least(coalesce(s.paused_until, '-infinity'),
                                     clock_timestamp() + interval '60 seconds')) as open) as gate)
            returning (1000000 * extract(epoch from
                (s.next_slot - :spacing * interval '1 us' - clock_timestamp())))::bigint
            """;
    private static final String PAUSE = """
            insert into egress_slot as s (account, tier, next_slot, paused_until)
            values (:account, :tier, clock_timestamp(), clock_timestamp() + :length * interval '1 us')
            on conflict (account, tier) do update set paused_until =
                greatest(s.paused_until, clock_timestamp() + :length * interval '1 us')
            """;

    private final JdbcClient jdbc;

    @Inject
    JdbcSlotTable(DataSource dataSource) {
        this.jdbc = JdbcClient.create(dataSource);
    }

    /** Never inside a caller's transaction: the row would stay locked until that ends. */
    @Override
    @Transactional(Transactional.TxType.NOT_SUPPORTED)
    public Duration reserve(String account, String tier, Duration spacing, Duration debit) {
        long spacingMicros = micros(spacing);
        try {
            long wait = jdbc.sql(RESERVE).param("account", account).param("tier", tier)
                    .param("spacing", spacingMicros)
                    .param("debit", micros(debit.compareTo(DEBIT_LIMIT) > 0 ? DEBIT_LIMIT : debit))
                    .param("clamp", SlotSchedule.clamp(spacing.toNanos()) / 1000)
                    .query(Long.class).single();
            CrashPoint.AFTER_SLOT.reached();
            return Duration.ofNanos(Math.max(0, wait) * 1000);
        } catch (DataAccessException e) {
            throw new SlotsUnavailableException("No slot for the " + tier + " tier: the database does not answer", e);
        }
    }

    @Override
    @Transactional(Transactional.TxType.NOT_SUPPORTED)
    public void pause(String account, String tier, Duration length) {
        try {
            jdbc.sql(PAUSE).param("account", account).param("tier", tier).param("length", micros(length)).update();
        } catch (DataAccessException e) {
            throw new SlotsUnavailableException("The pause of the " + tier + " tier could not be stored", e);
        }
    }

    private static final Duration DEBIT_LIMIT = Duration.ofNanos(SlotSchedule.DEBIT_LIMIT_NANOS);

    private static long micros(Duration duration) {
        return (duration.toNanos() + 999) / 1000;
    }
}
