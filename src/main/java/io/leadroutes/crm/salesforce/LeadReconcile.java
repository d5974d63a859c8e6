package io.leadroutes.crm.salesforce;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.leadroutes.crm.CrmException;
import io.leadroutes.lead.IncomingLead;
import io.leadroutes.lead.LeadInbox;
import io.leadroutes.lead.LeadJson;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.arc.Unremovable;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Named;
import jakarta.transaction.Transactional;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.apache.camel.Body;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangeException;
import org.apache.camel.Variable;
import org.jboss.logging.Logger;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * Takes in leads that were created in Salesforce and that the stream did not bring, in steps that the route
 * {@code salesforce-lead-reconcile} puts together: read a page of what was created, ask for those that the inbox does
 * not know, store them, go on behind the page.
 *
 * <p>Pages go by SystemModstamp and id: a record that changes meanwhile moves to the end and is met there, and the
 * place of a page can be stored, which {@code nextRecordsUrl}, the property of one session, cannot.
 */
@ApplicationScoped
@Named("salesforceReconcile")
@Unremovable
public class LeadReconcile {

    private static final Logger LOG = Logger.getLogger(LeadReconcile.class);
    private static final String OBJECT = "Lead";
    private static final String CREATED = "CreatedDate";
    private static final String STAMP = "SystemModstamp";
    /** Records of one retrieval (REST API, sObject Collections). */
    private static final int LOT = 200;
    private static final DateTimeFormatter SOQL_TIME =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);
    private static final DateTimeFormatter ANSWER_TIME = DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSxx");

    /** Fields that no change event carries, or only in parts; a lead is to look the same from both. */
    private static final Set<String> NOT_IN_EVENTS = Set.of("Id", "Name", "IsDeleted", STAMP, "IsUnreadByOwner",
            "LastViewedDate", "LastReferencedDate", "LastActivityDate");
    private static final Set<String> COMPOUND_TYPES = Set.of("address", "location", "base64");

    private final SalesforceConfig config;
    private final Reconciliation state;
    private final ApiLimits limits;
    private final UnknownFields unknownFields;
    private final LeadInbox inbox;
    private final RecordResults answers;
    private final JdbcTemplate jdbc;
    private final MeterRegistry meters;
    private final Clock clock = Clock.systemUTC();

    LeadReconcile(SalesforceConfig config, Reconciliation state, ApiLimits limits, UnknownFields unknownFields,
            LeadInbox inbox, ObjectMapper json, DataSource dataSource, MeterRegistry meters) {
        this.config = config;
        this.state = state;
        this.limits = limits;
        this.unknownFields = unknownFields;
        this.inbox = inbox;
        this.answers = new RecordResults(json);
        this.jdbc = new JdbcTemplate(dataSource);
        this.meters = meters;
    }

    /** One turn of this replica. Used by one thread; getters are for the route. */
    public static final class Run {

        private final Reconciliation.Turn turn;
        private Optional<Instant> cursorAt;
        private Optional<String> cursorId;
        private final List<Created> missing = new ArrayList<>();
        private Map<String, String> fieldTypes = Map.of();
        private int page;
        private int taken;
        private boolean last;

        Run(Reconciliation.Turn turn) {
            this.turn = turn;
            this.cursorAt = turn.cursorAt();
            this.cursorId = turn.cursorId();
        }

        /** True while leads of the page are to be asked for. */
        public boolean isUnread() {
            return !missing.isEmpty();
        }

        /** True while it is not known which fields a lead has. */
        public boolean isFieldsWanted() {
            return !missing.isEmpty() && fieldTypes.isEmpty();
        }

        private List<Created> lot() {
            return missing.subList(0, Math.min(LOT, missing.size()));
        }
    }

    private record Created(String id, Instant at) {
    }

    /** The query for the first page of a search that is due, as body; empty when none is, or when it has to stand back. */
    public void begin(Exchange exchange) {
        Optional<Run> run = config.stream().enabled() ? state.take().map(Run::new) : Optional.empty();
        exchange.setVariable("run", run.orElse(null));
        exchange.getMessage().setBody(run.map(this::query).orElse(""));
    }

    private String query(Run run) {
        if (!limits.admitsBackground()) {
            state.leave(run.turn.fence(), "Salesforce's limit of API calls", config.limits().watch());
            return "";
        }
        List<String> fields = Stream.of("Id", STAMP, CREATED, LeadFields.EXTERNAL_ID, LeadFields.OPERATION)
                .filter(field -> !unknownFields.of(OBJECT).contains(field)).toList();
        String place = run.cursorAt.map(at -> " AND " + STAMP + " >= " + SOQL_TIME.format(at) + " AND (" + STAMP + " > "
                + SOQL_TIME.format(at) + " OR Id > " + Soql.literal(run.cursorId.orElse("")) + ")").orElse("");
        return "SELECT " + String.join(",", fields) + " FROM " + OBJECT + " WHERE IsConverted = false AND " + CREATED
                + " >= " + SOQL_TIME.format(run.turn.from()) + " AND " + STAMP + " >= "
                + SOQL_TIME.format(run.turn.from()) + place + " ORDER BY " + STAMP + ",Id LIMIT "
                + config.reconcile().pageSize();
    }

    /** Finds among the leads of a page those that are to be asked for. */
    public void page(@Body String answer, @Variable("run") Run run) {
        RecordResults.Found found = answers.found(answer);
        List<Created> open = new ArrayList<>();
        int ours = 0;
        for (Map<String, Object> record : found.records()) {
            String id = record.get("Id").toString();
            run.cursorAt = Optional.of(time(record.get(STAMP)));
            run.cursorId = Optional.of(id);
            if (filled(record.get(LeadFields.EXTERNAL_ID)) || filled(record.get(LeadFields.OPERATION))) {
                ours++;
            } else {
                open.add(new Created(id, time(record.get(CREATED))));
            }
        }
        Set<String> known = known(open);
        run.missing.addAll(open.stream().filter(lead -> !known.contains(lead.id())).toList());
        run.page = found.records().size();
        run.taken = 0;
        run.last = found.complete() && run.page < config.reconcile().pageSize();
        count("ours", ours);
        count("known", known.size());
        state.hold(run.turn.fence());
    }

    /** Which of them the inbox has, from wherever. */
    private Set<String> known(List<Created> leads) {
        return leads.isEmpty() ? Set.of() : Set.copyOf(jdbc.queryForList("""
                select v.id from unnest(?::text[]) as v (id)
                where exists (select 1 from lead_event where source = ? and record_id in (v.id, left(v.id, 15)))""",
                String.class, leads.stream().map(Created::id).toArray(String[]::new), CreatedLead.SOURCE));
    }

    /** Reads which fields the integration user sees in a lead. */
    public void fields(@Body String description, @Variable("run") Run run) {
        Map<String, String> types = new LinkedHashMap<>();
        for (JsonNode field : answers.read(description).path("fields")) {
            String name = field.path("name").asText();
            if (!field.path("calculated").asBoolean() && !field.path("deprecatedAndHidden").asBoolean()
                    && !NOT_IN_EVENTS.contains(name) && !COMPOUND_TYPES.contains(field.path("type").asText())) {
                types.put(name, field.path("type").asText());
            }
        }
        if (!types.containsKey("LastName")) {
            throw RecordResults.unreadable("the description of Lead has no field LastName");
        }
        run.fieldTypes = types;
    }

    /** The retrieval of the next lot of missing leads. */
    public String question(@Variable("run") Run run) {
        state.hold(run.turn.fence());
        return LeadJson.write(Map.of("ids", run.lot().stream().map(Created::id).toList(), "fields",
                List.copyOf(run.fieldTypes.keySet())));
    }

    /** Stores the leads of a lot as they are now; who was deleted, converted or written by us meanwhile is passed. */
    @Transactional
    public void store(@Body String answer, @Variable("run") Run run) {
        List<Created> asked = run.lot();
        JsonNode records = answers.read(answer);
        if (!records.isArray() || records.size() != asked.size()) {
            throw RecordResults.unreadable("the retrieval did not answer for each record");
        }
        List<IncomingLead> leads = new ArrayList<>();
        for (int i = 0; i < asked.size(); i++) {
            JsonNode record = records.get(i);
            if (!record.isNull() && !record.path("IsConverted").asBoolean()
                    && record.path(LeadFields.OPERATION).asText("").isEmpty()) {
                leads.add(incoming(asked.get(i), answers.map(record), run));
            }
        }
        int taken = take(leads);
        state.took(run.turn.fence(), taken);
        run.taken += taken;
        count("taken", taken);
        count("gone", asked.size() - leads.size());
        asked.clear();
    }

    private IncomingLead incoming(Created lead, Map<String, Object> record, Run run) {
        Map<String, Object> fields = new HashMap<>();
        run.fieldTypes.forEach((name, type) -> Optional.ofNullable(record.get(name))
                .ifPresent(value -> fields.put(name, asInEvent(type, value))));
        // Live leads go first: those of an outage wait behind them.
        boolean fresh = lead.at().isAfter(clock.instant().minus(config.reconcile().overlap()));
        return new IncomingLead(CreatedLead.of(lead.id(), fields), UUID.randomUUID().toString(),
                fresh ? IncomingLead.LIVE : IncomingLead.WEBHOOK);
    }

    /** Times stand in events as milliseconds. */
    private static Object asInEvent(String type, Object value) {
        return switch (type) {
            case "datetime" -> time(value).toEpochMilli();
            case "date" -> LocalDate.parse(value.toString()).atStartOfDay().toInstant(ZoneOffset.UTC).toEpochMilli();
            default -> value;
        };
    }

    /** How many of them were new, which have our X-Request-Id: the stream may have brought one meanwhile. */
    private int take(List<IncomingLead> leads) {
        if (leads.isEmpty()) {
            return 0;
        }
        List<UUID> ids = inbox.accept(leads);
        return jdbc.queryForObject("select count(*) from lead_event where event_id = any (?) and request_id = any (?)",
                Integer.class, ids.toArray(UUID[]::new),
                leads.stream().map(IncomingLead::requestId).toArray(String[]::new));
    }

    /** Notes that the page is done; the query for the next one as body, empty at the end. */
    public void next(Exchange exchange, @Variable("run") Run run) {
        if (run.page > 0) {
            state.reached(run.turn.fence(), run.cursorAt.orElseThrow(), run.cursorId.orElseThrow(), run.page);
        }
        if (!run.last) {
            if (run.taken > 0) {
                LOG.infof("Reconciliation with Salesforce (%s): %d missed leads of the page up to %s are taken in",
                        run.turn.cause(), run.taken, run.cursorAt.get());
            }
            exchange.getMessage().setBody(query(run));
            return;
        }
        state.complete(run.turn.fence());
        Reconciliation.Progress done = state.progress();
        meters.counter("leadroutes.salesforce.reconcile.runs", "cause", run.turn.cause()).increment();
        if (done.missed() > 0) {
            LOG.warnf("Reconciliation with Salesforce (%s): of %d leads created since %s, %d had not come through the "
                    + "stream and are taken in now", run.turn.cause(), done.lookedAt(), run.turn.from(), done.missed());
        } else {
            LOG.debugf("Reconciliation with Salesforce (%s): no lead created since %s is missing", run.turn.cause(),
                    run.turn.from());
        }
        exchange.getMessage().setBody("");
    }

    /** A call failed: the search goes on at its place after a pause, at once without a field that the org does not have. */
    public void failed(@Variable("run") Run run, @ExchangeException Exception thrown) {
        RuntimeException failure = SalesforceFailures.of(thrown);
        boolean mended = SalesforceFailures.text(thrown).flatMap(UnknownFields::named)
                .filter(field -> unknownFields.report(OBJECT, field)).isPresent();
        String cause = failure instanceof CrmException crm ? crm.getMessage() : failure.getClass().getSimpleName();
        state.leave(run.turn.fence(), cause, mended ? Duration.ZERO : config.reconcile().pause());
        if (!mended) {
            LOG.warnf("Reconciliation with Salesforce (%s) goes on in %d s: %s", run.turn.cause(),
                    config.reconcile().pause().toSeconds(), cause);
        }
    }

    private void count(String outcome, int leads) {
        meters.counter("leadroutes.salesforce.reconcile.leads", "outcome", outcome).increment(leads);
    }

    private static boolean filled(Object value) {
        return value != null && !value.toString().isBlank();
    }

    private static Instant time(Object value) {
        return OffsetDateTime.parse(value.toString(), ANSWER_TIME).toInstant();
    }
}
