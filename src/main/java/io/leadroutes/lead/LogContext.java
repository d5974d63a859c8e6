package io.leadroutes.lead;

import io.quarkus.arc.Unremovable;
import jakarta.enterprise.context.ApplicationScoped;
import org.apache.camel.AsyncCallback;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.NamedNode;
import org.apache.camel.Processor;
import org.apache.camel.spi.CamelContextCustomizer;
import org.apache.camel.spi.InterceptStrategy;
import org.apache.camel.support.processor.DelegateAsyncProcessor;
import org.slf4j.MDC;

/**
 * Gives each log line of a route step the X-Request-Id and, where a single lead is handled, the event id: from the
 * exchange variables {@code requestId} and {@code eventId}. What a step adds to the log context ends with the step, so
 * that no thread of a pool carries the ids of an earlier lead.
 */
@ApplicationScoped
@Unremovable
public class LogContext implements CamelContextCustomizer, InterceptStrategy {

    /** Exchange variable, and key of the log context, of the lead event when there is one only. */
    public static final String EVENT_VARIABLE = "eventId";

    /** Tells a step within a step from the ids that a new thread inherits from the one which happened to start it. */
    private static final ThreadLocal<Boolean> ENTERED = new ThreadLocal<>();

    /** Puts the log context back as it was. */
    public interface Scope extends AutoCloseable {
        @Override
        void close();
    }

    @Override
    public void configure(CamelContext context) {
        context.getCamelContextExtension().addInterceptStrategy(this);
    }

    @Override
    public Processor wrapProcessorInInterceptors(CamelContext context, NamedNode definition, Processor target,
            Processor next) {
        return new DelegateAsyncProcessor(target) {
            @Override
            public boolean process(Exchange exchange, AsyncCallback callback) {
                try (Scope step = of(exchange.getVariable(RequestIds.VARIABLE, String.class),
                        exchange.getVariable(EVENT_VARIABLE, String.class))) {
                    return super.process(exchange, callback);
                }
            }
        };
    }

    /** The log context of one lead, until it is closed. */
    public static Scope of(LeadEvent lead) {
        return of(lead.requestId(), lead.eventId().toString());
    }

    private static Scope of(String requestId, String eventId) {
        boolean nested = ENTERED.get() != null;
        String requestBefore = nested ? MDC.get(RequestIds.VARIABLE) : null;
        String eventBefore = nested ? MDC.get(EVENT_VARIABLE) : null;
        ENTERED.set(true);
        set(RequestIds.VARIABLE, requestId);
        set(EVENT_VARIABLE, eventId);
        return () -> {
            set(RequestIds.VARIABLE, requestBefore);
            set(EVENT_VARIABLE, eventBefore);
            if (!nested) {
                ENTERED.remove();
            }
        };
    }

    private static void set(String key, String value) {
        if (value == null) {
            MDC.remove(key);
        } else {
            MDC.put(key, value);
        }
    }
}
