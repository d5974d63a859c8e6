package io.leadroutes.crm.salesforce;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.leadroutes.crash.CrashPoint;
import io.leadroutes.lead.DeadLetters;
import io.leadroutes.lead.IncomingLead;
import io.leadroutes.lead.LeadInbox;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.arc.Unremovable;
import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Named;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.apache.camel.Body;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangeProperty;
import org.apache.camel.Header;
import org.apache.camel.component.salesforce.SalesforceConstants;
import org.jboss.logging.Logger;
import org.postgresql.util.PSQLException;

/**
 * Takes change events in: leads and position in one transaction, so that after a crash the stream goes on exactly
 * behind the last event that is stored.
 *
 * <p>camel-salesforce logs a failing exchange and goes on to the next event. So a failure here breaks the subscription
 * off: no later event is taken in until the stream has been opened again at the stored position.
 */
@ApplicationScoped
@Named("salesforceIntake")
@Unremovable
public class SalesforceIntake {

    private static final Logger LOG = Logger.getLogger(SalesforceIntake.class);
    /** How far the stored position may lie behind events that are only passed over. */
    private static final Duration POSITION_AGE = Duration.ofSeconds(1);
    private static final String ROUTE = SalesforceStream.ROUTE_ID;

    private final ObjectMapper json;
    private final LeadInbox inbox;
    private final DeadLetters deadLetters;
    private final ReplayStore replay;
    private final SalesforceStream stream;
    private final Reconciliation reconciliation;
    private final MeterRegistry meters;
    private volatile long positionStoredAt = System.nanoTime() - POSITION_AGE.toNanos();

    SalesforceIntake(ObjectMapper json, LeadInbox inbox, DeadLetters deadLetters, ReplayStore replay,
            SalesforceStream stream, Reconciliation reconciliation, MeterRegistry meters) {
        this.json = json;
        this.inbox = inbox;
        this.deadLetters = deadLetters;
        this.replay = replay;
        this.stream = stream;
        this.reconciliation = reconciliation;
        this.meters = meters;
    }

    /** What an event is, as the route sees it: an event, or why it is none. */
    public record Reading(Optional<ChangeEvent> event, String problem) {

        public boolean isReadable() {
            return event.isPresent();
        }

        public String getChangeType() {
            return event.map(ChangeEvent::changeType).orElse("");
        }

        public boolean isOwnWrite() {
            return event.map(ChangeEvent::isOwnWrite).orElse(false);
        }

        public boolean isGap() {
            return event.map(ChangeEvent::isGap).orElse(false);
        }
    }

    /** Reads the JSON of an event; never fails. */
    public Reading read(@Body String body) {
        try {
            ChangeEvent event = ChangeEvent.of(json.readValue(body, new TypeReference<Map<String, Object>>() { }));
            if (event.changeType().equals("CREATE")) {
                event.leads();
            }
            return new Reading(Optional.of(event), "");
        } catch (ChangeEvent.Unreadable e) {
            return new Reading(Optional.empty(), e.getMessage());
        } catch (JsonProcessingException e) {
            return new Reading(Optional.empty(), "not JSON: " + e.getOriginalMessage());
        }
    }

    /** Stores the leads of a created event and the position. */
    public void accept(@Body Reading reading,
            @Header(SalesforceConstants.HEADER_SALESFORCE_PUBSUB_REPLAY_ID) String replayId,
            @Header("X-Request-Id") String requestId) {
        ChangeEvent event = reading.event().orElseThrow();
        String id = Optional.ofNullable(requestId).orElseGet(() -> UUID.randomUUID().toString());
        List<IncomingLead> leads = event.leads().stream()
                .map(lead -> new IncomingLead(lead, leadRequestId(id, event, lead.recordId()), IncomingLead.LIVE)).toList();
        taken(replayId, event, "accepted", () -> inbox.accept(leads));
    }

    /** Several records of one event are traced apart. */
    private static String leadRequestId(String requestId, ChangeEvent event, String recordId) {
        return event.recordIds().size() == 1 ? requestId : requestId + "-" + recordId;
    }

    /** Passes over an event that is not for us: only the position moves. */
    public void pass(@Body Reading reading,
            @Header(SalesforceConstants.HEADER_SALESFORCE_PUBSUB_REPLAY_ID) String replayId) {
        String outcome = reading.isOwnWrite() ? "own-write" : "not-a-creation";
        // Every lead that is written back comes by as an event: a position at most this old costs less than a
        // transaction for each, and an event that comes again is passed again.
        if (System.nanoTime() - positionStoredAt < POSITION_AGE.toNanos()) {
            stream.requireOpen();
            count(outcome);
        } else {
            taken(replayId, reading.event().orElseThrow(), outcome, () -> { });
        }
    }

    /** Changes that the bus cannot tell in detail: counted, and looked for by a reconciliation. */
    public void gap(@Body Reading reading,
            @Header(SalesforceConstants.HEADER_SALESFORCE_PUBSUB_REPLAY_ID) String replayId) {
        ChangeEvent event = reading.event().orElseThrow();
        LOG.infof("Salesforce reports changes of leads without their content (%s, %d records): a reconciliation looks for"
                + " leads created in this gap", event.changeType(), event.recordIds().size());
        taken(replayId, event, "gap", () -> reconciliation.want("gap-event"));
    }

    /** An event that cannot be read ends as a dead letter, and the stream goes on behind it. */
    public void bury(@Body Reading reading, @Header("CamelSalesforcePubSubEventId") String eventId,
            @Header(SalesforceConstants.HEADER_SALESFORCE_PUBSUB_REPLAY_ID) String replayId,
            @Header("X-Request-Id") String requestId, @ExchangeProperty("originalEvent") String body) {
        String id = Optional.ofNullable(requestId).orElseGet(() -> UUID.randomUUID().toString());
        store(replayId, Optional.empty(), "dead-letter", () -> deadLetters.keep(
                Map.of("replayId", replayId, "eventId", Optional.ofNullable(eventId).orElse(""),
                        "event", Optional.ofNullable(body).orElse("")),
                new DeadLetters.Cause(id, false, ROUTE, DeadLetters.Stage.INTAKE, "INVALID_REQUEST", Optional.empty(),
                        "change event not understood: " + reading.problem(), 1)));
    }

    /** Whatever failed: the event must come again, so nothing behind it may be taken now. */
    public void failed(Exchange exchange) {
        Throwable cause = exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Throwable.class);
        stream.breakOff(describe(cause));
    }

    /** The message of the database has no detail here, where it would quote the refused row. */
    private static String describe(Throwable failure) {
        return Stream.iterate(failure, cause -> cause != null, Throwable::getCause).limit(20)
                .filter(PSQLException.class::isInstance).findFirst()
                .map(refused -> "database: " + refused.getMessage()).orElseGet(() -> failure.getClass().getSimpleName());
    }

    private void taken(String replayId, ChangeEvent event, String outcome, Runnable work) {
        store(replayId, event.commitTime(), outcome, work);
    }

    private void store(String replayId, Optional<Instant> eventTime, String outcome, Runnable work) {
        stream.requireOpen();
        QuarkusTransaction.requiringNew().run(() -> {
            work.run();
            CrashPoint.BEFORE_REPLAY_ID.reached();
            replay.advance(SalesforceStream.TOPIC, replayId, eventTime);
        });
        CrashPoint.AFTER_REPLAY_ID.reached();
        positionStoredAt = System.nanoTime();
        count(outcome);
    }

    private void count(String outcome) {
        meters.counter("leadroutes.salesforce.events", "outcome", outcome).increment();
    }
}
