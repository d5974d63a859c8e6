package io.leadroutes.lead;

import io.leadroutes.lead.DeadLetters.Cause;
import io.leadroutes.lead.DeadLetters.Stage;
import io.quarkus.arc.Unremovable;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Named;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.jboss.logging.Logger;

/**
 * Reads a failed exchange into dead letters: one for each lead of the variable {@code batch} or of the body
 * ({@link LeadEvent}, {@link LeadBatch}), else one for the payload itself.
 */
@ApplicationScoped
@Named("deadLetterWriter")
@Unremovable
class DeadLetterWriter implements Processor {

    private static final Logger LOG = Logger.getLogger(DeadLetterWriter.class);

    /** A database error may quote the row it refused. */
    private static final Pattern EMAIL = Pattern.compile("[^\\s@\"',(]+@[^\\s@\"',)]+");

    private final DeadLetters letters;

    DeadLetterWriter(DeadLetters letters) {
        this.letters = letters;
    }

    @Override
    public void process(Exchange exchange) {
        Throwable thrown = exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Throwable.class);
        StageFailure known = StageFailure.in(thrown).orElse(null);
        Optional<String> answered = known == null ? Optional.empty() : known.responseRequestId();
        List<LeadEvent> leads = leads(exchange);
        String sent = Optional.ofNullable(known).flatMap(StageFailure::sentRequestId)
                .or(() -> Optional.ofNullable(exchange.getVariable(RequestIds.VARIABLE, String.class)))
                .orElseGet(() -> leads.isEmpty() ? exchange.getExchangeId() : leads.get(0).requestId());
        Stage stage = Stage.valueOf(exchange.getVariable("stage", "INTAKE", String.class));
        Cause cause = new Cause(answered.orElse(sent), answered.isPresent(),
                Optional.ofNullable(exchange.getProperty(Exchange.FAILURE_ROUTE_ID, String.class))
                        .orElseGet(() -> String.valueOf(exchange.getFromRouteId())),
                stage, known == null ? "INTERNAL" : known.failureClassName(),
                known == null ? Optional.empty() : known.httpStatus(), message(thrown),
                leads.stream().mapToInt(LeadEvent::attempts).max().orElse(1));
        long written = 1;
        if (leads.isEmpty()) {
            letters.keep(payload(exchange), cause);
        } else {
            written = leads.stream().filter(lead -> letters.bury(lead, cause)).count();
        }
        LOG.warnf("Dead letter for %d lead(s) from %s: %s %s, X-Request-Id %s%s", written,
                cause.routeId(), cause.failureClass(), cause.message(), cause.requestId(),
                known == null ? "" : known.action().map(action -> ". " + action).orElse(""));
    }

    private static List<LeadEvent> leads(Exchange exchange) {
        Object body = exchange.getMessage().getBody();
        if (body instanceof LeadEvent lead) {
            return List.of(lead);
        }
        if (body instanceof LeadBatch batch) {
            return batch.leads();
        }
        LeadBatch batch = exchange.getVariable("batch", LeadBatch.class);
        return batch == null ? List.of() : batch.leads();
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> payload(Exchange exchange) {
        return exchange.getMessage().getBody() instanceof Map<?, ?> map ? (Map<String, Object>) map
                : Map.of("body", Optional.ofNullable(exchange.getMessage().getBody(String.class)).orElse(""));
    }

    private static String message(Throwable thrown) {
        if (thrown == null) {
            return "no cause given";
        }
        String text = EMAIL.matcher(Optional.ofNullable(thrown.getMessage()).filter(given -> !given.isBlank())
                .orElseGet(() -> thrown.getClass().getSimpleName())).replaceAll("(e-mail)");
        return text.length() > 1_000 ? text.substring(0, 1_000) : text;
    }
}
