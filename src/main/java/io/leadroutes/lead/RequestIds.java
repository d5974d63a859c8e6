package io.leadroutes.lead;

import io.quarkus.arc.Unremovable;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Named;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;

/**
 * Gives each exchange its X-Request-Id, as header and as exchange variable {@code requestId}, which survives into the
 * dead letter and which {@link LogContext} shows in the log. An id from outside is taken when it is harmless.
 */
@ApplicationScoped
@Named("requestIds")
@Unremovable
public class RequestIds implements Processor {

    public static final String HEADER = "X-Request-Id";
    public static final String VARIABLE = "requestId";
    private static final Pattern HARMLESS = Pattern.compile("[A-Za-z0-9._:-]{8,128}");

    /** An id from outside, when it is harmless. */
    public static Optional<String> harmless(String given) {
        return Optional.ofNullable(given).filter(id -> HARMLESS.matcher(id).matches());
    }

    @Override
    public void process(Exchange exchange) {
        String id = harmless(exchange.getMessage().getHeader(HEADER, String.class))
                .orElseGet(() -> UUID.randomUUID().toString());
        exchange.getMessage().setHeader(HEADER, id);
        exchange.setVariable(VARIABLE, id);
    }
}
