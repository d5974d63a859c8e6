package io.leadroutes.webhook;

import io.leadroutes.crm.CrmUpdate;
import io.leadroutes.crm.CrmUpdates;
import io.leadroutes.lead.DeadLetters;
import io.leadroutes.lead.Claims.Work;
import io.leadroutes.lead.Claims;
import io.leadroutes.lead.DeadLetters.Cause;
import io.leadroutes.lead.DeadLetters.Stage;
import io.leadroutes.lead.Replayable;
import io.leadroutes.lead.RequestIds;
import io.leadroutes.webhook.Delivery.ObjectType;
import io.leadroutes.webhook.FetchBatch.Wanted;
import io.leadroutes.zoominfo.ContactMatcher;
import io.leadroutes.zoominfo.ContactMatcher.Result;
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
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import javax.sql.DataSource;
import org.apache.camel.Exchange;
import org.jboss.logging.Logger;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * Records that a delivery names without saying what they are now: the steps of the routes {@code webhook-fetch*}. Asking
 * for them costs a call and no credit, as ZoomInfo delivers only what is under management.
 */
@ApplicationScoped
@Named("webhookFetches")
@Unremovable
public class WebhookFetches implements Replayable {

    static final String BATCH = "webhookFetch";
    private static final Logger LOG = Logger.getLogger(WebhookFetches.class);
    private static final String OPT_OUT = "OPT_OUT";
    private static final String LIMIT_EXCEEDED = "LIMIT_EXCEEDED";
    private static final Set<FailureClass> OUTAGES = Set.of(FailureClass.TRANSIENT, FailureClass.UNKNOWN_OUTCOME,
            FailureClass.RATE_LIMITED);
    private static final String ROUTE = "webhook-fetch";

    private final JdbcTemplate jdbc;
    private final CrmUpdates updates;
    private final WebhookInbox inbox;
    private final DeadLetters letters;
    private final Claims claims;
    private final Duration outage;
    private final Duration account;

    @Inject
    WebhookFetches(DataSource dataSource, CrmUpdates updates, WebhookInbox inbox, DeadLetters letters,
            Claims claims, ZoomInfoConfig config) {
        this(dataSource, updates, inbox, letters, claims, config.pause().outage(), config.pause().account());
    }

    WebhookFetches(DataSource dataSource, CrmUpdates updates, WebhookInbox inbox, DeadLetters letters, Claims claims,
            Duration outage, Duration account) {
        this.jdbc = new JdbcTemplate(dataSource);
        this.updates = updates;
        this.inbox = inbox;
        this.letters = letters;
        this.claims = claims;
        this.outage = outage;
        this.account = account;
    }

    /** Turns claimed rows into a batch and the inputs of its call. */
    public void open(Exchange exchange) {
        @SuppressWarnings("unchecked")
        List<Map<String, ?>> rows = exchange.getMessage().getBody(List.class);
        FetchBatch batch = FetchBatch.of(rows);
        claims.hold(Work.WEBHOOK_FETCH, batch.claims(), exchange);
        exchange.setVariable(BATCH, batch);
        exchange.setVariable(RequestIds.VARIABLE, batch.records().size() == 1 ? batch.records().get(0).requestId()
                : UUID.randomUUID().toString());
        exchange.getMessage().setBody(batch.inputs());
    }

    /**
     * Queues the updates of what was answered; those whose answer the limits did not cover wait. What was claimed by
     * another meanwhile is left to it.
     */
    @Transactional(rollbackOn = ZoomInfoException.class)
    public void queue(Exchange exchange) throws ZoomInfoException {
        FetchBatch batch = exchange.getVariable(BATCH, FetchBatch.class);
        @SuppressWarnings("unchecked")
        Map<String, Object> envelope = exchange.getMessage().getBody(Map.class);
        List<Result> results = ContactMatcher.match(batch.inputs(), envelope,
                Optional.ofNullable(exchange.getVariable("zoominfoRequestId", String.class)));
        List<CrmUpdate> ready = new ArrayList<>();
        Set<UUID> ours = claims.renew(Work.WEBHOOK_FETCH, batch.claims());
        List<Wanted> over = new ArrayList<>();
        List<Wanted> waiting = new ArrayList<>();
        int nobody = 0;
        for (int i = 0; i < batch.records().size(); i++) {
            Wanted wanted = batch.records().get(i);
            if (!ours.contains(wanted.id())) {
                continue;
            }
            Result result = results.get(i);
            String key = WebhookInbox.ORIGIN + "/fetch/" + wanted.id();
            if (result.matchStatus().equals(LIMIT_EXCEEDED)) {
                waiting.add(wanted);
                continue;
            }
            over.add(wanted);
            if (result.matchStatus().equals(OPT_OUT) && batch.isContacts()) {
                inbox.optOut(wanted.zoominfoId(), Optional.empty(), key).ifPresent(ready::add);
            } else if (result.record().get("id") != null) {
                ready.add(WebhookInbox.update(key, batch.type(), wanted.zoominfoId(), result.record(), wanted.changed()));
            } else {
                nobody++;
            }
        }
        updates.add(ready);
        jdbc.update("delete from webhook_fetch where id = any (?)",
                (Object) over.stream().map(Wanted::id).toArray(UUID[]::new));
        if (!waiting.isEmpty()) {
            later(waiting, FailureClass.QUOTA_EXHAUSTED.name(), account);
        }
        if (nobody > 0) {
            LOG.infof("%d record(s) of webhook deliveries are no longer known to ZoomInfo", nobody);
        }
    }

    /**
     * What becomes of a batch whose call failed: it waits if it is not to blame; else each of its records is asked for
     * alone, and the one that fails then ends in a dead letter.
     */
    @Transactional
    public void failed(Exchange exchange) {
        ZoomInfoException failure = exchange.getProperty(Exchange.EXCEPTION_CAUGHT, ZoomInfoException.class);
        FetchBatch batch = exchange.getVariable(BATCH, FetchBatch.class);
        Set<UUID> ours = claims.renew(Work.WEBHOOK_FETCH, batch.claims());
        List<Wanted> records = batch.records().stream().filter(wanted -> ours.contains(wanted.id())).toList();
        if (records.isEmpty()) {
            return;
        }
        if (failure.isParks()) {
            Duration pause = OUTAGES.contains(failure.getFailureClass()) ? outage : account;
            later(records, failure.getFailureClass().name(), pause);
            LOG.warnf("%d record(s) of webhook deliveries wait for %d s: %s, %s", records.size(),
                    pause.toSeconds(), failure.getFailureClass(), failure.getMessage());
        } else if (batch.records().size() > 1) {
            jdbc.update("update webhook_fetch set alone = true, lease_until = null where id = any (?)",
                    (Object) records.stream().map(Wanted::id).toArray(UUID[]::new));
        } else {
            bury(batch.type(), records.get(0), failure);
        }
    }

    private void bury(ObjectType type, Wanted wanted, ZoomInfoException failure) {
        jdbc.update("update webhook_fetch set state = 'DEAD', lease_until = null where id = ?", wanted.id());
        letters.keep(wanted.id(), Map.of("objectType", type.name(), "zoominfoId", wanted.zoominfoId(),
                "changedAttributes", wanted.changed()),
                new Cause(failure.responseRequestId().or(failure::sentRequestId).orElse(wanted.requestId()),
                        failure.responseRequestId().isPresent(), ROUTE, stage(), failure.failureClassName(),
                        failure.httpStatus(), failure.getMessage(), wanted.attempts()));
        LOG.warnf("Dead letter for a record of a webhook delivery: %s, %s", failure.getFailureClass(), failure.getMessage());
    }

    private void later(List<Wanted> records, String cause, Duration pause) {
        jdbc.update("""
                update webhook_fetch
                set lease_until = null, waits_for = ?, available_at = now() + make_interval(secs => ?)
                where id = any (?)""", cause, pause.toMillis() / 1000.0,
                (Object) records.stream().map(Wanted::id).toArray(UUID[]::new));
    }

    @Override
    public Stage stage() {
        return Stage.WEBHOOK_FETCH;
    }

    @Override
    public int replay(Collection<UUID> ids) {
        return jdbc.update("""
                update webhook_fetch set state = 'WAITING', attempts = 0, lease_until = null, available_at = now()
                where id = any (?) and state = 'DEAD'""", (Object) ids.toArray(UUID[]::new));
    }
}
