package io.leadroutes.webhook;

import io.leadroutes.lead.LeadJson;
import io.leadroutes.lead.RequestIds;
import io.quarkus.arc.Unremovable;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Named;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;

/** Turns a delivery that is not taken into the answer of RFC 9457. */
@ApplicationScoped
@Named("webhookProblem")
@Unremovable
class WebhookProblem implements Processor {

    private final WebhookReceiver receiver;

    WebhookProblem(WebhookReceiver receiver) {
        this.receiver = receiver;
    }

    @Override
    public void process(Exchange exchange) {
        Map<String, Object> problem = new LinkedHashMap<>();
        problem.put("type", "about:blank");
        if (exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Throwable.class) instanceof WebhookRefusal refusal) {
            receiver.count(refusal.outcome(), 1);
            problem.put("title", "The delivery was not taken");
            problem.put("status", refusal.status());
            problem.put("detail", (refusal.field().isEmpty() ? "" : refusal.field() + " ") + refusal.getMessage());
            if (!refusal.field().isEmpty()) {
                problem.put("errors", List.of(Map.of("field", refusal.field(), "rule", refusal.rule(), "message",
                        refusal.getMessage())));
            }
        } else {
            problem.put("title", "The delivery could not be stored");
            problem.put("status", 503);
            problem.put("detail", "Nothing was taken. Send the same delivery again in a moment; it is safe to repeat.");
        }
        problem.put("requestId", exchange.getVariable(RequestIds.VARIABLE, "", String.class));
        exchange.getMessage().removeHeaders("*", RequestIds.HEADER);
        exchange.getMessage().setHeader(Exchange.HTTP_RESPONSE_CODE, problem.get("status"));
        exchange.getMessage().setHeader(Exchange.CONTENT_TYPE, "application/problem+json");
        exchange.getMessage().setBody(LeadJson.write(problem));
    }
}
