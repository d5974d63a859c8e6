package io.leadroutes.zoominfo;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.quarkus.arc.Unremovable;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.apache.camel.Exchange;

/** The steps of the enrich and search Kamelets round the call of their tier. */
@Singleton
@Named("zoominfoEnrich")
@Unremovable
public class EnrichCall {

    /** Exchange properties by which a Kamelet passes its own properties on. */
    static final String OBJECT = "zoominfoObject";
    static final String OUTPUT_FIELDS = "zoominfoOutputFields";
    static final String REQUIRED_FIELDS = "zoominfoRequiredFields";
    private static final String SENT = "zoominfoInputsSent";
    private static final Map<String, String> INPUT_KEYS = Map.of("contact", "matchPersonInput", "company",
            "matchCompanyInput");

    private final OutputFields fields;
    private final ObjectMapper json;

    @Inject
    EnrichCall(OutputFields fields, ObjectMapper json) {
        this.fields = fields;
        this.json = json;
    }

    /**
     * Makes the request of an enrich call from its inputs: a list, one input, or a request that holds them already.
     *
     * @throws ZoomInfoException of class {@code INVALID_REQUEST} for no input, more than 25, or no output field
     */
    public void request(Exchange exchange) throws ZoomInfoException {
        String object = exchange.getProperty(OBJECT, String.class);
        String inputKey = INPUT_KEYS.get(object);
        List<Map<String, Object>> inputs = ContactMatcher.distinct(inputs(body(exchange), inputKey));
        if (inputs.isEmpty()) {
            throw invalid("No input: give one map of match fields or a list of them");
        }
        if (inputs.size() > ContactMatcher.MOST_INPUTS) {
            throw invalid(inputs.size() + " inputs; ZoomInfo takes at most " + ContactMatcher.MOST_INPUTS
                    + " a call: split them");
        }
        List<String> wanted = csv(exchange.getProperty(OUTPUT_FIELDS, "", String.class));
        List<String> allowed = fields.allowed(object, wanted);
        if (allowed.isEmpty()) {
            throw invalid(wanted.isEmpty() ? "outputFields names no field"
                    : "The account may have none of the fields that outputFields names");
        }
        Map<String, Object> request = new LinkedHashMap<>();
        request.put(inputKey, inputs);
        request.put("outputFields", allowed);
        List<String> required = csv(exchange.getProperty(REQUIRED_FIELDS, "", String.class));
        if (!required.isEmpty()) {
            request.put("requiredFields", required);
        }
        exchange.setProperty(SENT, inputs.size());
        exchange.getMessage().setBody(request);
    }

    /** Takes the fields that ZoomInfo has just refused out of the request, so that it can be sent again. */
    public void dropRefusedFields(Exchange exchange) throws ZoomInfoException {
        ZoomInfoException refusal = exchange.getProperty(Exchange.EXCEPTION_CAUGHT, ZoomInfoException.class);
        fields.refused(exchange.getProperty(OBJECT, String.class), refusal.getInvalidOutputFields());
        Map<String, Object> request = body(exchange) instanceof Map<?, ?> map ? copy(map) : new LinkedHashMap<>();
        List<String> left = new ArrayList<>();
        int before = 0;
        if (request.get("outputFields") instanceof List<?> names) {
            before = names.size();
            names.stream().map(Object::toString)
                    .filter(name -> !refusal.getInvalidOutputFields().contains(name.toLowerCase(Locale.ROOT)))
                    .forEach(left::add);
        }
        if (left.isEmpty() || left.size() == before) {
            throw refusal;
        }
        request.put("outputFields", left);
        exchange.getMessage().setBody(request);
    }

    /** Refuses an answer with another number of results than inputs. */
    public void check(Exchange exchange) throws ZoomInfoException {
        int sent = exchange.getProperty(SENT, Integer.class);
        int got = exchange.getMessage().getBody() instanceof Map<?, ?> envelope
                ? ContactMatcher.results(envelope).map(List::size).orElse(-1) : -1;
        if (got != sent) {
            throw new ZoomInfoException(FailureClass.PROTOCOL, 200, got < 0 ? "The answer has no list of results"
                    : "The answer has " + got + " results to " + sent + " inputs",
                    Optional.ofNullable(exchange.getVariable(TierCall.ZOOMINFO_REQUEST_ID_VARIABLE, String.class)),
                    "", List.of());
        }
    }

    /** Adds the Kamelet's paging and order to the criteria of a search. */
    public void search(Exchange exchange) throws ZoomInfoException {
        if (!(body(exchange) instanceof Map<?, ?> criteria) || criteria.isEmpty()) {
            throw invalid("A search needs a map with at least one criterion");
        }
        Map<String, Object> request = copy(criteria);
        request.putIfAbsent("rpp", exchange.getProperty("zoominfoResultsPerPage", 25, Integer.class));
        request.putIfAbsent("page", exchange.getProperty("zoominfoPage", 1, Integer.class));
        String sortBy = exchange.getProperty("zoominfoSortBy", "", String.class);
        if (!sortBy.isBlank()) {
            request.putIfAbsent("sortBy", sortBy);
        }
        exchange.getMessage().setBody(request);
    }

    /** The body as a map or a list: as it is, or parsed when it is JSON. */
    private Object body(Exchange exchange) throws ZoomInfoException {
        Object body = exchange.getMessage().getBody();
        if (body instanceof Map || body instanceof List || body == null) {
            return body;
        }
        try {
            return json.readValue(exchange.getMessage().getBody(String.class), Object.class);
        } catch (JsonProcessingException | IllegalArgumentException e) {
            throw invalid("The body is neither a map, nor a list, nor JSON");
        }
    }

    private static List<Map<String, Object>> inputs(Object body, String inputKey) throws ZoomInfoException {
        Object given = body instanceof Map<?, ?> map && map.containsKey(inputKey) ? map.get(inputKey) : body;
        List<?> items = given instanceof List<?> list ? list : given == null ? List.of() : List.of(given);
        List<Map<String, Object>> inputs = new ArrayList<>();
        for (Object item : items) {
            if (!(item instanceof Map<?, ?> map) || map.isEmpty()) {
                throw invalid("Each input must be a map with at least one match field");
            }
            inputs.add(copy(map));
        }
        return inputs;
    }

    private static Map<String, Object> copy(Map<?, ?> map) {
        Map<String, Object> copy = new LinkedHashMap<>();
        map.forEach((key, value) -> copy.put(key.toString(), value));
        return copy;
    }

    private static List<String> csv(String text) {
        return Arrays.stream(text.split(",")).map(String::strip).filter(name -> !name.isEmpty()).distinct().toList();
    }

    private static ZoomInfoException invalid(String message) {
        return new ZoomInfoException(FailureClass.INVALID_REQUEST, message, "");
    }
}
