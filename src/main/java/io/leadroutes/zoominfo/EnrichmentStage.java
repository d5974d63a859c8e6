package io.leadroutes.zoominfo;

import io.leadroutes.crash.CrashPoint;
import io.leadroutes.lead.Claims.Work;
import io.leadroutes.lead.Claims;
import io.leadroutes.lead.Enrichment;
import io.leadroutes.lead.LeadBatch;
import io.leadroutes.lead.LeadEvent;
import io.leadroutes.lead.LeadStages;
import io.leadroutes.lead.LeadStages.Answer;
import io.leadroutes.lead.LogContext;
import io.leadroutes.lead.RequestIds;
import io.leadroutes.zoominfo.Circuit.Pass;
import io.leadroutes.zoominfo.ContactMatcher.Result;
import io.leadroutes.zoominfo.Isolation.Poison;
import io.leadroutes.zoominfo.ZoomInfoConfig.Batching;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.arc.Unremovable;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Named;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangeException;
import org.apache.camel.Variable;
import org.jboss.logging.Logger;

/** The steps of the enrichment stage that YAML cannot say; the flow is in {@code routes/pipeline/lead-enrich*.camel.yaml}. */
@ApplicationScoped
@Named("enrichmentStage")
@Unremovable
public class EnrichmentStage implements PoisonSearch.Work<LeadEvent> {

    private static final Logger LOG = Logger.getLogger(EnrichmentStage.class);
    private static final String OUTAGE = "OUTAGE";
    private static final String BATCH = "batch";
    /** Exchange variable: when the leads were claimed, by {@link System#nanoTime}. */
    private static final String OPENED = "enrichmentOpened";
    private static final Result NOT_ASKED = new Result("INVALID_INPUT", Map.of());

    private final LeadStages stages;
    private final Claims claims;
    private final Circuits circuits;
    private final Batching batching;
    private final ZoomInfoConfig.Pause pauses;
    private final LeadCredits leadCredits;
    private final PoisonSearch search;
    private final DistributionSummary fill;
    private final Counter credits;
    private volatile long lastOpened;

    EnrichmentStage(LeadStages stages, Claims claims, LeadCredits leadCredits, Circuits circuits, PoisonSearch search,
            ZoomInfoConfig config, MeterRegistry meters) {
        this.stages = stages;
        this.claims = claims;
        this.circuits = circuits;
        this.batching = config.batching();
        this.pauses = config.pause();
        this.leadCredits = leadCredits;
        this.search = search;
        this.lastOpened = System.nanoTime() - batching.spacingNanos();
        this.fill = DistributionSummary.builder("leadroutes.batch.fill").description("Leads in one ZoomInfo call")
                .register(meters);
        this.credits = Counter.builder("leadroutes.credits").description("Credits paid").register(meters);
    }

    /** How long a call may wait for more leads while another is in flight, in seconds; a parameter of the claim. */
    public double lingerSeconds() {
        return batching.lingerSeconds();
    }

    /** True when the last call left so long ago that a call with few leads may leave; a parameter of the claim. */
    public boolean quiet() {
        return System.nanoTime() - lastOpened >= batching.spacingNanos();
    }

    /** Turns claimed rows into a batch with a request id of its own. */
    public void open(Exchange exchange) {
        @SuppressWarnings("unchecked")
        List<Map<String, ?>> rows = exchange.getMessage().getBody(List.class);
        lastOpened = System.nanoTime();
        CrashPoint.AFTER_CLAIM.reached();
        exchange.setVariable(OPENED, lastOpened);
        LeadBatch batch = leadCredits.cover(LeadBatch.of(rows), exchange);
        CrashPoint.AFTER_RESERVE.reached();
        claims.hold(Work.ENRICH, batch.claims(), exchange);
        // A single lead keeps the id it came with; a shared call needs one of its own.
        String requestId = batch.size() == 1 ? batch.leads().get(0).requestId() : UUID.randomUUID().toString();
        exchange.setVariable(RequestIds.VARIABLE, requestId);
        if (batch.size() == 1) {
            exchange.setVariable(LogContext.EVENT_VARIABLE, batch.eventIds().get(0).toString());
        }
        exchange.getMessage().setBody(batch);
    }

    /**
     * What the call asks for, each input once; a lead that ZoomInfo cannot be asked for (a name without a company)
     * sends nothing.
     */
    public List<Map<String, Object>> inputs(LeadBatch batch) {
        List<Map<String, Object>> inputs = ContactMatcher.distinct(batch.leads().stream()
                .map(leadCredits::input).flatMap(Optional::stream).toList());
        fill.record(batch.size());
        return inputs;
    }

    /** Pairs the answer with the leads by the input that ZoomInfo echoes; without a call every lead is unmatched. */
    public List<Answer> match(Exchange exchange) throws ZoomInfoException {
        CrashPoint.AFTER_ZOOMINFO_ANSWER.reached();
        LeadBatch batch = exchange.getVariable(BATCH, LeadBatch.class);
        List<LeadEvent> asked = batch.leads().stream()
                .filter(lead -> leadCredits.input(lead).isPresent()).toList();
        Map<UUID, Result> results = new HashMap<>();
        if (!asked.isEmpty()) {
            @SuppressWarnings("unchecked")
            Map<String, Object> envelope = exchange.getMessage().getBody(Map.class);
            List<Result> inOrder = ContactMatcher.match(
                    asked.stream().map(lead -> leadCredits.input(lead).orElseThrow()).toList(),
                    envelope, Optional.ofNullable(exchange.getVariable("zoominfoRequestId", String.class)));
            for (int i = 0; i < asked.size(); i++) {
                results.put(asked.get(i).eventId(), inOrder.get(i));
            }
        }
        List<String> ids = Stream.of(exchange.getVariable(RequestIds.VARIABLE, String.class),
                exchange.getVariable("zoominfoRequestId", String.class)).filter(Objects::nonNull).distinct().toList();
        return batch.leads().stream().map(lead -> {
            Result result = results.getOrDefault(lead.eventId(), NOT_ASKED);
            return new Answer(lead.claim(), new Enrichment(result.matchStatus(), result.record(), 0),
                    ids.stream().filter(id -> !id.equals(lead.requestId())).toList());
        }).toList();
    }

    /** Stores the answers. Leads for which the credits of the account did not suffice wait for more. */
    public void store(List<Answer> answers) {
        List<Answer> given = answers.stream().filter(answer -> !isRefused(answer)).toList();
        CrashPoint.BEFORE_STORE.reached();
        credits.increment(stages.enriched(given));
        CrashPoint.AFTER_STORE.reached();
        if (given.size() < answers.size()) {
            stages.parkUnpaid(answers.stream().filter(EnrichmentStage::isRefused).map(Answer::claim).toList(), ParkedLeads.LIMIT_EXCEEDED,
                    pauses.account());
            LOG.warnf("%d lead(s) parked: ZoomInfo answered %s", answers.size() - given.size(),
                    ParkedLeads.LIMIT_EXCEEDED);
        }
    }

    private static boolean isRefused(Answer answer) {
        return answer.enrichment().matchStatus().equals(ParkedLeads.LIMIT_EXCEEDED);
    }

    /** Lays a batch aside for a failure that is not the leads' fault, until ZoomInfo can be used again. */
    public void park(Exchange exchange, @Variable(BATCH) LeadBatch batch, @ExchangeException ZoomInfoException failure) {
        hold(exchange, batch, failure);
    }

    private void hold(Exchange exchange, LeadBatch batch, ZoomInfoException failure) {
        if (failure.sentRequestId().isEmpty() && !(failure instanceof CircuitOpenException)) {
            // Refused before the call, from what is known of the limits.
            circuits.failed(ParkedLeads.OPERATION, Pass.closed(), failure, false);
        }
        String cause = failure.isAccount() ? failure.getFailureClass().name() : OUTAGE;
        if (exchange.getVariable(TierCall.MAYBE_CHARGED_VARIABLE) == null) {
            stages.holdUnpaid(batch.claims(), cause);
        } else {
            stages.hold(batch.claims(), cause);
        }
        LOG.warnf("%d lead(s) parked until ZoomInfo can be used again: %s, %s (X-Request-Id %s). %s", batch.size(), cause,
                failure.getMessage(), failure.responseRequestId().or(failure::sentRequestId).orElse("none"),
                failure.getAction());
    }

    /** Begins the search for the lead that makes the batch fail. */
    public void isolate(Exchange exchange, @Variable(BATCH) LeadBatch batch,
            @ExchangeException ZoomInfoException failure) {
        search.begin(exchange, this, batch.leads(), exchange.getVariable(OPENED, Long.class), failure);
    }

    @Override
    public String kind() {
        return "lead";
    }

    @Override
    public String operation(LeadEvent lead) {
        return ParkedLeads.OPERATION;
    }

    @Override
    public Optional<String> quotedAs(LeadEvent lead) {
        return lead.lead().field("email");
    }

    @Override
    public void choose(Exchange exchange, List<LeadEvent> leads) {
        exchange.setVariable(BATCH, new LeadBatch(leads));
    }

    @Override
    public void layAside(Exchange exchange, List<LeadEvent> leads, ZoomInfoException failure) {
        if (failure.isFenced()) {
            release(new LeadBatch(leads));
        } else {
            hold(exchange, new LeadBatch(leads), failure);
        }
    }

    @Override
    public Optional<Instant> laidAsideAt(LeadEvent lead) {
        return stages.parkedAt(lead.eventId());
    }

    /** Fails with the lead as body, so that the dead-letter channel of the route keeps it. */
    public void bury(Exchange exchange) throws Exception {
        Poison<?> poison = exchange.getMessage().getMandatoryBody(Poison.class);
        exchange.getMessage().setBody(poison.record());
        throw poison.cause();
    }

    /** Gives a batch back that another replica is to enrich; nothing was sent. */
    public void release(@Variable(BATCH) LeadBatch batch) {
        stages.release(batch.claims());
        LOG.infof("%d lead(s) given back: another replica has taken over the enrichment", batch.size());
    }

    /** Hands a failure that neither parks nor splits the batch on to the dead-letter channel. */
    public void fail(Exchange exchange) throws Exception {
        PoisonSearch.reopen(exchange);
        throw exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Exception.class);
    }
}
