package io.leadroutes.zoominfo.bulk;

import io.leadroutes.crm.CrmUpdate.Kind;
import io.leadroutes.crm.CrmUpdate;
import io.leadroutes.crm.CrmUpdates;
import io.leadroutes.lead.credit.CreditLedger.Settlement;
import io.leadroutes.lead.credit.CreditLedger;
import io.leadroutes.lead.credit.Identity;
import io.leadroutes.lead.credit.Redeemed.Learnt;
import io.leadroutes.lead.credit.Redeemed;
import io.leadroutes.zoominfo.FailureClass;
import io.leadroutes.zoominfo.ZoomInfoException;
import io.leadroutes.zoominfo.bulk.BulkJobs.Running;
import io.leadroutes.zoominfo.bulk.RefreshObject.Entity;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.arc.Unremovable;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Named;
import jakarta.transaction.Transactional;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import javax.sql.DataSource;
import org.apache.camel.Body;
import org.apache.camel.Exchange;
import org.apache.camel.Variable;
import org.jboss.logging.Logger;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * The pages of jobs. What a page brings is stored in one transaction with the mark that it has been fetched: the CRM
 * updates, the credits, the progress. A page that is marked is never fetched again; one whose answer was on its way
 * when the process died is fetched once more, and nothing of the first time is left.
 */
@ApplicationScoped
@Named("bulkPages")
@Unremovable
public class BulkPages {

    private static final String LIMIT_EXCEEDED = "LIMIT_EXCEEDED";
    private static final String OPT_OUT = "OPT_OUT";
    private static final int PRIORITY = 2;
    private static final Logger LOG = Logger.getLogger(BulkPages.class);

    private final JdbcTemplate jdbc;
    private final BulkWork work;
    private final BulkJobs jobs;
    private final BackPressure pressure;
    private final CrmUpdates updates;
    private final CreditLedger ledger;
    private final Redeemed redeemed;
    private final MeterRegistry meters;

    BulkPages(DataSource dataSource, BulkWork work, BulkJobs jobs, BackPressure pressure, CrmUpdates updates,
            CreditLedger ledger, Redeemed redeemed, MeterRegistry meters) {
        this.jdbc = new JdbcTemplate(dataSource);
        this.work = work;
        this.jobs = jobs;
        this.pressure = pressure;
        this.updates = updates;
        this.ledger = ledger;
        this.redeemed = redeemed;
        this.meters = meters;
    }

    /** A page that is done at ZoomInfo and not yet fetched. */
    public record Page(UUID job, String jobId, int number) {

        public Map<String, Object> getRequest() {
            return Map.of("jobId", jobId, "page", number);
        }
    }

    /** An answer to one record. */
    private record Answer(long position, Optional<String> zoominfoId, String status, Map<String, Object> data) {
    }

    /** Puts the next page into the variable {@code page}; none when there is none, the CRM is behind, or the work is over. */
    public void next(Exchange exchange, @Variable("work") Work mine) {
        exchange.removeVariable("page");
        if (pressure.isHigh()) {
            return;
        }
        jdbc.query("""
                select p.job, j.job_id, p.page
                from bulk_refresh r join bulk_job j on j.refresh_id = r.id join bulk_page p on p.job = j.id
                where r.id = ? and r.fence = ? and r.state = 'RUNNING' and j.state = 'ACTIVE' and p.state = 'AVAILABLE'
                order by j.number, p.page limit 1""", (row, n) -> new Page(row.getObject(1, UUID.class), row.getString(2),
                row.getInt(3)), mine.id(), mine.fence()).stream().findFirst().ifPresent(page -> {
                    exchange.setVariable("page", page);
                    exchange.setVariable("job", new Running(page.job(), page.jobId(), "ENRICH"));
                });
    }

    /**
     * Stores a page.
     *
     * @throws ZoomInfoException if the answer has no list of results
     */
    @Transactional
    public void store(@Body Map<String, Object> answer, @Variable("work") Work mine, @Variable("page") Page page)
            throws ZoomInfoException {
        if (!(answer.get("result") instanceof List<?> results)) {
            throw new ZoomInfoException(FailureClass.PROTOCOL, "The page of a bulk job has no list of results", "");
        }
        work.holdEvenPaused(mine);
        if (jdbc.update("update bulk_page set state = 'FETCHED', fetched_at = now() where job = ? and page = ? "
                + "and state = 'AVAILABLE'", page.job(), page.number()) == 0) {
            return;
        }
        List<Answer> answers = paired(mine, page, results);
        List<Answer> refused = answers.stream().filter(one -> one.status().equals(LIMIT_EXCEEDED)).toList();
        List<Answer> given = answers.stream().filter(one -> !one.status().equals(LIMIT_EXCEEDED)).toList();
        Set<String> persons = new TreeSet<>();
        Set<String> companies = new TreeSet<>();
        List<Learnt> learnt = new ArrayList<>();
        Map<String, CrmUpdate> changes = new LinkedHashMap<>();
        int matched = 0;
        for (Answer one : given) {
            boolean people = mine.object().entity() == Entity.CONTACT;
            Optional<String> id = id(one.data().get("id"));
            if (id.isPresent()) {
                matched++;
                (people ? persons : companies).add(id.get());
                if (people) {
                    learnt.add(new Learnt(id.get(), Optional.empty(), Identity.NOTHING,
                            List.of(Identity.ofRecord(one.data()))));
                }
                change(changes, mine, people ? Kind.PERSON : Kind.COMPANY, id.get(), one.data(), Map.of());
            } else if (people && one.data().get("company") instanceof Map<?, ?> company) {
                id(company.get("id")).ifPresent(companies::add);
            } else if (people && one.status().equals(OPT_OUT)) {
                one.zoominfoId().ifPresent(person -> change(changes, mine, Kind.OPT_OUT, person, Map.of(),
                        Map.of("ZoomInfo_Opted_Out__c", true)));
            }
        }
        updates.add(changes.values());
        int credits = redeemed.redeem(persons).size() + redeemed.redeemCompanies(companies).size();
        redeemed.learn(learnt);
        jdbc.update("delete from bulk_item where refresh_id = ? and position = any (?)", mine.id(), positions(given));
        if (!refused.isEmpty()) {
            jdbc.update("update bulk_item set refused = true where refresh_id = ? and position = any (?)", mine.id(),
                    positions(refused));
        }
        jdbc.update("update bulk_page set records = ?, credits = ? where job = ? and page = ?", given.size(), credits,
                page.job(), page.number());
        jdbc.update("update bulk_job set credits = credits + ? where id = ?", credits, page.job());
        jdbc.update("""
                update bulk_refresh set done = done + ?, matched = matched + ?, unmatched = unmatched + ?,
                    refused = refused + ?, updates = updates + ?, credits = credits + ?,
                    cause = case state when 'RUNNING' then null else cause end
                where id = ?""", given.size(), matched, given.size() - matched, refused.size(), changes.size(), credits,
                mine.id());
        ledger.settle(List.of(new Settlement(page.job().toString(), "bulk", credits, false)));
        jobs.finish(page.job());
        count("matched", matched);
        count("unmatched", given.size() - matched);
        count("refused", refused.size());
        meters.counter("leadroutes.credits").increment(credits);
    }

    private static void change(Map<String, CrmUpdate> changes, Work mine, Kind kind, String id, Map<String, Object> profile,
            Map<String, Object> fields) {
        changes.put(id, new CrmUpdate("bulk", "bulk:" + mine.id() + ":" + kind + ":" + id, kind, id, profile, List.of(),
                fields, PRIORITY));
    }

    /** The results with the records that they answer, by the input that ZoomInfo echoes. */
    private List<Answer> paired(Work mine, Page page, List<?> results) {
        Map<String, Map<?, ?>> byInput = new HashMap<>();
        for (Object result : results) {
            if (result instanceof Map<?, ?> map && map.get("input") instanceof Map<?, ?> input) {
                byInput.put(RefreshRow.key(input), map);
            }
        }
        List<Answer> answers = new ArrayList<>(results.size());
        jdbc.query("""
                select i.position, i.input_key, i.zoominfo_id
                from bulk_job j join bulk_item i on i.refresh_id = j.refresh_id and i.position between j.first and j.last
                where j.id = ? and i.input_key = any (?)""", row -> {
                    Map<?, ?> result = byInput.get(row.getString(2));
                    answers.add(new Answer(row.getLong(1), Optional.ofNullable(row.getString(3)), status(result),
                            data(result)));
                }, page.job(), byInput.keySet().toArray(String[]::new));
        if (answers.size() < results.size()) {
            LOG.warnf("Page %d of bulk job %s has %d result(s) to which there is no record waiting", page.number(),
                    page.jobId(), results.size() - answers.size());
        }
        return answers;
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> data(Map<?, ?> result) {
        Object data = result.get("data");
        // An object in bulk; an array of one in the other calls.
        Object first = data instanceof List<?> list ? list.isEmpty() ? null : list.get(0) : data;
        return first instanceof Map<?, ?> map ? (Map<String, Object>) map : Map.of();
    }

    private static String status(Map<?, ?> result) {
        Object status = result.get("matchStatus");
        return status != null ? status.toString() : data(result).isEmpty() ? "NO_MATCH" : "FULL_MATCH";
    }

    private static Optional<String> id(Object value) {
        return Optional.ofNullable(value).map(Object::toString).filter(text -> text.matches("-?[0-9]{1,18}"));
    }

    private static Long[] positions(List<Answer> answers) {
        return answers.stream().map(Answer::position).toArray(Long[]::new);
    }

    private void count(String state, int records) {
        meters.counter("leadroutes.bulk.records", "state", state).increment(records);
    }
}
