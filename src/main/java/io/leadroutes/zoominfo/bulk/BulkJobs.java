package io.leadroutes.zoominfo.bulk;

import io.leadroutes.lead.LeadJson;
import io.leadroutes.lead.credit.CreditLedger.Demand;
import io.leadroutes.lead.credit.CreditLedger.Refusal;
import io.leadroutes.lead.credit.CreditLedger;
import io.leadroutes.lead.credit.WorkKind;
import io.leadroutes.zoominfo.FailureClass;
import io.leadroutes.zoominfo.ZoomInfoConfig;
import io.leadroutes.zoominfo.ZoomInfoException;
import io.quarkus.arc.Unremovable;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import jakarta.transaction.Transactional;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import javax.sql.DataSource;
import org.apache.camel.Body;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangeException;
import org.apache.camel.Variable;
import org.jboss.logging.Logger;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * The jobs of a refresh at ZoomInfo. Before a job is submitted it is written down that it may be; after a kill in
 * between, the job is in doubt and not submitted anew before the first one, if there is one, has ended its life.
 */
@ApplicationScoped
@Named("bulkJobs")
@Unremovable
public class BulkJobs {

    /** Between two submissions; ZoomInfo takes one new job a second (zoominfo-api.md §2). */
    private static final Duration BETWEEN = Duration.ofMillis(1_100);
    /** A job that nobody asks about counts as active for this long; jobs of 10,000 records are done by then. */
    private static final Duration UNWATCHED = Duration.ofMinutes(15);
    private static final int MOST_ATTEMPTS = 3;
    /** Between two looks whether the budgets of credits have room for the next job. */
    private static final Duration UNCOVERED = Duration.ofMinutes(1);
    /** One lock for the decision to submit, over all replicas. */
    private static final long SUBMISSION_LOCK = 7_401_983_215L;
    private static final Logger LOG = Logger.getLogger(BulkJobs.class);

    private final JdbcTemplate jdbc;
    private final BulkWork work;
    private final BackPressure pressure;
    private final ZoomInfoConfig.Bulk config;
    private final CreditLedger ledger;

    @Inject
    BulkJobs(DataSource dataSource, BulkWork work, BackPressure pressure, CreditLedger ledger, ZoomInfoConfig config) {
        this(dataSource, work, pressure, ledger, config.bulk());
    }

    BulkJobs(DataSource dataSource, BulkWork work, BackPressure pressure, CreditLedger ledger,
            ZoomInfoConfig.Bulk config) {
        this.jdbc = new JdbcTemplate(dataSource);
        this.work = work;
        this.pressure = pressure;
        this.config = config;
        this.ledger = ledger;
    }

    /**
     * A job that is about to be submitted.
     *
     * @param operation {@code preview-contact}, {@code preview-company}, {@code enrich-contact} or {@code enrich-company}
     */
    public record Submission(UUID job, String operation, Map<String, Object> request) {
    }

    /** A job at ZoomInfo whose status is asked for. */
    public record Running(UUID job, String jobId, String kind) {

        public Map<String, Object> getRequest() {
            return Map.of("jobId", jobId);
        }
    }

    private record Planned(UUID id, String kind, String matchedBy, long first, long last, int worst) {
    }

    /**
     * Takes the next job that may be submitted now, and writes down that it is being; puts it into the variable
     * {@code submission}, which is empty when nothing may be submitted.
     */
    @Transactional
    public void next(Exchange exchange, @Variable("work") Work mine) {
        exchange.removeVariable("submission");
        work.hold(mine);
        jdbc.update("update bulk_job set state = 'DOUBT', cause = 'The answer to its submission is not known.' "
                + "where refresh_id = ? and state = 'SUBMITTING'", mine.id());
        revive(mine);
        take(mine).ifPresent(submission -> exchange.setVariable("submission", submission));
    }

    private Optional<Submission> take(Work mine) {
        boolean quoting = mine.state().equals("QUOTING");
        jdbc.query("select pg_advisory_xact_lock(?)", row -> { }, SUBMISSION_LOCK);
        Boolean room = jdbc.queryForObject("""
                select count(*) filter (where j.state in ('SUBMITTING', 'ACTIVE', 'DOUBT') and not j.completed
                                        and (j.prepared_at > now() - make_interval(secs => ?)
                                             or j.state = 'ACTIVE' and r.state in ('QUOTING', 'RUNNING'))) < ?
                       and count(*) filter (where j.state = 'SUBMITTING' and j.prepared_at > now() - interval '1 minute') = 0
                       and coalesce(max(greatest(j.prepared_at, j.answered_at)), '-infinity')
                           < now() - make_interval(secs => ?)
                from bulk_job j join bulk_refresh r on r.id = j.refresh_id
                where j.prepared_at > now() - interval '25 hours'""", Boolean.class,
                (double) UNWATCHED.toSeconds(), config.activeJobs(), BETWEEN.toMillis() / 1000.0);
        if (!Boolean.TRUE.equals(room) || !quoting && pressure.isHigh()) {
            return Optional.empty();
        }
        Optional<Planned> planned = jdbc.query("""
                select id, kind, matched_by, first, last, worst from bulk_job
                where refresh_id = ? and kind = ? and state = 'WAITING' order by abs(number) limit 1""", (row, n) -> new Planned(row.getObject(1, UUID.class), row.getString(2),
                row.getString(3), row.getLong(4), row.getLong(5), row.getInt(6)), mine.id(),
                quoting ? "PREVIEW" : "ENRICH").stream().findFirst();
        if (planned.isEmpty() || !quoting && !covered(mine, planned.get())) {
            return Optional.empty();
        }
        Planned job = planned.get();
        Map<String, Object> request = request(mine, job);
        if (request.isEmpty()) {
            // Everything in it has been answered by an earlier attempt.
            jdbc.update("update bulk_job set state = 'DONE' where id = ?", job.id());
            ledger.refund(List.of(job.id().toString()));
            return Optional.empty();
        }
        jdbc.update("update bulk_job set state = 'SUBMITTING', prepared_at = now() where id = ?", job.id());
        return Optional.of(new Submission(job.id(), (job.kind().equals("PREVIEW") ? "preview-" : "enrich-")
                + mine.object().entity().word(), request));
    }

    /** Whether the quote and its margin cover the worst case of the job beside those under way, and the budgets too. */
    private boolean covered(Work mine, Planned job) {
        Map<String, Object> row = jdbc.queryForMap("""
                select floor(quoted * (1 + margin))::bigint - credits as room,
                       (select coalesce(sum(greatest(0, worst - credits)), 0) from bulk_job
                        where refresh_id = r.id and kind = 'ENRICH' and state in ('SUBMITTING', 'DOUBT', 'ACTIVE')) as reserved
                from bulk_refresh r where id = ?""", mine.id());
        long reserved = number(row, "reserved");
        if (job.worst() > 0 && reserved + job.worst() > number(row, "room")) {
            if (reserved == 0) {
                jdbc.update("update bulk_refresh set state = 'STOPPED_AT_QUOTE', ended_at = now(), cause = ? where id = ?",
                        "The next job may cost " + job.worst() + " credit(s); the quote and its margin leave "
                                + number(row, "room") + ".", mine.id());
                LOG.warnf("Bulk refresh %s stops: its next job could pass the quote", mine.id());
            }
            return false;
        }
        Optional<Refusal> refusal = ledger.reserve(WorkKind.BULK, List.of(
                new Demand(job.id().toString(), "bulk", job.worst()))).values().stream().findFirst();
        refusal.ifPresent(refused -> work.later(mine, refused.cause() + " does not cover the next job, which may cost "
                + job.worst() + " credit(s).", UNCOVERED));
        return refusal.isEmpty();
    }

    private static long number(Map<String, Object> row, String column) {
        return ((Number) row.get(column)).longValue();
    }

    private Map<String, Object> request(Work mine, Planned job) {
        if (job.kind().equals("PREVIEW")) {
            String values = jdbc.queryForObject("""
                    select string_agg(input::jsonb ->> matched_by, ',' order by position) from bulk_item
                    where refresh_id = ? and position between ? and ? and matched_by = ? and worst > 0""", String.class,
                    mine.id(), job.first(), job.last(), job.matchedBy());
            return values == null ? Map.of()
                    : Map.of("jobType", "preview", "query", Map.of(job.matchedBy(), values));
        }
        List<Object> inputs = new ArrayList<>();
        jdbc.query("select input from bulk_item where refresh_id = ? and position between ? and ? order by position",
                row -> {
                    inputs.add(LeadJson.object(row.getString(1)));
                }, mine.id(), job.first(), job.last());
        if (inputs.isEmpty()) {
            return Map.of();
        }
        Map<String, Object> request = new LinkedHashMap<>();
        request.put(mine.object().entity().inputKey(), inputs);
        String fields = jdbc.queryForObject("select output_fields from bulk_refresh where id = ?", String.class, mine.id());
        if (!fields.isEmpty()) {
            request.put("outputFields", List.of(fields.split(",")));
        }
        return request;
    }

    /** Notes ZoomInfo's id of a job that was submitted. */
    @Transactional
    public void submitted(@Body Map<String, Object> answer, @Variable("submission") Submission submission) {
        Object jobId = answer.get("jobId");
        if (jobId == null || !jobId.toString().matches("[0-9A-Za-z-]{8,100}")) {
            jdbc.update("update bulk_job set state = 'DOUBT', answered_at = now(), cause = 'The answer to its submission "
                    + "has no jobId.' where id = ? and state = 'SUBMITTING'", submission.job());
            return;
        }
        jdbc.update("""
                update bulk_job set state = 'ACTIVE', job_id = ?, answered_at = now(),
                    poll_at = now() + make_interval(secs => ?), cause = null
                where id = ? and state in ('SUBMITTING', 'DOUBT')""", jobId.toString(), seconds(config.poll()),
                submission.job());
        jdbc.update("update bulk_refresh set cause = null where state in ('QUOTING', 'RUNNING') "
                + "and id = (select refresh_id from bulk_job where id = ?)", submission.job());
    }

    /**
     * A submission that failed. If ZoomInfo has not taken it, it waits for its turn again; if that is not known, it is in
     * doubt. A preview that ZoomInfo refuses is done without; an enrichment that it refuses pauses the refresh.
     */
    @Transactional
    public void notSubmitted(@Variable("work") Work mine, @Variable("submission") Submission submission,
            @ExchangeException ZoomInfoException failure) {
        FailureClass kind = failure.getFailureClass();
        boolean unknown = kind == FailureClass.UNKNOWN_OUTCOME || kind == FailureClass.PROTOCOL;
        boolean preview = submission.operation().startsWith("preview");
        // A second preview costs nothing, and one more job of it does no harm.
        String state = preview && kind == FailureClass.INVALID_REQUEST ? "REFUSED" : unknown && !preview ? "DOUBT" : "WAITING";
        jdbc.update("update bulk_job set state = ?, answered_at = now(), cause = ? where id = ? and state = 'SUBMITTING'",
                state, kind + ": " + failure.getMessage(), submission.job());
        LOG.warnf("A bulk job of refresh %s was not submitted (%s, X-Request-Id %s): %s", mine.id(), kind,
                failure.responseRequestId().or(failure::sentRequestId).orElse("none"), failure.getMessage());
        if (!state.equals("REFUSED")) {
            work.rest(mine, failure);
        }
    }

    /** The jobs whose status is due; those whose life is over are given up first. */
    @Transactional
    public List<Running> due(@Variable("work") Work mine) {
        work.hold(mine);
        for (UUID job : jdbc.queryForList("select id from bulk_job where refresh_id = ? and state = 'ACTIVE' "
                + "and prepared_at < now() - make_interval(secs => ?)", UUID.class, mine.id(), seconds(config.jobLife()))) {
            giveUp(job, "Its life of " + config.jobLife() + " at ZoomInfo is over.");
        }
        return jdbc.query("""
                update bulk_job set poll_at = now() + make_interval(secs => ?)
                where refresh_id = ? and state = 'ACTIVE' and not completed and poll_at <= now()
                returning id, job_id, kind""", (row, n) -> new Running(row.getObject(1, UUID.class), row.getString(2),
                row.getString(3)), seconds(config.poll()), mine.id());
    }

    /** Notes what the status of a job tells: pages to fetch, or its end. */
    @Transactional
    public void status(@Body Map<String, Object> answer, @Variable("work") Work mine, @Variable("job") Running job) {
        work.hold(mine);
        String status = String.valueOf(answer.get("status")).toUpperCase(Locale.ROOT);
        boolean failed = status.equals("FAILED");
        boolean completed = failed || status.equals("COMPLETED");
        if (job.kind().equals("PREVIEW")) {
            if (completed) {
                jdbc.update("update bulk_job set state = ?, completed = true, total = ? where id = ?",
                        failed || !(answer.get("totalRecords") instanceof Number) ? "REFUSED" : "DONE",
                        answer.get("totalRecords") instanceof Number total ? total.longValue() : null, job.job());
            }
            return;
        }
        if (answer.get("successfulPages") instanceof List<?> pages) {
            jdbc.update("insert into bulk_page (job, page, state) select ?, page, 'AVAILABLE' from unnest(?::int[]) as p (page) "
                    + "where page > 0 on conflict do nothing", job.job(),
                    pages.stream().map(page -> Integer.valueOf(page.toString())).toArray(Integer[]::new));
        }
        jdbc.update("update bulk_job set completed = ?, failed = ?, total = ? where id = ?", completed, failed,
                answer.get("totalRecords") instanceof Number total ? total.longValue() : null, job.job());
        finish(job.job());
    }

    /** A status or page that cannot be had: a job that ZoomInfo does not know is lost, for all else there is a later time. */
    @Transactional
    public void unreachable(@Variable("work") Work mine, @Variable("job") Running job,
            @ExchangeException ZoomInfoException failure) {
        if (failure.getStatus() == 404 || failure.getStatus() == 410) {
            giveUp(job.job(), "ZoomInfo does not know it any more.");
        } else {
            work.rest(mine, failure);
        }
    }

    /** Ends a job of which every page has been fetched and no more is to come; what it has not answered is asked again. */
    void finish(UUID job) {
        jdbc.query("""
                select refresh_id, failed, first, last, attempt from bulk_job j
                where id = ? and state = 'ACTIVE' and completed
                  and not exists (select 1 from bulk_page where job = j.id and state = 'AVAILABLE')""", row -> {
                    UUID refresh = row.getObject(1, UUID.class);
                    long[] range = {row.getLong(3), row.getLong(4)};
                    if (row.getBoolean(2)) {
                        int attempt = row.getInt(5);
                        giveUp(job, "It failed at ZoomInfo.");
                        if (attempt >= MOST_ATTEMPTS) {
                            jdbc.update("update bulk_refresh set state = 'PAUSED', cause = ? where id = ? and state = 'RUNNING'",
                                    "A job failed " + attempt + " times at ZoomInfo.", refresh);
                        }
                        return;
                    }
                    jdbc.update("update bulk_job set state = 'DONE' where id = ?", job);
                    ledger.refund(List.of(job.toString()));
                    int refused = jdbc.queryForObject("select count(*) from bulk_item where refresh_id = ? "
                            + "and position between ? and ? and refused", Integer.class, refresh, range[0], range[1]);
                    int unanswered = jdbc.update("delete from bulk_item where refresh_id = ? and position between ? and ? "
                            + "and not refused", refresh, range[0], range[1]);
                    jdbc.update("update bulk_refresh set done = done + ?, unanswered = unanswered + ? where id = ?", unanswered,
                            unanswered, refresh);
                    if (refused > 0) {
                        again(job);
                        jdbc.update("update bulk_refresh set state = 'PAUSED', cause = ? where id = ? and state = 'RUNNING'",
                                "LIMIT_EXCEEDED: the account's credits or records are used up.", refresh);
                    }
                }, job);
    }

    private void giveUp(UUID job, String cause) {
        jdbc.update("update bulk_job set state = 'LOST', cause = ? where id = ?", cause, job);
        jdbc.update("delete from bulk_page where job = ? and state = 'AVAILABLE'", job);
        again(job);
        LOG.warnf("Bulk job %s is given up; what it has not answered is submitted anew: %s", job, cause);
    }

    /**
     * A new job for what is left of an old one; its credits, if they were spent, were spent by the old one, whose
     * reservation it takes over.
     */
    private void again(UUID job) {
        List<UUID> next = jdbc.queryForList("""
                insert into bulk_job (id, refresh_id, number, kind, matched_by, first, last, items, worst, state, attempt)
                select gen_random_uuid(), j.refresh_id,
                       case j.kind when 'ENRICH' then (select max(number) from bulk_job where refresh_id = j.refresh_id) + 1
                                   else (select min(number) from bulk_job where refresh_id = j.refresh_id) - 1 end,
                       j.kind, j.matched_by, j.first, j.last, i.left, least(i.worst, greatest(0, j.worst - j.credits)),
                       'WAITING', j.attempt + 1
                from bulk_job j,
                     lateral (select count(*) as left, coalesce(sum(worst), 0) as worst from bulk_item
                              where refresh_id = j.refresh_id and position between j.first and j.last
                                and (j.matched_by is null or matched_by = j.matched_by)) i
                where j.id = ? and i.left > 0
                returning id""", UUID.class, job);
        if (next.isEmpty()) {
            ledger.refund(List.of(job.toString()));
        } else {
            ledger.pass(job.toString(), next.get(0).toString());
        }
        jdbc.update("update bulk_item i set refused = false from bulk_job j where j.id = ? and i.refresh_id = j.refresh_id "
                + "and i.position between j.first and j.last and i.refused", job);
    }

    /** Jobs whose submission is still in doubt after the time that a job lives are lost, if there ever were any. */
    private void revive(Work mine) {
        for (UUID job : jdbc.queryForList("select id from bulk_job where refresh_id = ? and state = 'DOUBT' and "
                + "(kind = 'PREVIEW' or prepared_at < now() - make_interval(secs => ?))", UUID.class, mine.id(),
                seconds(config.doubt()))) {
            giveUp(job, "The answer to its submission never came.");
        }
    }

    private static double seconds(Duration duration) {
        return duration.toMillis() / 1000.0;
    }
}
