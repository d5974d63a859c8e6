package io.leadroutes.lead;

import io.quarkus.arc.Unremovable;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Named;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;

/** Turns a failed intake into the answer of RFC 9457. */
@ApplicationScoped
@Named("intakeProblem")
@Unremovable
class IntakeProblem implements Processor {

    @Override
    public void process(Exchange exchange) {
        Map<String, Object> problem = new LinkedHashMap<>();
        Throwable thrown = exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Throwable.class);
        InvalidLeadException invalid = thrown instanceof InvalidLeadException given ? given : null;
        Optional<StageFailure> called = StageFailure.in(thrown);
        problem.put("type", "about:blank");
        if (invalid != null) {
            problem.put("title", "The request is not one valid lead or an array of valid leads");
            problem.put("status", invalid.status());
            problem.put("detail", invalid.errors().get(0).field() + " " + invalid.errors().get(0).message()
                    + (invalid.errors().size() > 1 ? "; and " + (invalid.errors().size() - 1) + " more" : ""));
            problem.put("errors", invalid.errors());
        } else if (called.isPresent()) {
            problem.put("title", "A system that the route calls did not answer as it should");
            problem.put("status", 502);
            problem.put("detail", called.get().failureClassName() + ": " + thrown.getMessage());
            called.get().action().ifPresent(action -> problem.put("action", action));
        } else {
            problem.put("title", "The leads could not be stored");
            problem.put("status", 503);
            problem.put("detail", "Nothing was taken. Send the same request again in a moment; it is safe to repeat.");
        }
        problem.put("requestId", exchange.getVariable(RequestIds.VARIABLE, "", String.class));
        exchange.getMessage().removeHeaders("*", RequestIds.HEADER);
        exchange.getMessage().setHeader(Exchange.HTTP_RESPONSE_CODE, problem.get("status"));
        exchange.getMessage().setHeader(Exchange.CONTENT_TYPE, "application/problem+json");
        exchange.getMessage().setBody(LeadJson.write(problem));
    }
}
