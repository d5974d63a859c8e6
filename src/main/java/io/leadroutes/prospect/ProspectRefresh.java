package io.leadroutes.prospect;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.leadroutes.compliance.OptOuts;
import io.leadroutes.compliance.Suppressions;
import io.leadroutes.crm.CrmUpdate;
import io.leadroutes.crm.CrmUpdate.Kind;
import io.leadroutes.crm.CrmUpdates;
import io.leadroutes.lead.credit.CreditLedger.Demand;
import io.leadroutes.lead.credit.CreditLedger.Refusal;
import io.leadroutes.lead.credit.CreditLedger.Settlement;
import io.leadroutes.lead.credit.CreditLedger;
import io.leadroutes.lead.credit.Identity;
import io.leadroutes.lead.credit.Redeemed.Learnt;
import io.leadroutes.lead.credit.Redeemed;
import io.leadroutes.lead.credit.WorkKind;
import io.leadroutes.zoominfo.ContactMatcher;
import io.leadroutes.zoominfo.ContactMatcher.Result;
import io.leadroutes.zoominfo.ZoomInfoException;
import io.quarkus.arc.Unremovable;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Named;
import jakarta.transaction.Transactional;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.apache.camel.Body;
import org.apache.camel.Exchange;
import org.apache.camel.Variable;
import org.jboss.logging.Logger;
import org.springframework.jdbc.core.JdbcTemplate;

/** The steps of a run: what is new and wanted, within the budget, and what becomes of it. */
@ApplicationScoped
@Named("prospectRefresh")
@Unremovable
public class ProspectRefresh {

    private static final Logger LOG = Logger.getLogger(ProspectRefresh.class);
    /** Renewed with each batch; after a failure also the pause before the next try. */
    private static final Duration LEASE = Duration.ofMinutes(15);
    private static final int PRIORITY = 2;
    private static final String SOURCE = "prospect";
    private static final int WAITING_LEADS = 25;

    private final JdbcTemplate jdbc;
    private final ProspectLists lists;
    private final Suppressions suppressions;
    private final OptOuts optOuts;
    private final CrmUpdates updates;
    private final CreditLedger ledger;
    private final ObjectMapper json;
    private final Redeemed redeemed;
    private final UUID self = UUID.randomUUID();

    ProspectRefresh(DataSource dataSource, ProspectLists lists, Suppressions suppressions, OptOuts optOuts,
            CrmUpdates updates, CreditLedger ledger, Redeemed redeemed, ObjectMapper json) {
        this.jdbc = new JdbcTemplate(dataSource);
        this.lists = lists;
        this.suppressions = suppressions;
        this.optOuts = optOuts;
        this.updates = updates;
        this.ledger = ledger;
        this.json = json;
        this.redeemed = redeemed;
    }

    /** Begins a run of each list that is enabled and due; one replica at a time runs a list. */
    @Transactional
    public List<ProspectRun> due() {
        List<ProspectRun> runs = new ArrayList<>();
        for (ProspectList list : lists.read()) {
            if (!list.enabled()) {
                continue;
            }
            jdbc.update("insert into prospect_list (name) values (?) on conflict do nothing", list.name());
            ProspectRun run = new ProspectRun(UUID.randomUUID(), list);
            int ours = jdbc.update("""
                    update prospect_list set holder = ?, lease_until = now() + make_interval(secs => ?), last_started = now(),
                        last_run = ?
                    where name = ? and lease_until < now()
                      and (last_started is null or last_started <= now() - make_interval(secs => ?)
                           or exists (select 1 from prospect_run r where r.id = last_run and r.state <> 'DONE'))""",
                    self, (double) LEASE.toSeconds(), run.id(), list.name(), (double) list.every().toSeconds());
            if (ours == 1) {
                // What such a run had reserved counts as spent: nobody knows whether its call was answered.
                jdbc.update("update prospect_run set state = 'LOST', ended_at = now() where list = ? and state = 'RUNNING'",
                        list.name());
                jdbc.update("insert into prospect_run (id, list, state) values (?, ?, 'RUNNING')", run.id(), list.name());
                runs.add(run);
            }
        }
        return runs;
    }

    /** The criteria of the run's search. */
    public Map<String, Object> criteria(@Variable("prospectRun") ProspectRun run) {
        return run.list().criteria();
    }

    /** The previews as the search delivers them, 25 at a time. */
    public Iterator<List<Map<?, ?>>> batches(@Body Iterator<Map<?, ?>> previews) {
        return new Iterator<>() {
            @Override
            public boolean hasNext() {
                return previews.hasNext();
            }

            @Override
            public List<Map<?, ?>> next() {
                if (!previews.hasNext()) {
                    throw new NoSuchElementException();
                }
                List<Map<?, ?>> batch = new ArrayList<>();
                while (batch.size() < ContactMatcher.MOST_INPUTS && previews.hasNext()) {
                    batch.add(previews.next());
                }
                return batch;
            }
        };
    }

    /**
     * Compares a batch with what the list wants and what it knows from earlier runs.
     *
     * @return ids of persons who are wanted and new
     */
    @Transactional
    public List<String> compare(@Variable("prospectRun") ProspectRun run, @Body List<Map<?, ?>> previews) {
        renew(run);
        List<String> wanted = previews.stream().filter(run.list()::wants).map(preview -> preview.get("id"))
                .map(String::valueOf).filter(id -> id.matches("-?\\d{1,18}")).distinct().toList();
        Set<String> suppressed = suppressions.suppressedPersons(wanted);
        Map<String, String> states = new LinkedHashMap<>();
        jdbc.query("""
                insert into prospect_person as p (list, person_id, state, last_run)
                select ?, v.id, case when v.id = any (?) then 'SUPPRESSED' else 'NEW' end, ?
                from unnest(?::text[]) as v (id) order by v.id
                on conflict (list, person_id) do update
                set last_run = excluded.last_run,
                    state = case when excluded.state = 'SUPPRESSED' then 'SUPPRESSED' else p.state end
                returning person_id, state""", row -> {
                    states.put(row.getString(1), row.getString(2));
                }, run.list().name(), suppressed.toArray(String[]::new), run.id(), wanted.toArray(String[]::new));
        List<String> open = wanted.stream().filter(id -> states.get(id).equals("NEW")).toList();
        int barred = (int) wanted.stream().filter(id -> states.get(id).equals("SUPPRESSED")).count();
        count(run, "found = found + ?, unwanted = unwanted + ?, suppressed = suppressed + ?, known = known + ?",
                previews.size(), previews.size() - wanted.size(), barred, wanted.size() - open.size() - barred);
        return open;
    }

    /** True while more leads wait than the next call of the enrichment takes along; the run keeps its lease meanwhile. */
    public boolean liveLeadsWait(@Variable("prospectRun") ProspectRun run) {
        renew(run);
        return jdbc.queryForObject("""
                select count(*) from (select 1 from lead_event where state = 'RECEIVED' and available_at <= now() limit ?)
                    as waiting""", Integer.class, WAITING_LEADS) == WAITING_LEADS;
    }

    /** Asks the CRM which of the persons it has. */
    public String leadsQuestion(@Variable("prospectIds") List<String> ids) {
        return question("Lead", ids);
    }

    /** The same for contacts. */
    public String contactsQuestion(@Variable("prospectIds") List<String> ids) {
        return question("Contact", ids);
    }

    /** The ids are digits alone; there is nothing to escape. */
    private static String question(String object, List<String> ids) {
        return "SELECT ZoomInfo_Person_Id__c FROM " + object + " WHERE ZoomInfo_Person_Id__c IN ("
                + ids.stream().map(id -> "'" + id + "'").collect(Collectors.joining(",")) + ")";
    }

    /** Those of the persons whom the CRM does not have. */
    @Transactional
    public List<String> absent(@Variable("prospectRun") ProspectRun run, @Variable("prospectIds") List<String> ids,
            @Body String answer) throws JsonProcessingException {
        Set<String> there = new HashSet<>();
        json.readTree(answer).path("records").forEach(record -> there.add(record.path("ZoomInfo_Person_Id__c").asText()));
        there.retainAll(ids);
        mark(run, there, "IN_CRM");
        count(run, "known = known + ?", there.size());
        return ids.stream().filter(id -> !there.contains(id)).toList();
    }

    /** Leaves out whom the compliance gate refuses. */
    @Transactional
    public List<String> allowed(@Variable("prospectRun") ProspectRun run, @Variable("prospectIds") List<String> ids,
            @Body Collection<?> refused) {
        Set<String> barred = refused.stream().map(String::valueOf).collect(Collectors.toSet());
        mark(run, barred, "SUPPRESSED");
        count(run, "suppressed = suppressed + ?", barred.size());
        return ids.stream().filter(id -> !barred.contains(id)).toList();
    }

    /**
     * Reserves a credit for each person who is not paid for already, before the call: of the run's, the list's and the
     * budgets of the ledger. Who is not covered waits for a later run.
     *
     * @return the inputs of the call
     */
    @Transactional
    public List<Map<String, Object>> reserve(@Variable("prospectRun") ProspectRun run, @Body List<String> ids) {
        jdbc.queryForObject("select name from prospect_list where name = ? for update", String.class, run.list().name());
        Set<String> paid = redeemed.underManagement(ids);
        Map<String, Object> spent = jdbc.queryForMap("""
                select coalesce(sum(credits + reserved) filter (where id = ?), 0) as run,
                       coalesce(sum(credits + reserved), 0) as all
                from prospect_run where list = ?""", run.id(), run.list().name());
        long left = Math.min(run.list().perRun() - number(spent.get("run")), run.list().total() - number(spent.get("all")));
        List<String> wanted = ids.stream().filter(id -> !paid.contains(id)).limit(Math.max(0, left)).toList();
        Map<String, Refusal> refused = ledger.reserve(WorkKind.PROSPECT, wanted.stream()
                .map(id -> new Demand(holder(run, id), SOURCE, 1)).toList());
        Set<String> covered = wanted.stream().filter(id -> !refused.containsKey(holder(run, id)))
                .collect(Collectors.toSet());
        if (!refused.isEmpty()) {
            LOG.warnf("Prospect list %s: %d person(s) wait for a later run: %s", run.list().name(), refused.size(),
                    refused.values().iterator().next().cause());
        }
        List<Map<String, Object>> inputs = ids.stream().filter(id -> paid.contains(id) || covered.contains(id))
                .map(id -> Map.<String, Object>of("personId", Long.valueOf(id))).toList();
        count(run, "reserved = reserved + ?, waiting = waiting + ?", covered.size(), ids.size() - inputs.size());
        return inputs;
    }

    /** The same for a later run that finds the person anew. */
    private String holder(ProspectRun run, String id) {
        return suppressions.of("prospect credit", run.list().name() + "/" + id);
    }

    /** Settles a call: counts its credits and queues the persons for the CRM, in one transaction. */
    @Transactional(rollbackOn = Exception.class)
    public void store(Exchange exchange, @Variable("prospectRun") ProspectRun run,
            @Variable("prospectInputs") List<Map<String, Object>> inputs) throws ZoomInfoException {
        @SuppressWarnings("unchecked")
        Map<String, Object> envelope = exchange.getMessage().getBody(Map.class);
        List<Result> results = ContactMatcher.match(inputs, envelope,
                Optional.ofNullable(exchange.getVariable("zoominfoRequestId", String.class)));
        List<String> asked = inputs.stream().map(input -> input.get("personId").toString()).toList();
        List<String> matched = new ArrayList<>();
        List<String> unmatched = new ArrayList<>();
        List<String> optedOut = new ArrayList<>();
        List<CrmUpdate> leads = new ArrayList<>();
        int refused = 0;
        int reserved = asked.size() - redeemed.underManagement(asked).size();
        List<Learnt> learnt = new ArrayList<>();
        for (int i = 0; i < asked.size(); i++) {
            Result result = results.get(i);
            String id = asked.get(i);
            if (result.matchStatus().equals("OPT_OUT")) {
                optedOut.add(id);
            } else if (result.matchStatus().equals("LIMIT_EXCEEDED")) {
                refused++;
            } else if (result.record().isEmpty()) {
                unmatched.add(id);
            } else {
                matched.add(id);
                learnt.add(new Learnt(id, Optional.empty(), Identity.NOTHING, List.of(Identity.ofRecord(result.record()))));
                Map<String, Object> fields = new LinkedHashMap<>(run.list().fields());
                fields.putIfAbsent("LeadSource", run.list().source());
                leads.add(new CrmUpdate("prospect", run.list().source() + ":" + id, Kind.NEW_LEAD, id, result.record(),
                        List.of(), fields, PRIORITY));
            }
        }
        Set<String> charged = redeemed.redeem(matched);
        redeemed.learn(learnt);
        updates.add(leads);
        mark(run, matched, "QUEUED");
        mark(run, unmatched, "UNMATCHED");
        mark(run, optedOut, "SUPPRESSED");
        optedOut.forEach(id -> optOuts.optedOut(Suppressions.Identity.ofPerson(id), "prospect"));
        count(run, "credits = credits + ?, reserved = greatest(0, reserved - ?), queued = queued + ?, "
                + "unmatched = unmatched + ?, suppressed = suppressed + ?, waiting = waiting + ?", charged.size(), reserved,
                matched.size(), unmatched.size(), optedOut.size(), refused);
        ledger.settle(asked.stream().map(id -> new Settlement(holder(run, id), SOURCE, charged.contains(id) ? 1 : 0, true))
                .toList());
    }

    /** Ends a run that went through: who was found before and not now is counted, and nothing else is done about it. */
    @Transactional
    public void close(@Variable("prospectRun") ProspectRun run) {
        jdbc.update("""
                update prospect_run set state = 'DONE', ended_at = now(),
                    gone = (select count(*) from prospect_person where list = ? and last_run <> ?)
                where id = ? and state = 'RUNNING'""", run.list().name(), run.id(), run.id());
        jdbc.update("update prospect_list set lease_until = now() where name = ? and holder = ? and last_run = ?",
                run.list().name(), self, run.id());
        LOG.infof("Prospect list %s: %s", run.list().name(), jdbc.queryForMap(
                "select found, known, unwanted, suppressed, waiting, queued, gone, credits from prospect_run where id = ?",
                run.id()));
    }

    /** Ends a run that failed; it is tried again when its lease has run out. */
    public void failed(@Variable("prospectRun") ProspectRun run, Exchange exchange) {
        Throwable thrown = exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Throwable.class);
        Throwable root = thrown;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        LOG.warnf("Prospect list %s stops and is tried again in %d min: %s", run.list().name(), LEASE.toMinutes(),
                root.getMessage());
        jdbc.update("update prospect_run set state = 'FAILED', ended_at = now(), cause = ? where id = ?",
                root.getClass().getSimpleName(), run.id());
    }

    private void renew(ProspectRun run) {
        if (jdbc.update("""
                update prospect_list set lease_until = now() + make_interval(secs => ?)
                where name = ? and holder = ? and last_run = ?""", (double) LEASE.toSeconds(), run.list().name(), self,
                run.id()) == 0) {
            throw new IllegalStateException("another replica has taken the list over");
        }
    }

    private void mark(ProspectRun run, Collection<String> ids, String state) {
        if (!ids.isEmpty()) {
            jdbc.update("update prospect_person set state = ? where list = ? and person_id = any (?)", state,
                    run.list().name(), ids.toArray(String[]::new));
        }
    }

    private void count(ProspectRun run, String changes, Object... values) {
        List<Object> all = new ArrayList<>(List.of(values));
        all.add(run.id());
        jdbc.update("update prospect_run set " + changes + " where id = ?", all.toArray());
    }

    private static long number(Object value) {
        return ((Number) value).longValue();
    }
}
