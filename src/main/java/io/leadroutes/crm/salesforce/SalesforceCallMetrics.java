package io.leadroutes.crm.salesforce;

import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import org.apache.camel.component.salesforce.SalesforceEndpoint;
import org.apache.camel.component.salesforce.api.SalesforceException;
import org.apache.camel.spi.CamelEvent;
import org.apache.camel.spi.CamelEvent.ExchangeSentEvent;
import org.apache.camel.support.SimpleEventNotifierSupport;

/** Counts and times every call to Salesforce, whichever route made it: {@code leadroutes.crm.calls}. */
final class SalesforceCallMetrics extends SimpleEventNotifierSupport {

    private final MeterRegistry meters;

    SalesforceCallMetrics(MeterRegistry meters) {
        this.meters = meters;
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
    }

    private static String status(Exception failure) {
        if (failure == null) {
            return "ok";
        }
        return failure instanceof SalesforceException answer && answer.getStatusCode() > 0
                ? Integer.toString(answer.getStatusCode()) : "no-answer";
    }
}
