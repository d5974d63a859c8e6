package io.leadroutes.crm.salesforce;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.leadroutes.crm.CrmException.Failure;
import io.leadroutes.crm.CrmException;
import io.leadroutes.crm.CrmUpdate;
import io.leadroutes.crm.CrmUpdate.Kind;
import io.leadroutes.crm.CrmUpdates;
import io.leadroutes.crm.CrmUpdates.End;
import io.leadroutes.crm.CrmUpdates.Ended;
import io.leadroutes.crm.CrmUpdates.Later;
import io.leadroutes.crm.CrmUpdates.Outcome;
import io.leadroutes.crm.CrmUpdates.RecordOutcome;
import io.leadroutes.crm.FieldHistory;
import io.leadroutes.crm.FieldHistory.Written;
import io.leadroutes.crm.FieldMappings;
import io.leadroutes.crm.QueuedUpdate;
import io.leadroutes.crm.salesforce.RecordResults.Found;
import io.leadroutes.crm.salesforce.RecordResults.Passing;
import io.leadroutes.crm.salesforce.RecordResults.Refused;
import io.leadroutes.crm.salesforce.RecordResults.Verdict;
import io.leadroutes.crm.salesforce.RecordResults.Without;
import io.leadroutes.crm.salesforce.UpdateBatch.Progress;
import io.leadroutes.crm.salesforce.UpdateBatch.Question;
import io.leadroutes.crm.salesforce.UpdateBatch.RecordWrite;
import io.leadroutes.crm.salesforce.UpdateBatch.Target;
import io.leadroutes.lead.Claim;
import io.leadroutes.lead.Claims.Work;
import io.leadroutes.lead.Claims;
import io.leadroutes.lead.DeadLetters;
import io.leadroutes.lead.LeadJson;
import io.leadroutes.lead.LostClaims;
import io.leadroutes.lead.StageFailure;
import io.quarkus.arc.Unremovable;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import jakarta.transaction.Transactional;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.apache.camel.Body;
import org.apache.camel.Exchange;
import org.apache.camel.Variable;
import org.jboss.logging.Logger;

/**
 * Writes CRM updates to Salesforce, in steps that the route {@code crm-update-batch} puts together. Only what differs
 * is written, so that a repeat after an unknown outcome, a lost lease or a crash writes nothing new.
 */
@ApplicationScoped
@Named("salesforceUpdates")
@Unremovable
public class SalesforceUpdates {

    private static final Logger LOG = Logger.getLogger(SalesforceUpdates.class);

    private static final String ROUTE = "crm-update-batch";
    private static final String ISOLATED = "alone: ";
    private static final List<String> PERSONS = List.of("Lead", "Contact");
    /** Kinds of which a person must agree, or at least not have objected. */
    private static final Set<Kind> GUARDED = Set.of(Kind.PERSON, Kind.NEW_LEAD);

    private final RecordResults answers;
    private final CrmUpdates updates;
    private final DeadLetters deadLetters;
    private final Claims claims;
    private final LostClaims lost;
    private final FieldMappings mappings;
    private final FieldHistory history;
    private final UnknownFields unknown;
    private final SalesforcePause pause;
    private final Clock clock = Clock.systemUTC();

    @Inject
    SalesforceUpdates(ObjectMapper json, CrmUpdates updates, DeadLetters deadLetters, Claims claims, LostClaims lost,
            FieldMappings mappings, FieldHistory history, UnknownFields unknown, SalesforcePause pause) {
        this.answers = new RecordResults(json);
        this.updates = updates;
        this.deadLetters = deadLetters;
        this.claims = claims;
        this.lost = lost;
        this.mappings = mappings;
        this.history = history;
        this.unknown = unknown;
        this.pause = pause;
    }

    /**
     * The claimed rows as batches: those that need the compliance check together, the others together, so that a check
     * which cannot be made holds up nothing else; suspects alone.
     */
    public List<UpdateBatch> batches(@Body List<Map<String, ?>> rows, Exchange exchange) {
        List<QueuedUpdate> claimed = rows.stream().map(QueuedUpdate::of).toList();
        claims.hold(Work.CRM_UPDATE, claimed.stream().map(QueuedUpdate::claim).toList(), exchange);
        Predicate<QueuedUpdate> alone = update -> update.waitsFor().filter(cause -> cause.startsWith(ISOLATED)).isPresent();
        List<UpdateBatch> batches = new ArrayList<>();
        for (boolean guarded : new boolean[] {true, false}) {
            List<QueuedUpdate> some = claimed.stream().filter(alone.negate())
                    .filter(update -> GUARDED.contains(update.update().kind()) == guarded).toList();
            if (!some.isEmpty()) {
                batches.add(new UpdateBatch(some));
            }
        }
        claimed.stream().filter(alone).forEach(update -> batches.add(new UpdateBatch(List.of(update))));
        return batches;
    }

    /** Ids of the persons whose records are to be written, for the compliance gate. */
    public List<String> persons(@Variable("updateBatch") UpdateBatch batch) {
        return batch.open().stream().map(progress -> progress.update.update())
                .filter(update -> GUARDED.contains(update.kind())).map(CrmUpdate::zoominfoId).distinct().toList();
    }

    /** Ends the updates of persons who may not be written. */
    public void suppress(@Variable("updateBatch") UpdateBatch batch, @Body Collection<?> refused) {
        Set<String> ids = Set.copyOf(refused.stream().map(String::valueOf).toList());
        batch.open().stream().filter(progress -> GUARDED.contains(progress.update.update().kind())
                && ids.contains(progress.update.update().zoominfoId())).forEach(progress -> {
                    progress.suppressed = true;
                    progress.detail = "the person may not be written";
                });
        end(batch, batch.open().stream().filter(progress -> progress.suppressed).toList());
    }

    /** Asks for the batch before its first call; what another has taken is left to it, while the process drains all is. */
    public void begin(@Variable("updateBatch") UpdateBatch batch) {
        keep(batch, claims.begin(Work.CRM_UPDATE, claims(batch)));
    }

    /** Extends the claim on what is still to be written, before each further call. */
    private void renewClaims(UpdateBatch batch) {
        keep(batch, claims.renew(Work.CRM_UPDATE, claims(batch)));
    }

    private static List<Claim> claims(UpdateBatch batch) {
        return batch.open().stream().map(progress -> progress.update.claim()).toList();
    }

    private static void keep(UpdateBatch batch, Set<UUID> ours) {
        batch.ended(batch.open().stream().map(progress -> progress.update.id()).filter(id -> !ours.contains(id))
                .toList());
    }

    /** Makes up the questions for the records of all updates. */
    public void find(@Variable("updateBatch") UpdateBatch batch) {
        List<CrmUpdate> all = batch.open().stream().map(progress -> progress.update.update()).toList();
        List<String> persons = all.stream().filter(update -> GUARDED.contains(update.kind())
                || update.kind() == Kind.OPT_OUT).map(CrmUpdate::zoominfoId).toList();
        PERSONS.forEach(object -> ask(batch, object, UpdateFields.PERSON_ID, persons));
        ask(batch, "Lead", LeadFields.EXTERNAL_ID, all.stream().filter(update -> update.kind() == Kind.NEW_LEAD)
                .map(UpdateFields::leadId).toList());
        ask(batch, "Account", UpdateFields.COMPANY_ID, all.stream().filter(update -> update.kind() == Kind.COMPANY
                || update.kind() == Kind.SIGNAL).map(CrmUpdate::zoominfoId).toList());
        ask(batch, UpdateFields.SIGNAL, UpdateFields.SIGNAL_KEY, all.stream()
                .filter(update -> update.kind() == Kind.SIGNAL).map(UpdateFields::signalKey).toList());
    }

    /** An object without the field has no such records. */
    private void ask(UpdateBatch batch, String object, String field, List<String> all) {
        if (unknown.of(object).contains(field)) {
            return;
        }
        Soql.split(all.stream().distinct().toList(), value -> value)
                .forEach(values -> batch.questions().add(new Question(object, field, values)));
    }

    /** The query for the next question. */
    public String question(@Variable("updateBatch") UpdateBatch batch) {
        Question question = batch.questions().element();
        return Soql.selectIn(UpdateFields.toRead(question.object(), question.field(), mappings.of(question.object()),
                unknown.of(question.object())), question.object(), question.field(), question.values());
    }

    /** Keeps the records found; an answer that does not hold all of them is asked for again in two halves. */
    public void answer(@Variable("updateBatch") UpdateBatch batch, @Body String answer) {
        Found found = answers.found(answer);
        Question question = batch.questions().remove();
        int size = question.values().size();
        if (!found.complete() && size > 1) {
            batch.questions().addFirst(new Question(question.object(), question.field(),
                    question.values().subList(size / 2, size)));
            batch.questions().addFirst(new Question(question.object(), question.field(),
                    question.values().subList(0, size / 2)));
            return;
        }
        if (!found.complete()) {
            LOG.warnf("More than %d records of %s have the same %s; the others are left out", found.records().size(),
                    question.object(), question.field());
        }
        batch.found(question, found.records());
        if (batch.questions().isEmpty() && batch.asksForWebsites()) {
            ask(batch, "Account", UpdateFields.WEBSITE, batch.open().stream().map(progress -> progress.update.update())
                    .filter(update -> update.kind() == Kind.SIGNAL && batch.records("Account", UpdateFields.COMPANY_ID,
                            update.zoominfoId()).isEmpty())
                    .flatMap(update -> UpdateFields.websites(update).stream()).toList());
        }
    }

    /** Plans the write of each record that differs. */
    public void plan(@Variable("updateBatch") UpdateBatch batch) {
        Map<String, Map<String, Map<String, Written>>> written = new HashMap<>();
        Stream.of("Lead", "Contact", "Account").forEach(object ->
                written.put(object, history.of(object, batch.foundIds(object))));
        Instant now = clock.instant();
        for (Progress progress : batch.open()) {
            QueuedUpdate queued = progress.update;
            switch (queued.update().kind()) {
                case PERSON -> people(batch, progress, (object, record) -> refreshed(queued, object, record, written, now));
                case OPT_OUT -> people(batch, progress, (object, record) ->
                        UpdateFields.optedOut(queued, object, record, unknown.of(object)));
                case NEW_LEAD -> newLead(batch, progress, written, now);
                case COMPANY -> {
                    List<Map<String, Object>> accounts = batch.records("Account", UpdateFields.COMPANY_ID,
                            queued.update().zoominfoId());
                    accounts.forEach(account -> plan(batch, progress, "Account", account,
                            refreshed(queued, "Account", account, written, now)));
                    detail(progress, accounts.size(), "no account");
                }
                case SIGNAL -> signal(batch, progress);
                default -> throw new IllegalStateException(queued.update().kind().name());
            }
        }
        batch.planned();
    }

    private interface Planner {
        Optional<RecordWrite> plan(String object, Map<String, Object> record);
    }

    private Optional<RecordWrite> refreshed(QueuedUpdate queued, String object, Map<String, Object> record,
            Map<String, Map<String, Map<String, Written>>> written, Instant now) {
        return UpdateFields.refreshed(queued, object, record, mappings.of(object), written.get(object),
                unknown.of(object), now);
    }

    /** All leads and contacts of the person; a converted lead cannot be changed, its contact is among the others. */
    private static int people(UpdateBatch batch, Progress progress, Planner planner) {
        int records = 0;
        for (String object : PERSONS) {
            for (Map<String, Object> record : batch.records(object, UpdateFields.PERSON_ID,
                    progress.update.update().zoominfoId())) {
                if (!Boolean.TRUE.equals(record.get("IsConverted"))) {
                    plan(batch, progress, object, record, planner.plan(object, record));
                    records++;
                }
            }
        }
        detail(progress, records, "no record");
        return records;
    }

    private void newLead(UpdateBatch batch, Progress progress, Map<String, Map<String, Map<String, Written>>> written,
            Instant now) {
        QueuedUpdate queued = progress.update;
        String person = queued.update().zoominfoId();
        List<Map<String, Object>> known = PERSONS.stream()
                .flatMap(object -> batch.records(object, UpdateFields.PERSON_ID, person).stream()).toList();
        List<Map<String, Object>> leads = batch.records("Lead", LeadFields.EXTERNAL_ID,
                UpdateFields.leadId(queued.update()));
        if (!known.isEmpty()) {
            people(batch, progress, (object, record) -> refreshed(queued, object, record, written, now));
        } else if (!leads.isEmpty()) {
            leads.forEach(lead -> plan(batch, progress, "Lead", lead, refreshed(queued, "Lead", lead, written, now)));
            detail(progress, leads.size(), "no record");
        } else {
            batch.plan(UpdateFields.newLead(queued, mappings.of("Lead"), unknown.of("Lead"), now));
        }
    }

    private void signal(UpdateBatch batch, Progress progress) {
        CrmUpdate update = progress.update.update();
        Comparator<Map<String, Object>> oldest = Comparator.<Map<String, Object>, String>comparing(
                account -> String.valueOf(account.get("CreatedDate"))).thenComparing(
                        account -> String.valueOf(account.get("Id")));
        Optional<Map<String, Object>> account = batch.records("Account", UpdateFields.COMPANY_ID, update.zoominfoId())
                .stream().min(oldest).or(() -> UpdateFields.websites(update).stream()
                        .flatMap(site -> batch.records("Account", UpdateFields.WEBSITE, site).stream()).min(oldest));
        if (account.isEmpty()) {
            progress.detail = "no account";
            return;
        }
        Optional<Map<String, Object>> present = batch.records(UpdateFields.SIGNAL, UpdateFields.SIGNAL_KEY,
                UpdateFields.signalKey(update)).stream().findFirst();
        plan(batch, progress, UpdateFields.SIGNAL, present.orElse(Map.of()), UpdateFields.signal(progress.update,
                account.get(), present, unknown.of(UpdateFields.SIGNAL)));
    }

    private static void plan(UpdateBatch batch, Progress progress, String object, Map<String, Object> record,
            Optional<RecordWrite> write) {
        write.ifPresentOrElse(batch::plan, () -> progress.records.add(new RecordOutcome(object,
                String.valueOf(record.get("Id")), List.of(), "nothing to change")));
    }

    private static void detail(Progress progress, int records, String none) {
        progress.detail = records == 0 ? none : progress.detail;
    }

    /** The collection request for the next records, up to 200 that are addressed alike. */
    public String request(@Variable("updateBatch") UpdateBatch batch) {
        List<Map<String, Object>> records = batch.next().stream().map(write -> {
            Map<String, Object> record = new LinkedHashMap<>();
            record.put("attributes", Map.of("type", write.object));
            record.put(switch (write.target) {
                case RECORDS -> "id";
                case NEW_LEADS -> LeadFields.EXTERNAL_ID;
                case SIGNALS -> UpdateFields.SIGNAL_KEY;
            }, write.key);
            record.putAll(write.fields);
            return record;
        }).toList();
        return LeadJson.write(Map.of("allOrNone", false, "records", records));
    }

    /** Takes each record's own result; what remains is to be written again without a field. */
    public void results(@Variable("updateBatch") UpdateBatch batch, @Body String answer) {
        List<RecordWrite> sent = batch.sent();
        List<JsonNode> results = answers.each(answer, sent.size());
        pause.answered();
        List<FieldHistory.Write> written = new ArrayList<>();
        for (int i = 0; i < sent.size(); i++) {
            RecordWrite write = sent.get(i);
            Progress progress = batch.of(write.update);
            Verdict verdict = answers.verdict(results.get(i), write.object, write.fields.keySet(),
                    field -> UpdateFields.mayBeDropped(write, field), unknown);
            if (verdict instanceof RecordResults.Written made) {
                String recordId = made.recordId().isEmpty() && write.target == Target.RECORDS ? write.key : made.recordId();
                progress.records.add(new RecordOutcome(write.object, recordId, List.copyOf(write.fields.keySet()),
                        write.dropped.isEmpty() ? "written" : "written without " + String.join(", ", write.dropped)));
                written.add(new FieldHistory.Write(write.object, recordId,
                        Optional.of(write.update.update().zoominfoId()), write.valuesOfZoomInfo(), write.dates));
                batch.done(write);
            } else if (verdict instanceof Without without) {
                without.fields().forEach((field, code) -> {
                    write.fields.remove(field);
                    write.dropped.add(field + " (" + code + ")");
                });
                if (UpdateFields.empty(write)) {
                    refuse(batch, progress, write, new Refused(without.fields().values().iterator().next(),
                            "Salesforce refuses every field: " + String.join(", ", write.dropped)));
                }
            } else if (verdict instanceof Passing passing) {
                progress.waits = Optional.of(passing.cause());
                batch.done(write);
            } else if (verdict instanceof Refused refused) {
                refuse(batch, progress, write, refused);
            }
        }
        history.wrote(written);
        renewClaims(batch);
    }

    private static void refuse(UpdateBatch batch, Progress progress, RecordWrite write, Refused refused) {
        progress.refused = Optional.of(refused);
        progress.records.add(new RecordOutcome(write.object, write.target == Target.RECORDS ? write.key : "",
                List.of(), refused.message()));
        batch.done(write);
    }

    /** Ends each update whose records are all written, and puts off those of which one has to wait. */
    public void settle(@Variable("updateBatch") UpdateBatch batch) {
        pause.answered();
        settleFinished(batch);
    }

    private void settleFinished(UpdateBatch batch) {
        List<Progress> finished = batch.open().stream().filter(progress -> !batch.hasWrites(progress.update)).toList();
        finished.stream().filter(progress -> progress.waits.isEmpty() && progress.refused.isPresent())
                .forEach(progress -> bury(batch, progress, progress.refused.get().message(),
                        Failure.INVALID_REQUEST.name(), Optional.of(200)));
        end(batch, finished.stream().filter(progress -> progress.waits.isEmpty() && progress.refused.isEmpty()).toList());
        postpone(batch, finished.stream().filter(progress -> progress.waits.isPresent()).toList());
    }

    private void end(UpdateBatch batch, List<Progress> all) {
        if (all.isEmpty()) {
            return;
        }
        List<Ended> ended = all.stream().map(progress -> new Ended(progress.update,
                progress.suppressed ? End.SUPPRESSED : End.DONE, outcome(progress))).toList();
        lost.report(Work.CRM_UPDATE.name(), ended.size() - updates.end(ended).size());
        batch.ended(all.stream().map(progress -> progress.update.id()).toList());
        LOG.debugf("%d CRM update(s) ended", all.size());
    }

    private static Outcome outcome(Progress progress) {
        boolean written = progress.records.stream().anyMatch(record -> !record.fields().isEmpty());
        String detail = !progress.detail.isEmpty() ? progress.detail : written ? "written" : "nothing to change";
        return new Outcome(detail, progress.records);
    }

    /** A step failed as a whole: what it had not settled is tried later, or alone, or is given up. */
    public void failed(Exchange exchange) {
        Throwable thrown = exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Throwable.class);
        UpdateBatch batch = exchange.getVariable("updateBatch", UpdateBatch.class);
        if (batch == null) {
            LOG.error("The claimed CRM updates could not be read; they are claimed again when their lease ends", thrown);
            return;
        }
        if (batch.isPlanned()) {
            settleFinished(batch);
        }
        List<Progress> open = batch.open();
        if (open.isEmpty()) {
            return;
        }
        StageFailure failure = failure(thrown);
        Optional<String> missing = SalesforceFailures.text(thrown).flatMap(UnknownFields::named);
        String object = batch.isAsking() ? batch.questions().element().object() : "";
        String what = failure == null ? thrown.getClass().getSimpleName() : ((Throwable) failure).getMessage();
        if (missing.isPresent() && !object.isEmpty() && unknown.report(object, missing.get())) {
            open.forEach(progress -> progress.pause = Optional.of(RecordResults.AT_ONCE));
            wait(batch, open, "Salesforce has no field " + object + "." + missing.get());
        } else if (failure == null) {
            LOG.errorf(thrown, "Writing %d CRM update(s) failed", open.size());
            wait(batch, open, what);
        } else if (passes(failure)) {
            int attempts = open.stream().mapToInt(progress -> progress.update.attempts()).min().orElse(1);
            Optional<Duration> paused = failure instanceof CrmException crm ? pause.failed(crm, attempts) : Optional.empty();
            open.forEach(progress -> progress.pause = paused);
            if (paused.isEmpty()) {
                LOG.warnf("%d CRM update(s) wait: %s", open.size(), what);
            }
            wait(batch, open, what);
        } else if (open.size() > 1) {
            LOG.warnf("%d CRM updates go on one by one: %s", open.size(), what);
            wait(batch, open, ISOLATED + what);
        } else {
            open.forEach(progress -> bury(batch, progress, what, failure.failureClassName(), failure.httpStatus()));
        }
    }

    private static StageFailure failure(Throwable thrown) {
        RuntimeException ofSalesforce = SalesforceFailures.of(thrown);
        return ofSalesforce instanceof StageFailure known ? known : StageFailure.in(thrown).orElse(null);
    }

    /** Only a wrong request stays wrong; everything else passes, at the latest when somebody has mended it. */
    private static boolean passes(StageFailure failure) {
        return !failure.failureClassName().equals(Failure.INVALID_REQUEST.name());
    }

    private void wait(UpdateBatch batch, List<Progress> all, String cause) {
        all.forEach(progress -> progress.waits = Optional.of(cause));
        postpone(batch, all);
    }

    private void postpone(UpdateBatch batch, List<Progress> all) {
        List<Later> later = new ArrayList<>();
        for (Progress progress : all) {
            String cause = progress.waits.orElse("");
            if (progress.update.createdAt().plus(RecordResults.GIVE_UP_AFTER).isBefore(clock.instant())) {
                bury(batch, progress, "not written within 72 hours: " + cause, "TRANSIENT", Optional.empty());
            } else {
                later.add(new Later(progress.update, cause, progress.pause
                        .orElseGet(() -> jittered(RecordResults.backoff(progress.update.attempts())))));
            }
        }
        lost.report(Work.CRM_UPDATE.name(), later.size() - updates.postpone(later));
        batch.ended(later.stream().map(one -> one.update().id()).toList());
    }

    /** Spread by a quarter, so that what failed together does not come back together. */
    private static Duration jittered(Duration pause) {
        return Duration.ofMillis((long) (pause.toMillis() * (0.75 + ThreadLocalRandom.current().nextDouble() / 2)));
    }

    @Transactional
    void bury(UpdateBatch batch, Progress progress, String message, String failureClass, Optional<Integer> status) {
        QueuedUpdate queued = progress.update;
        boolean ours = !updates.end(List.of(new Ended(queued, End.DEAD, new Outcome(message, progress.records)))).isEmpty();
        if (ours) {
            CrmUpdate update = queued.update();
            deadLetters.keep(queued.id(), Map.of("kind", update.kind().name(), "origin", update.origin(),
                    "key", update.key(), "zoominfoId", update.zoominfoId(),
                    "changedAttributes", update.changedAttributes(), "records", progress.records.stream()
                            .map(record -> Map.of("object", record.object(), "recordId", record.recordId())).toList()),
                    new DeadLetters.Cause(queued.requestId(), false, ROUTE, DeadLetters.Stage.CRM_UPDATE, failureClass,
                            status, message, queued.attempts()));
            LOG.warnf("Dead letter of a CRM update, %s of %s: %s, X-Request-Id %s", update.kind(), update.origin(),
                    message, queued.requestId());
        }
        batch.ended(List.of(queued.id()));
    }
}
