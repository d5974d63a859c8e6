package io.leadroutes.kafka;

import io.leadroutes.lead.RequestIds;
import io.quarkus.arc.Unremovable;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Named;
import java.util.Locale;
import org.apache.camel.Exchange;
import org.apache.camel.spi.HeaderFilterStrategy;

/** Which headers of a message reach the route: X-Request-Id, however it is written, and no other. */
@ApplicationScoped
@Named("kafkaLeadHeaders")
@Unremovable
class LeadHeaders implements HeaderFilterStrategy {

    private static final String ALLOWED = RequestIds.HEADER.toLowerCase(Locale.ROOT);

    @Override
    public boolean applyFilterToExternalHeaders(String name, Object value, Exchange exchange) {
        return !name.toLowerCase(Locale.ROOT).equals(ALLOWED);
    }

    @Override
    public boolean applyFilterToCamelHeaders(String name, Object value, Exchange exchange) {
        return !name.toLowerCase(Locale.ROOT).equals(ALLOWED);
    }
}
