package io.leadroutes.crm.salesforce;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.leadroutes.crash.CrashPoint;
import io.leadroutes.crm.CrmException.Failure;
import io.leadroutes.crm.CrmException;
import io.leadroutes.crm.FieldHistory.Written;
import io.leadroutes.crm.FieldHistory;
import io.leadroutes.crm.FieldMappings;
import io.leadroutes.crm.FieldPolicies.Current;
import io.leadroutes.crm.salesforce.RecordResults.Passing;
import io.leadroutes.crm.salesforce.RecordResults.Refused;
import io.leadroutes.crm.salesforce.RecordResults.Verdict;
import io.leadroutes.crm.salesforce.RecordResults.Without;
import io.leadroutes.crm.salesforce.WriteBatch.LeadWrite;
import io.leadroutes.lead.Claim;
import io.leadroutes.lead.Claims.Work;
import io.leadroutes.lead.Claims;
import io.leadroutes.lead.DeadLetters;
import io.leadroutes.lead.Enrichment;
import io.leadroutes.lead.LeadEvent;
import io.leadroutes.lead.LeadJson;
import io.leadroutes.lead.LogContext;
import io.leadroutes.lead.LostClaims;
import io.leadroutes.lead.StageFailure;
import io.leadroutes.rules.FieldMapping;
import io.quarkus.arc.Unremovable;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.apache.camel.Body;
import org.apache.camel.Exchange;
import org.apache.camel.Variable;
import org.jboss.logging.Logger;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * Writes decisions to Salesforce, in steps that the route {@code lead-write-back} puts together: read the records,
 * plan, write, settle each record by its own result.
 *
 * <p>Each write carries the operation key of its decision. A repeat reads the key first and writes nothing when the
 * record has it already, so that an unknown outcome, a lost lease or a crash never writes twice.
 */
@ApplicationScoped
@Named("salesforceWriteBack")
@Unremovable
public class SalesforceWriteBack {

    /** Leads are told about here, one line each. */
    private static final Logger LEADS = Logger.getLogger("leadroutes.lead");
    private static final Logger LOG = Logger.getLogger(SalesforceWriteBack.class);

    private static final String ROUTE = "lead-write-back";
    private static final String OBJECT = "Lead";
    /** Begins what is told of a lead whose person may not be written; names nobody. */
    private static final String SUPPRESSED = "suppressed: ";

    private final RecordResults answers;
    private final JdbcTemplate jdbc;
    private final DeadLetters deadLetters;
    private final Claims claims;
    private final LostClaims lost;
    private final Function<String, List<FieldMapping>> mappings;
    private final FieldHistory history;
    private final UnknownFields unknownFields;
    private final SalesforcePause pause;
    private final Clock clock = Clock.systemUTC();

    @Inject
    SalesforceWriteBack(ObjectMapper json, DataSource dataSource, DeadLetters deadLetters, Claims claims, LostClaims lost,
            FieldMappings mappings, FieldHistory history, UnknownFields unknownFields, SalesforcePause pause) {
        this.answers = new RecordResults(json);
        this.jdbc = new JdbcTemplate(dataSource);
        this.deadLetters = deadLetters;
        this.claims = claims;
        this.lost = lost;
        this.mappings = mappings::of;
        this.history = history;
        this.unknownFields = unknownFields;
        this.pause = pause;
    }

    /** The claimed rows as batches: leads of Salesforce by record id, others by external id, suspects alone. */
    public List<WriteBatch> batches(@Body List<Map<String, ?>> rows, Exchange exchange) {
        List<DecidedLead> leads = rows.stream().map(DecidedLead::of).toList();
        claims.hold(Work.WRITE_BACK, leads.stream().map(DecidedLead::claim).toList(), exchange);
        List<WriteBatch> batches = new ArrayList<>();
        leads.stream().filter(DecidedLead::isolated)
                .forEach(lead -> batches.add(new WriteBatch(lead.fromSalesforce(), List.of(lead))));
        List<DecidedLead> known = leads.stream().filter(lead -> !lead.isolated() && lead.fromSalesforce()).toList();
        onceEach(known, lead -> lead.lead().recordId()).forEach(some -> batches.add(new WriteBatch(true, some)));
        List<DecidedLead> others = leads.stream().filter(lead -> !lead.isolated() && !lead.fromSalesforce()).toList();
        for (List<DecidedLead> distinct : onceEach(others, DecidedLead::externalId)) {
            Soql.split(distinct, DecidedLead::externalId).forEach(some -> batches.add(new WriteBatch(false, some)));
        }
        return batches;
    }

    /** Salesforce refuses a request that names a record twice: a second event of a record goes into a later batch. */
    private static List<List<DecidedLead>> onceEach(List<DecidedLead> leads, Function<DecidedLead, String> key) {
        List<Map<String, DecidedLead>> rounds = new ArrayList<>();
        for (DecidedLead lead : leads) {
            Map<String, DecidedLead> free = rounds.stream().filter(round -> !round.containsKey(key.apply(lead)))
                    .findFirst().orElse(null);
            if (free == null) {
                free = new LinkedHashMap<>();
                rounds.add(free);
            }
            free.put(key.apply(lead), lead);
        }
        return rounds.stream().map(round -> List.copyOf(round.values())).toList();
    }

    /**
     * Asks for the batch before its first call. A lead whose claim ran out and was taken meanwhile is left to whoever
     * has it; while the process drains all are.
     */
    public void begin(@Variable("writeBatch") WriteBatch batch) {
        keep(batch, claims.begin(Work.WRITE_BACK, claims(batch)));
    }

    /** Extends the claim on what is still to be written, before each further call. */
    private void renewClaims(WriteBatch batch) {
        keep(batch, claims.renew(Work.WRITE_BACK, claims(batch)));
    }

    private static List<Claim> claims(WriteBatch batch) {
        return batch.unsettled().stream().map(DecidedLead::claim).toList();
    }

    private static void keep(WriteBatch batch, Set<UUID> ours) {
        batch.unsettled().stream().filter(lead -> !ours.contains(lead.event().eventId())).forEach(batch::settled);
    }

    /** What to ask for before writing: ids and fields for the retrieval, or a query by external id. */
    public String question(@Variable("writeBatch") WriteBatch batch) {
        List<String> fields = LeadFields.toRead(batch.isByRecordId(), mappings.apply(OBJECT),
                unknownFields.of(OBJECT));
        if (!batch.isByRecordId()) {
            return Soql.selectIn(fields, OBJECT, LeadFields.EXTERNAL_ID,
                    batch.unsettled().stream().map(DecidedLead::externalId).toList());
        }
        fields.forEach(Soql::name);
        return LeadJson.write(Map.of("ids", batch.unsettled().stream().map(lead -> lead.lead().recordId()).toList(),
                "fields", fields));
    }

    /** Plans the write of each record from the answer; records that carry our operation key are done already. */
    public void plan(@Variable("writeBatch") WriteBatch batch, @Body String answer) {
        List<FieldMapping> fields = mappings.apply(OBJECT);
        Map<DecidedLead, Optional<Map<String, Object>>> records = batch.isByRecordId() ? byPosition(batch, answer)
                : byExternalId(batch, answer);
        Map<String, Map<String, Written>> written = history.of(OBJECT, records.values().stream()
                .flatMap(Optional::stream).map(record -> String.valueOf(record.get("Id"))).toList());
        List<Done> done = new ArrayList<>();
        records.forEach((lead, record) -> {
            if (batch.isByRecordId() && record.isEmpty()) {
                bury(batch, lead, "the record is not in Salesforce any more", "ENTITY_IS_DELETED", Optional.empty());
            } else if (record.map(r -> r.get(LeadFields.OPERATION)).filter(lead.operationKey()::equals).isPresent()) {
                done.add(new Done(lead, String.valueOf(record.get().get("Id")), List.of(LeadFields.OPERATION),
                        "written by an earlier try"));
            } else {
                batch.plan(lead, LeadFields.toWrite(lead, fields, record.map(read -> LeadFields.current(read, written))
                        .orElse(Current.NEW), unknownFields.of(OBJECT), clock.instant()), record);
            }
        });
        settle(batch, done);
        if (batch.unsettled().isEmpty()) {
            pause.answered();
        }
        renewClaims(batch);
    }

    /** What the compliance gate is asked about: the leads whose write is planned. */
    public List<LeadEvent> people(@Variable("writeBatch") WriteBatch batch) {
        return batch.unsettled().stream().map(DecidedLead::event).toList();
    }

    /**
     * Takes back the planned write of leads that the gate refuses: their records get the marks of an opt-out and no
     * other field; a record that is not there yet is not created.
     */
    public void withhold(@Variable("writeBatch") WriteBatch batch, @Body Collection<LeadEvent> refused) {
        Set<UUID> ids = refused.stream().map(LeadEvent::eventId).collect(Collectors.toSet());
        List<Done> done = new ArrayList<>();
        for (DecidedLead lead : batch.unsettled()) {
            if (!ids.contains(lead.event().eventId())) {
                continue;
            }
            Optional<Map<String, Object>> record = batch.record(lead);
            Map<String, Object> marks = record.map(current -> LeadFields.optOut(current, unknownFields.of(OBJECT)))
                    .orElse(Map.of());
            if (record.isEmpty()) {
                done.add(new Done(lead, "", List.of(), SUPPRESSED + "no record was created"));
            } else if (marks.isEmpty()) {
                // So also a repeat after a write whose outcome was not heard of.
                done.add(new Done(lead, String.valueOf(record.get().get("Id")), List.of(),
                        SUPPRESSED + "the opt-out is marked already"));
            } else {
                batch.withhold(lead, marks);
            }
        }
        settle(batch, done);
    }

    /** Retrieval answers in the order asked, with null for a record that is gone. */
    private Map<DecidedLead, Optional<Map<String, Object>>> byPosition(WriteBatch batch, String answer) {
        List<DecidedLead> asked = batch.unsettled();
        JsonNode records = answers.read(answer);
        if (!records.isArray() || records.size() != asked.size()) {
            throw RecordResults.unreadable("the retrieval did not answer for each record");
        }
        Map<DecidedLead, Optional<Map<String, Object>>> found = new LinkedHashMap<>();
        for (int i = 0; i < asked.size(); i++) {
            JsonNode record = records.get(i);
            String id = asked.get(i).lead().recordId();
            if (!record.isNull() && !RecordResults.sameId(id, record.path("Id").asText(id))) {
                throw RecordResults.unreadable("the retrieval answered for another record");
            }
            found.put(asked.get(i), record.isNull() ? Optional.empty() : Optional.of(withId(answers.map(record), id)));
        }
        return found;
    }

    private Map<DecidedLead, Optional<Map<String, Object>>> byExternalId(WriteBatch batch, String answer) {
        // An external id is compared by Salesforce without regard to case.
        Map<String, Map<String, Object>> byId = new java.util.TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        answers.found(answer).records()
                .forEach(record -> byId.put(String.valueOf(record.get(LeadFields.EXTERNAL_ID)), record));
        Map<DecidedLead, Optional<Map<String, Object>>> found = new LinkedHashMap<>();
        batch.unsettled().forEach(lead -> found.put(lead, Optional.ofNullable(byId.get(lead.externalId()))));
        return found;
    }

    private static Map<String, Object> withId(Map<String, Object> record, String id) {
        record.putIfAbsent("Id", id);
        return record;
    }

    /** The collection request for all records that are still to be written. */
    public String request(@Variable("writeBatch") WriteBatch batch) {
        List<Map<String, Object>> records = batch.unsettled().stream().map(lead -> {
            Map<String, Object> record = new LinkedHashMap<>();
            record.put("attributes", Map.of("type", OBJECT));
            record.put(batch.isByRecordId() ? "id" : LeadFields.EXTERNAL_ID,
                    batch.isByRecordId() ? lead.lead().recordId() : lead.externalId());
            record.putAll(batch.write(lead).fields());
            return record;
        }).toList();
        CrashPoint.BEFORE_CRM_WRITE.reached();
        return LeadJson.write(Map.of("allOrNone", false, "records", records));
    }

    /** Settles each record by its own result; what remains unfinished is to be written again without a field. */
    public void results(@Variable("writeBatch") WriteBatch batch, @Body String answer) {
        CrashPoint.AFTER_CRM_WRITE.reached();
        List<DecidedLead> sent = batch.unsettled();
        List<JsonNode> results = answers.each(answer, sent.size());
        pause.answered();
        List<Done> done = new ArrayList<>();
        List<Later> later = new ArrayList<>();
        List<FieldHistory.Write> written = new ArrayList<>();
        for (int i = 0; i < sent.size(); i++) {
            DecidedLead lead = sent.get(i);
            LeadWrite write = batch.write(lead);
            Verdict verdict = answers.verdict(results.get(i), OBJECT, write.fields().keySet(),
                    LeadFields::mayBeDropped, unknownFields);
            if (verdict instanceof RecordResults.Written made) {
                String recordId = !made.recordId().isEmpty() ? made.recordId()
                        : lead.fromSalesforce() ? lead.lead().recordId() : "";
                done.add(new Done(lead, recordId, List.copyOf(write.fields().keySet()),
                        batch.withheld(lead) ? SUPPRESSED + "only the opt-out was marked" : write.dropped().isEmpty()
                        ? "written" : "written without " + String.join(", ", write.dropped())));
                written.add(new FieldHistory.Write(OBJECT, recordId,
                        lead.event().enrichment().flatMap(Enrichment::personId), write.fromZoomInfo(), write.dates()));
            } else if (verdict instanceof Without without) {
                without.fields().forEach(write::drop);
            } else if (verdict instanceof Passing passing) {
                later.add(new Later(lead, passing.cause()));
            } else if (verdict instanceof Refused refused) {
                bury(batch, lead, refused.message(), refused.code(), Optional.of(200));
            }
        }
        history.wrote(written);
        settle(batch, done);
        CrashPoint.AFTER_SETTLE.reached();
        postpone(batch, later);
        renewClaims(batch);
    }

    /** A call failed as a whole: what it had not settled is tried later, or alone, or is given up. */
    public void failed(Exchange exchange) {
        Throwable thrown = exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Throwable.class);
        WriteBatch batch = exchange.getVariable("writeBatch", WriteBatch.class);
        if (batch == null) {
            LOG.error("The claimed leads could not be read; they are claimed again when their lease ends", thrown);
            return;
        }
        RuntimeException failure = SalesforceFailures.of(thrown);
        Optional<String> unknown = SalesforceFailures.text(thrown).flatMap(UnknownFields::named)
                .filter(LeadFields::mayBeDropped);
        List<DecidedLead> open = batch.unsettled();
        if (unknown.isPresent() && unknownFields.report(OBJECT, unknown.get())) {
            postpone(batch, open.stream().map(lead -> new Later(lead, "Salesforce has no field " + unknown.get(),
                    RecordResults.AT_ONCE)).toList());
        } else if (gate(thrown).isPresent()) {
            String cause = "the compliance check: " + gate(thrown).get().failureClassName();
            LOG.warnf("Write-back of %d lead(s) waits for %s", open.size(), cause);
            postpone(batch, open.stream().map(lead -> new Later(lead, cause)).toList());
        } else if (!(failure instanceof CrmException crm)) {
            LOG.errorf(failure, "Write-back of %d lead(s) failed", open.size());
            postpone(batch, open.stream().map(lead -> new Later(lead, failure.getClass().getSimpleName())).toList());
        } else if (crm.retryable()) {
            int attempts = open.stream().mapToInt(lead -> lead.event().attempts()).min().orElse(1);
            Optional<Duration> paused = pause.failed(crm, attempts);
            if (paused.isEmpty()) {
                LOG.warnf("Write-back of %d lead(s) waits: %s", open.size(), crm.getMessage());
            }
            postpone(batch, open.stream().map(lead -> paused.map(wait -> new Later(lead, crm.getMessage(), wait))
                    .orElseGet(() -> new Later(lead, crm.getMessage()))).toList());
        } else if (open.size() > 1) {
            pause.answered();
            LOG.warnf("Write-back of %d leads goes on one by one: %s", open.size(), crm.getMessage());
            postpone(batch, open.stream().map(lead -> new Later(lead, DecidedLead.ISOLATED + crm.getMessage())).toList());
        } else {
            pause.answered();
            open.forEach(lead -> bury(batch, lead, crm.getMessage(), crm.errorCode(), crm.httpStatus()));
        }
    }

    /** The failure of the system that the gate asks, if that is what failed: without its word nothing is written. */
    private static Optional<StageFailure> gate(Throwable thrown) {
        return StageFailure.in(thrown).filter(failure -> !(failure instanceof CrmException));
    }

    private record Done(DecidedLead lead, String recordId, List<String> fields, String detail) {
    }

    private record Later(DecidedLead lead, String cause, Duration pause) {
        Later(DecidedLead lead, String cause) {
            this(lead, cause, RecordResults.backoff(lead.event().attempts()));
        }
    }

    private void settle(WriteBatch batch, List<Done> done) {
        if (done.isEmpty()) {
            return;
        }
        Set<UUID> ended = Set.copyOf(jdbc.queryForList("""
                update lead_event e
                set state = 'DONE', ended_at = now(), lease_until = null, parked_cause = null,
                    writes = e.writes || (v.write::jsonb || jsonb_build_object('at', now())),
                    timeline = e.timeline || jsonb_build_object('at', now(), 'stage', 'write-back', 'detail', v.detail)
                from unnest(?::uuid[], ?::bigint[], ?::text[], ?::text[]) as v (event_id, fence, write, detail)
                where e.event_id = v.event_id and e.fence = v.fence and e.state = 'DECIDED'
                returning e.event_id""", UUID.class,
                Claim.ids(done, one -> one.lead().claim()), Claim.fences(done, one -> one.lead().claim()),
                done.stream().map(one -> LeadJson.write(Map.of("system", "salesforce", "recordId", one.recordId(),
                        "fields", one.fields()))).toArray(String[]::new),
                done.stream().map(Done::detail).toArray(String[]::new)));
        lost.report(Work.WRITE_BACK.name(), done.size() - ended.size());
        for (Done one : done) {
            batch.settled(one.lead());
            if (ended.contains(one.lead().event().eventId())) {
                try (LogContext.Scope lead = LogContext.of(one.lead().event())) {
                    if (one.detail().startsWith(SUPPRESSED)) {
                        LEADS.infof("%s, X-Request-Id %s", one.detail(), one.lead().event().requestId());
                    } else {
                        tell(one.lead());
                    }
                }
            }
        }
    }

    private void tell(DecidedLead decided) {
        LEADS.infof("%s, %s: score %s%s, %s%s, %d %s, X-Request-Id %s, %d ms",
                name(decided), word(decided, "company", "companyName", "no company"),
                decided.score().map(Object::toString).orElse("none"),
                decided.grade().map(grade -> " (" + grade + ")").orElse(""),
                decided.ownerId().isEmpty() ? "owner kept" : "owner " + decided.ownerName().orElse("unnamed"),
                decided.rule().map(rule -> " by rule " + rule).orElse(" by fallback"),
                decided.event().enrichment().map(enrichment -> enrichment.credits()).orElse(0),
                decided.event().enrichment().map(enrichment -> enrichment.credits()).orElse(0) == 1 ? "credit" : "credits",
                decided.event().requestId(),
                Duration.between(decided.event().receivedAt(), clock.instant()).toMillis());
    }

    private static String name(DecidedLead decided) {
        String name = (word(decided, "firstName", "firstName", "") + " " + word(decided, "lastName", "lastName", ""))
                .strip();
        return name.isEmpty() ? "(no name)" : name;
    }

    /** From the lead, else from ZoomInfo. Line breaks would forge log lines. */
    private static String word(DecidedLead decided, String field, String enriched, String otherwise) {
        return decided.lead().field(field)
                .or(() -> decided.event().enrichment().map(e -> field.equals("company") ? e.company().get("name")
                        : e.person().get(enriched)).map(Object::toString))
                .map(text -> text.replaceAll("\\p{Cntrl}", " ")).orElse(otherwise);
    }

    private void postpone(WriteBatch batch, List<Later> all) {
        List<Later> later = new ArrayList<>();
        for (Later one : all) {
            if (one.lead().decidedAt().plus(RecordResults.GIVE_UP_AFTER).isBefore(clock.instant())) {
                bury(batch, one.lead(), "not written within 72 hours: " + one.cause(), "TRANSIENT", Optional.empty());
            } else {
                later.add(one);
            }
        }
        if (later.isEmpty()) {
            return;
        }
        int waiting = jdbc.update("""
                update lead_event e
                set lease_until = null, available_at = now() + make_interval(secs => v.seconds), parked_cause = v.cause,
                    timeline = case when e.parked_cause is not distinct from v.cause then e.timeline
                               else e.timeline || jsonb_build_object('at', now(), 'stage', 'write-back', 'detail',
                                    'waits: ' || v.cause) end
                from unnest(?::uuid[], ?::bigint[], ?::float8[], ?::text[]) as v (event_id, fence, seconds, cause)
                where e.event_id = v.event_id and e.fence = v.fence and e.state = 'DECIDED'""",
                Claim.ids(later, one -> one.lead().claim()), Claim.fences(later, one -> one.lead().claim()),
                later.stream().map(one -> one.pause().toMillis() / 1000.0).toArray(Double[]::new),
                later.stream().map(Later::cause).toArray(String[]::new));
        lost.report(Work.WRITE_BACK.name(), later.size() - waiting);
        later.forEach(one -> batch.settled(one.lead()));
    }

    private void bury(WriteBatch batch, DecidedLead lead, String message, String code, Optional<Integer> status) {
        boolean buried = deadLetters.bury(lead.event(), new DeadLetters.Cause(lead.event().requestId(), false, ROUTE,
                DeadLetters.Stage.WRITE_BACK, code.equals("TRANSIENT") ? code : Failure.INVALID_REQUEST.name(), status,
                message, lead.event().attempts()));
        batch.settled(lead);
        if (buried) {
            try (LogContext.Scope one = LogContext.of(lead.event())) {
                LOG.warnf("Dead letter of the write-back, event %s: %s", lead.event().eventId(), message);
            }
        }
    }
}
