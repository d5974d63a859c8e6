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
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;

/** ZoomInfo's compliance check with the answers that a test gives; everybody else is a full match. */
@ApplicationScoped
@Named("personCheck")
@Unremovable
public class PersonCheck implements Processor {

    private final Map<String, String> statuses = new ConcurrentHashMap<>();
    private final Map<String, Map<String, Object>> records = new ConcurrentHashMap<>();
    private final List<List<String>> asked = new CopyOnWriteArrayList<>();
    private final Queue<ZoomInfoException> failures = new ConcurrentLinkedQueue<>();

    /** What ZoomInfo says of a person from now on. */
    public void answer(String personId, String matchStatus) {
        statuses.put(personId, matchStatus);
    }

    /** What ZoomInfo holds of a person. */
    public void record(String personId, Map<String, Object> record) {
        records.put(personId, record);
    }

    /** The person ids of each answered call. */
    public List<List<String>> asked() {
        return asked;
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
        asked.add(inputs.stream().map(Map.class::cast).map(input -> input.get("personId").toString()).toList());
        exchange.getMessage().setBody(Map.of("data", Map.of("result", inputs.stream().map(Map.class::cast)
                .map(input -> Map.of("input", input, "data",
                        List.of(records.getOrDefault(input.get("personId").toString(), Map.of())), "matchStatus",
                        statuses.getOrDefault(input.get("personId").toString(), "FULL_MATCH"))).toList())));
    }
}
