package io.leadroutes.compliance;

import io.leadroutes.zoominfo.ZoomInfoException;
import io.quarkus.arc.Unremovable;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Named;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;

/** ZoomInfo's compliance check with the answers that a test gives; everybody else is a full match. */
@ApplicationScoped
@Named("personCheck")
@Unremovable
public class PersonCheck implements Processor {

    private final Map<String, String> statuses = new ConcurrentHashMap<>();
    private final Queue<ZoomInfoException> failures = new ConcurrentLinkedQueue<>();

    /** What ZoomInfo says of a person from now on. */
    public void answer(String personId, String matchStatus) {
        statuses.put(personId, matchStatus);
    }

    /** The next call fails. */
    public void failOnce(ZoomInfoException failure) {
        failures.add(failure);
    }

    @Override
    public void process(Exchange exchange) throws ZoomInfoException {
        if (!failures.isEmpty()) {
            throw failures.remove();
        }
        List<?> inputs = exchange.getMessage().getBody(List.class);
        exchange.getMessage().setBody(Map.of("data", Map.of("result", inputs.stream().map(Map.class::cast)
                .map(input -> Map.of("input", input, "data", List.of(), "matchStatus",
                        statuses.getOrDefault(input.get("personId").toString(), "FULL_MATCH"))).toList())));
    }
}
