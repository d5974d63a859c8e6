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
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.apache.camel.Exchange;

/**
 * The steps of the Kamelets round the call of their tier: each makes one part of the request from the body and from
 * exchange properties by which the Kamelet passes its own properties on. A step takes away what not every Kamelet
 * sets, so that the next one on the same exchange does not find it. All can be repeated on what they have made.
 */
@Singleton
@Named("zoominfoRequest")
@Unremovable
public class ApiRequest {

    /** What the output fields are of, as in {@code /lookup/outputfields/{object}/enrich}. */
    static final String OBJECT = "zoominfoObject";
    /** Key of the list of match inputs. */
    static final String INPUT_KEY = "zoominfoInputKey";
    static final String MOST_INPUTS = "zoominfoMostInputs";
    static final String OUTPUT_FIELDS = "zoominfoOutputFields";
    static final String REQUIRED_FIELDS = "zoominfoRequiredFields";
    static final String JOB_TYPE = "zoominfoJobType";
    /** Exchange properties of this name and a field's are fields of the request, or parameters of a GET. */
    static final String FIELD = "zoominfoField.";
    /** Header with the id for a path that holds {@code {id}}, unless the body is a map with an {@code id}. */
    static final String ID_HEADER = "ZoomInfoWebhookId";
    private static final String SENT = "zoominfoInputsSent";
    private static final Pattern ID = Pattern.compile("[0-9]{1,20}");

    private final OutputFields fields;
    private final ObjectMapper json;

    @Inject
    ApiRequest(OutputFields fields, ObjectMapper json) {
        this.fields = fields;
        this.json = json;
    }

    /**
     * Makes the list of match inputs, each once, from a list, one input, or a request that holds them already.
     *
     * @throws ZoomInfoException of class {@code INVALID_REQUEST} for no input or more than the call takes
     */
    public void inputs(Exchange exchange) throws ZoomInfoException {
        String inputKey = exchange.getProperty(INPUT_KEY, String.class);
        int most = exchange.getProperty(MOST_INPUTS, ContactMatcher.MOST_INPUTS, Integer.class);
        exchange.removeProperty(MOST_INPUTS);
        List<Map<String, Object>> inputs = ContactMatcher.distinct(inputs(body(exchange), inputKey));
        if (inputs.isEmpty()) {
            throw invalid("No input: give one map of match fields or a list of them");
        }
        if (inputs.size() > most) {
            throw invalid(inputs.size() + " inputs; ZoomInfo takes at most " + most + " a call: split them");
        }
        Map<String, Object> request = new LinkedHashMap<>();
        if (body(exchange) instanceof Map<?, ?> given && given.containsKey(inputKey)
                && given.get("outputFields") instanceof List<?> own) {
            request.put("outputFields", own);
        }
        request.put(inputKey, inputs);
        exchange.setProperty(SENT, inputs.size());
        exchange.getMessage().setBody(request);
    }

    /** Takes a map, or JSON of one, as the request, with the Kamelet's fields where the map has none of the name. */
    public void criteria(Exchange exchange) throws ZoomInfoException {
        if (!(body(exchange) instanceof Map<?, ?> criteria) || criteria.isEmpty()) {
            throw invalid("The body must be a map with at least one entry, or JSON of one");
        }
        Map<String, Object> request = copy(criteria);
        options(exchange).forEach(request::putIfAbsent);
        exchange.getMessage().setBody(request);
    }

    /** Makes a job of the criteria: they are its query, unless the body is a job with a query already. */
    public void bulkQuery(Exchange exchange) throws ZoomInfoException {
        Map<String, Object> job = request(exchange);
        if (!job.containsKey("query")) {
            job = new LinkedHashMap<>(Map.of("query", job));
        }
        job.putIfAbsent("jobType", exchange.removeProperty(JOB_TYPE));
        if (!"redeem".equals(job.get("jobType"))) {
            // A preview counts and delivers nothing, so it has no output fields (zoominfo-api.md §9).
            job.remove("outputFields");
            exchange.setProperty(OUTPUT_FIELDS, "");
        }
        exchange.getMessage().setBody(job);
    }

    /**
     * Adds the output fields that the account may have, those of the request itself before the Kamelet's, and required
     * fields.
     *
     * @throws ZoomInfoException of class {@code INVALID_REQUEST} when the account may have none of those named
     */
    public void outputFields(Exchange exchange) throws ZoomInfoException {
        Map<String, Object> request = request(exchange);
        List<String> usual = csv(exchange.removeProperty(OUTPUT_FIELDS));
        List<String> wanted = request.remove("outputFields") instanceof List<?> own && !own.isEmpty()
                ? own.stream().map(Object::toString).distinct().toList() : usual;
        if (!wanted.isEmpty()) {
            List<String> allowed = fields.allowed(exchange.getProperty(OBJECT, String.class), wanted);
            if (allowed.isEmpty()) {
                throw invalid("The account may have none of the fields that outputFields names");
            }
            request.put("outputFields", allowed);
        }
        List<String> required = csv(exchange.removeProperty(REQUIRED_FIELDS));
        if (!required.isEmpty()) {
            request.put("requiredFields", required);
        }
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
        int sent = (Integer) exchange.removeProperty(SENT);
        int got = exchange.getMessage().getBody() instanceof Map<?, ?> envelope
                ? ContactMatcher.results(envelope).map(List::size).orElse(-1) : -1;
        if (got != sent) {
            throw new ZoomInfoException(FailureClass.PROTOCOL, 200, got < 0 ? "The answer has no list of results"
                    : "The answer has " + got + " results to " + sent + " inputs",
                    Optional.ofNullable(exchange.getVariable(TierCall.ZOOMINFO_REQUEST_ID_VARIABLE, String.class)),
                    "", List.of());
        }
    }

    /**
     * Puts the id into a path that holds <code>{id}</code>: the {@code id} of a body that is a map, which is taken out
     * of it, or else the header. The header holds it from then on, so that the call can be repeated.
     *
     * @throws ZoomInfoException of class {@code INVALID_REQUEST} when there is none, or it is not a number
     */
    public void path(Exchange exchange) throws ZoomInfoException {
        Object id = exchange.getMessage().getHeader(ID_HEADER);
        if (exchange.getMessage().getBody() instanceof Map || id == null) {
            Map<String, Object> request = request(exchange);
            Object own = request.remove("id");
            id = own == null ? id : own;
            exchange.getMessage().setBody(request);
        }
        if (id == null || !ID.matcher(id.toString()).matches()) {
            throw invalid("The id of a webhook is a number, in the header " + ID_HEADER + " or as 'id' of the body");
        }
        exchange.getMessage().setHeader(ID_HEADER, id.toString());
        String path = exchange.getMessage().getHeader(Exchange.HTTP_PATH, String.class);
        exchange.getMessage().setHeader(Exchange.HTTP_PATH, path.replace("{id}", id.toString()));
    }

    /** Makes the Kamelet's fields the parameters of a GET; those without a value are left out. */
    public void query(Exchange exchange) {
        exchange.setProperty(TierCall.QUERY, options(exchange));
    }

    private static Map<String, Object> options(Exchange exchange) {
        Map<String, Object> options = new LinkedHashMap<>();
        for (String name : new TreeSet<>(exchange.getProperties().keySet())) {
            if (name.startsWith(FIELD)) {
                Object value = exchange.removeProperty(name);
                if (value != null && !value.toString().isBlank()) {
                    options.put(name.substring(FIELD.length()), value);
                }
            }
        }
        return options;
    }

    private Map<String, Object> request(Exchange exchange) throws ZoomInfoException {
        if (body(exchange) instanceof Map<?, ?> map) {
            return copy(map);
        }
        throw invalid("The body must be a map, or JSON of one");
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

    private static List<String> csv(Object text) {
        return text == null ? List.of() : Arrays.stream(text.toString().split(",")).map(String::strip)
                .filter(name -> !name.isEmpty()).distinct().toList();
    }

    static ZoomInfoException invalid(String message) {
        return new ZoomInfoException(FailureClass.INVALID_REQUEST, message, "");
    }
}
