package io.leadroutes.compliance;

import io.quarkus.arc.Unremovable;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import javax.sql.DataSource;
import org.apache.camel.Variable;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * Who is asked about next in {@code routes/jobs/compliance-sweep.camel.yaml}. The sweep keeps no list: it takes those
 * who were asked about longest ago, so that it goes on where it stopped, whatever stopped it.
 */
@ApplicationScoped
@Named("complianceSweep")
@Unremovable
public class ComplianceSweep {

    /** Persons of one call (zoominfo-api.md §6.7). */
    private static final int PAGE = 25;
    /** Waiting leads that make the sweep step aside: more than the next call of the enrichment takes along. */
    private static final int WAITING_LEADS = 25;
    /** Longer than a page can last with its retries; after a failure also the pause before the next try. */
    private static final Duration LEASE = Duration.ofMinutes(3);

    private final JdbcTemplate jdbc;
    private final Duration every;
    private final UUID self = UUID.randomUUID();

    @Inject
    ComplianceSweep(DataSource dataSource, ComplianceConfig config) {
        this(dataSource, config.sweepEvery());
    }

    ComplianceSweep(DataSource dataSource, Duration every) {
        this.jdbc = new JdbcTemplate(dataSource);
        this.every = every;
    }

    /**
     * How far the sweep is.
     *
     * @param checked persons asked about since {@code startedAt}
     * @param due     persons who are to be asked about now
     */
    public record Progress(Optional<Instant> startedAt, Optional<Instant> finishedAt, long checked, long due) {
    }

    /**
     * Begins a run, or goes on with one: at most one replica at a time.
     *
     * @return the first page as inputs of the endpoint; empty when nobody is due, another replica is at it, or live
     *         leads wait
     */
    public List<Map<String, Object>> begin() {
        if (every.isZero() || jdbc.update("""
                update compliance_sweep set holder = ?, lease_until = now() + make_interval(secs => ?)
                where lease_until < now()""", self, seconds(LEASE)) == 0) {
            return List.of();
        }
        // Whoever was paid for is known, whichever way the record came.
        jdbc.update("""
                insert into person_notice (person_id, match_status, last_checked)
                select person_id, 'UNCHECKED', '-infinity' from redeemed_person r
                where person_id not like 'erased:%'
                  and not exists (select 1 from person_notice n where n.person_id = r.person_id)
                on conflict do nothing""");
        List<String> persons = due();
        if (!persons.isEmpty()) {
            jdbc.update("""
                    update compliance_sweep set started_at = now(), finished_at = null, checked = 0
                    where started_at is null or finished_at is not null""");
        }
        return page(persons);
    }

    /** The page after one that was answered; empty when the run ends or steps aside for live leads. */
    public List<Map<String, Object>> next(@Variable("complianceInputs") List<Map<String, Object>> answered) {
        int ours = jdbc.update("""
                update compliance_sweep set checked = checked + ?, lease_until = now() + make_interval(secs => ?)
                where holder = ?""", answered.size(), seconds(LEASE), self);
        return ours == 1 ? page(due()) : List.of();
    }

    /** Ends a run that failed; its lease is the pause before the next try. */
    public List<Map<String, Object>> pause() {
        return List.of();
    }

    private List<String> due() {
        return jdbc.queryForList("""
                select person_id from person_notice
                where last_checked <= now() - make_interval(secs => ?) and match_status <> 'OPT_OUT'
                order by last_checked limit ?""", String.class, seconds(every), PAGE);
    }

    private List<Map<String, Object>> page(List<String> persons) {
        boolean aside = !persons.isEmpty() && waitingLeads();
        if (!persons.isEmpty() && !aside) {
            return ComplianceGate.inputs(persons).get(0);
        }
        jdbc.update("""
                update compliance_sweep
                set lease_until = now(), finished_at = case when ? or started_at is null then finished_at
                                                        else coalesce(finished_at, now()) end
                where holder = ?""", aside, self);
        return List.of();
    }

    private boolean waitingLeads() {
        return jdbc.queryForObject("""
                select count(*) from (select 1 from lead_event where state = 'RECEIVED' and available_at <= now() limit ?)
                    as waiting""", Integer.class, WAITING_LEADS) == WAITING_LEADS;
    }

    /** For people. */
    public Progress progress() {
        return jdbc.queryForObject("""
                select started_at, finished_at, checked,
                       (select count(*) from person_notice
                        where last_checked <= now() - make_interval(secs => ?) and match_status <> 'OPT_OUT')
                from compliance_sweep""", (row, number) -> new Progress(
                Optional.ofNullable(row.getTimestamp(1)).map(java.sql.Timestamp::toInstant),
                Optional.ofNullable(row.getTimestamp(2)).map(java.sql.Timestamp::toInstant), row.getLong(3),
                row.getLong(4)), seconds(every));
    }

    private static double seconds(Duration duration) {
        return duration.toMillis() / 1000.0;
    }
}
