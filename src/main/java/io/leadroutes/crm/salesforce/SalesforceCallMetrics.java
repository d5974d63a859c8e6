package io.leadroutes.crm.salesforce;

import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.Optional;
import org.apache.camel.component.salesforce.SalesforceEndpoint;
import org.apache.camel.component.salesforce.api.SalesforceException;
import org.apache.camel.spi.CamelEvent;
import org.apache.camel.spi.CamelEvent.ExchangeSentEvent;
import org.apache.camel.support.SimpleEventNotifierSupport;

/**
 * Counts and times every call to Salesforce, whichever route made it ({@code leadroutes.crm.calls}), and notes what the
 * answer says of the limit of calls.
 */
final class SalesforceCallMetrics extends SimpleEventNotifierSupport {

    private final MeterRegistry meters;
    private final ApiLimits limits;

    SalesforceCallMetrics(MeterRegistry meters, ApiLimits limits) {
        this.meters = meters;
        this.limits = limits;
        // It ignores every kind of event that it is not told to take.
        setIgnoreExchangeEvents(false);
        setIgnoreExchangeSentEvents(false);
    }

    @Override
    public boolean isEnabled(CamelEvent event) {
        return event instanceof ExchangeSentEvent sent && sent.getEndpoint() instanceof SalesforceEndpoint;
    }

    @Override
    public void notify(CamelEvent event) {
        ExchangeSentEvent sent = (ExchangeSentEvent) event;
        SalesforceEndpoint endpoint = (SalesforceEndpoint) sent.getEndpoint();
        String path = endpoint.getConfiguration().getRawPath();
        meters.timer("leadroutes.crm.calls", "system", "salesforce",
                "operation", path == null ? endpoint.getOperationName().value()
                        : endpoint.getConfiguration().getRawMethod() + " " + path.replaceFirst("^/services/data/v[^/]+", ""),
                "status", status(sent.getExchange().getException())).record(Duration.ofMillis(sent.getTimeTaken()));
        if (sent.getExchange().getException() instanceof SalesforceException refused) {
            if (SalesforceFailures.of(refused, false).errorCode().equals(ApiLimits.EXCEEDED)) {
                limits.exceeded();
            }
        } else {
            Optional.ofNullable(sent.getExchange().getMessage().getHeader(ApiLimits.HEADER, String.class))
                    .ifPresent(limits::header);
        }
    }

    private static String status(Exception failure) {
        if (failure == null) {
            return "ok";
        }
        return failure instanceof SalesforceException answer && answer.getStatusCode() > 0
                ? Integer.toString(answer.getStatusCode()) : "no-answer";
    }
}
