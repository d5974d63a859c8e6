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
import io.leadroutes.lead.StageFailure;
import io.leadroutes.webhook.Delivery.ObjectType;
import io.leadroutes.webhook.FetchBatch.Wanted;
import io.leadroutes.zoominfo.ContactMatcher;
import io.leadroutes.zoominfo.ContactMatcher.Result;
import io.leadroutes.zoominfo.FailureClass;
import io.leadroutes.zoominfo.Isolation.Poison;
import io.leadroutes.zoominfo.PoisonSearch;
import io.leadroutes.zoominfo.ZoomInfoConfig;
import io.leadroutes.zoominfo.ZoomInfoException;
import io.quarkus.arc.Unremovable;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Named;
import jakarta.transaction.Transactional;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import javax.sql.DataSource;
import org.apache.camel.Body;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangeException;
import org.apache.camel.Variable;
import org.jboss.logging.Logger;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * Records that a delivery names without saying what they are now: the steps of the routes {@code webhook-fetch*}. Asking
 * for them costs a call and no credit, as ZoomInfo delivers only what is under management.
 */
@ApplicationScoped
@Named("webhookFetches")
@Unremovable
public class WebhookFetches implements Replayable, PoisonSearch.Work<Wanted> {

    static final String BATCH = "webhookFetch";
    private static final Logger LOG = Logger.getLogger(WebhookFetches.class);
    private static final String OPT_OUT = "OPT_OUT";
    private static final String LIMIT_EXCEEDED = "LIMIT_EXCEEDED";
    /** What the account may not do; all else is an outage. */
    private static final Set<FailureClass> ACCOUNT = Set.of(FailureClass.QUOTA_EXHAUSTED, FailureClass.NOT_LICENSED,
            FailureClass.UNAUTHENTICATED);
    private static final String ROUTE = "webhook-fetch";
    /** Exchange variable: when the records were claimed, by {@link System#nanoTime}. */
    private static final String OPENED = "webhookFetchOpened";

    private final JdbcTemplate jdbc;
    private final CrmUpdates updates;
    private final WebhookInbox inbox;
    private final DeadLetters letters;
    private final Claims claims;
    private final PoisonSearch search;
    private final Duration outage;
    private final Duration account;

    WebhookFetches(DataSource dataSource, CrmUpdates updates, WebhookInbox inbox, DeadLetters letters,
            Claims claims, PoisonSearch search, ZoomInfoConfig config) {
        this.jdbc = new JdbcTemplate(dataSource);
        this.updates = updates;
        this.inbox = inbox;
        this.letters = letters;
        this.claims = claims;
        this.search = search;
        this.outage = config.pause().outage();
        this.account = config.pause().account();
    }

    /** Turns claimed rows into a batch. */
    public void open(Exchange exchange) {
        @SuppressWarnings("unchecked")
        List<Map<String, ?>> rows = exchange.getMessage().getBody(List.class);
        FetchBatch batch = FetchBatch.of(rows);
        claims.hold(Work.WEBHOOK_FETCH, batch.claims(), exchange);
        exchange.setVariable(BATCH, batch);
        exchange.setVariable(OPENED, System.nanoTime());
        exchange.setVariable(RequestIds.VARIABLE, batch.records().size() == 1 ? batch.records().get(0).requestId()
                : UUID.randomUUID().toString());
    }

    /** Pairs the answer with the records. */
    public List<Result> match(Exchange exchange, @Variable(BATCH) FetchBatch batch) throws ZoomInfoException {
        @SuppressWarnings("unchecked")
        Map<String, Object> envelope = exchange.getMessage().getBody(Map.class);
        return ContactMatcher.match(batch.getInputs(), envelope,
                Optional.ofNullable(exchange.getVariable("zoominfoRequestId", String.class)));
    }

    /**
     * Queues the updates of what was answered; those whose answer the limits did not cover wait. What was claimed by
     * another meanwhile is left to it.
     */
    @Transactional
    public void queue(@Body List<Result> results, @Variable(BATCH) FetchBatch batch) {
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
        jdbc.update("delete from webhook_fetch where id = any (?)", (Object) ids(over));
        if (!waiting.isEmpty()) {
            later(waiting, FailureClass.QUOTA_EXHAUSTED.name(), account);
        }
        if (nobody > 0) {
            LOG.infof("%d record(s) of webhook deliveries are no longer known to ZoomInfo", nobody);
        }
    }

    /** Lets a batch wait for a failure that is not its fault. */
    @Transactional
    public void park(@Variable(BATCH) FetchBatch batch, @ExchangeException ZoomInfoException failure) {
        putOff(batch.records(), failure);
    }

    private void putOff(List<Wanted> records, ZoomInfoException failure) {
        List<Wanted> ours = ours(records);
        if (ours.isEmpty()) {
            return;
        }
        Duration pause = ACCOUNT.contains(failure.getFailureClass()) ? account : outage;
        jdbc.update("update webhook_fetch set failed_at = coalesce(failed_at, now()) where id = any (?)",
                (Object) ids(ours));
        later(ours, failure.getFailureClass().name(), pause);
        LOG.warnf("%d record(s) of webhook deliveries wait for %d s: %s, %s", ours.size(), pause.toSeconds(),
                failure.getFailureClass(), failure.getMessage());
    }

    /** Those that no other process has claimed meanwhile. */
    private List<Wanted> ours(List<Wanted> records) {
        Set<UUID> ours = claims.renew(Work.WEBHOOK_FETCH, records.stream().map(Wanted::claim).toList());
        return records.stream().filter(wanted -> ours.contains(wanted.id())).toList();
    }

    /** Begins the search for the record that makes the batch fail. */
    public void isolate(Exchange exchange, @Variable(BATCH) FetchBatch batch,
            @ExchangeException ZoomInfoException failure) {
        search.begin(exchange, this, batch.records(), exchange.getVariable(OPENED, Long.class), failure);
    }

    @Override
    public String kind() {
        return "webhook";
    }

    @Override
    public String operation(Wanted wanted) {
        return wanted.type() == ObjectType.CONTACT ? "enrich/contact" : "enrich/company";
    }

    @Override
    public Optional<String> quotedAs(Wanted wanted) {
        return Optional.of(wanted.zoominfoId());
    }

    @Override
    public void choose(Exchange exchange, List<Wanted> records) {
        exchange.setVariable(BATCH, new FetchBatch(records.get(0).type(), records));
    }

    @Override
    @Transactional
    public void layAside(Exchange exchange, List<Wanted> records, ZoomInfoException failure) {
        putOff(records, failure);
    }

    @Override
    public Optional<Instant> laidAsideAt(Wanted wanted) {
        return jdbc.queryForList("select failed_at from webhook_fetch where id = ? and failed_at is not null",
                Timestamp.class, wanted.id()).stream().findFirst().map(Timestamp::toInstant);
    }

    /** Writes the dead letter of a record that failed alone. */
    @Transactional
    public void bury(@Body Poison<Wanted> poison) {
        if (ours(List.of(poison.record())).isEmpty()) {
            return;
        }
        Wanted wanted = poison.record();
        Optional<StageFailure> failure = StageFailure.in(poison.cause());
        Optional<String> answered = failure.flatMap(StageFailure::responseRequestId);
        String requestId = answered.or(() -> failure.flatMap(StageFailure::sentRequestId)).orElse(wanted.requestId());
        String kind = failure.map(StageFailure::failureClassName).orElse("INTERNAL");
        // What is no answer of ZoomInfo's may quote data.
        String message = failure.isPresent() ? poison.cause().getMessage() : poison.cause().getClass().getSimpleName();
        jdbc.update("update webhook_fetch set state = 'DEAD', lease_until = null where id = ?", wanted.id());
        letters.keep(wanted.id(), Map.of("objectType", wanted.type().name(), "zoominfoId", wanted.zoominfoId(),
                "changedAttributes", wanted.changed()), new Cause(requestId, answered.isPresent(), ROUTE, stage(), kind,
                failure.flatMap(StageFailure::httpStatus), message, wanted.attempts()));
        LOG.warnf("Dead letter for a record of a webhook delivery: %s, %s", kind, message);
    }

    private void later(List<Wanted> records, String cause, Duration pause) {
        jdbc.update("""
                update webhook_fetch
                set lease_until = null, waits_for = ?, available_at = now() + make_interval(secs => ?)
                where id = any (?)""", cause, pause.toMillis() / 1000.0, ids(records));
    }

    private static UUID[] ids(List<Wanted> records) {
        return records.stream().map(Wanted::id).toArray(UUID[]::new);
    }

    @Override
    public Stage stage() {
        return Stage.WEBHOOK_FETCH;
    }

    @Override
    public int replay(Collection<UUID> ids) {
        return jdbc.update("""
                update webhook_fetch set state = 'WAITING', attempts = 0, lease_until = null, available_at = now(),
                    failed_at = null
                where id = any (?) and state = 'DEAD'""", (Object) ids.toArray(UUID[]::new));
    }
}
