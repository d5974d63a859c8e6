package io.leadroutes.zoominfo;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.leadroutes.crash.CrashPoint;
import io.leadroutes.lead.RequestIds;
import io.leadroutes.zoominfo.pacing.NotSentException;
import io.leadroutes.zoominfo.pacing.Pacing;
import io.leadroutes.zoominfo.pacing.RateHeaders;
import io.leadroutes.zoominfo.pacing.SlotTable.SlotsUnavailableException;
import io.leadroutes.zoominfo.token.TokenHolder;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.arc.Unremovable;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.jboss.logging.Logger;

/**
 * The steps of a tier route round its throttle and its HTTP call, in the order of the methods. To the caller a tier
 * is a plain question and answer: body in, parsed JSON out; the caller's own headers neither travel nor get lost.
 */
@Singleton
@Named("zoominfoTier")
@Unremovable
public class TierCall {

    /** Exchange property by which a tier route names itself. */
    public static final String TIER = "zoominfoTier";
    /** Exchange property of the loop: true as long as the call is to be sent (again). */
    public static final String AGAIN = "zoominfoAgain";
    /** Exchange property that is true when the call asks for a record that may be what makes calls fail. */
    public static final String SUSPECT = "zoominfoSuspect";
    /** Exchange property with the signed client token of an authentication by key. */
    public static final String CLIENT_TOKEN = "zoominfoClientToken";
    /** Exchange property with the parameters of a GET, a map that a step of a Kamelet has made; no header is read for it. */
    static final String QUERY = "zoominfoQuery";
    /** Header and exchange variables of the request ids. */
    public static final String REQUEST_ID_HEADER = RequestIds.HEADER;
    static final String REQUEST_ID_VARIABLE = RequestIds.VARIABLE;
    /** Exchange variable that is set when a call failed in a way that may have cost credits. */
    static final String MAYBE_CHARGED_VARIABLE = "zoominfoMaybeCharged";
    static final String ZOOMINFO_REQUEST_ID_HEADER = "ZoomInfoRequestId";
    static final String ZOOMINFO_REQUEST_ID_VARIABLE = "zoominfoRequestId";

    private static final Logger LOG = Logger.getLogger(TierCall.class);
    private static final String AUTH = "auth";
    private static final String STATE = "zoominfoCall";
    private static final Set<String> METHODS = Set.of("GET", "POST", "PUT", "DELETE");
    private static final Set<String> WITH_BODY = Set.of("POST", "PUT");
    private static final Pattern PATH = Pattern.compile("(/[A-Za-z0-9-]+)+");
    private static final Pattern PARAMETER = Pattern.compile("[A-Za-z][A-Za-z0-9]*");
    private static final Pattern ID_IN_PATH = Pattern.compile("/[0-9]+(?=/|$)");
    /** A request id is ours or a caller's; what does not look like one is replaced. */
    private static final Pattern REQUEST_ID = Pattern.compile("[A-Za-z0-9._:-]{1,128}");
    /** Pauses that one call sits out; after that its caller decides. */
    private static final int MOST_PAUSES = 10;
    private static final String USER_AGENT = "LeadRoutes";

    /** One call on its way through the route. */
    private static final class Call {
        private String tier;
        private String method;
        private String path;
        private String query;
        private byte[] payload;
        private Object originalBody;
        private Map<String, Object> originalHeaders;
        private String requestId;
        private String token = "";
        private boolean replayed;
        private Circuit.Pass pass;
        private int pauses;
    }

    private final Pacing pacing;
    private final Supplier<TokenHolder> tokens;
    private final UsageRecord usage;
    private final Circuit circuit;
    private final ObjectMapper json;
    private final MeterRegistry meters;
    private final Clock clock;

    /** The token holder is looked up late: it authenticates through a route that uses this bean. */
    @Inject
    TierCall(Pacing pacing, Instance<TokenHolder> tokens, UsageRecord usage, Circuits circuit, ObjectMapper json,
            MeterRegistry meters) {
        this(pacing, tokens::get, usage, circuit, json, meters, Clock.systemUTC());
    }

    TierCall(Pacing pacing, Supplier<TokenHolder> tokens, UsageRecord usage, Circuit circuit, ObjectMapper json,
            MeterRegistry meters, Clock clock) {
        this.pacing = pacing;
        this.tokens = tokens;
        this.usage = usage;
        this.circuit = circuit;
        this.json = json;
        this.meters = meters;
        this.clock = clock;
    }

    /** Takes the caller's message: method and path from the headers that a Kamelet sets, the body as JSON. */
    public void begin(Exchange exchange) throws ZoomInfoException {
        Message message = exchange.getMessage();
        Call call = new Call();
        call.tier = exchange.getProperty(TIER, String.class);
        call.method = message.getHeader(Exchange.HTTP_METHOD, "", String.class);
        call.path = message.getHeader(Exchange.HTTP_PATH, "", String.class);
        call.originalBody = message.getBody();
        call.originalHeaders = new HashMap<>(message.getHeaders());
        call.requestId = requestId(exchange);
        if (!METHODS.contains(call.method) || !PATH.matcher(call.path).matches()) {
            throw new ZoomInfoException(FailureClass.INVALID_REQUEST,
                    "A call to ZoomInfo needs a method (GET, POST, PUT, DELETE) and a plain path, set by a Kamelet",
                    call.requestId);
        }
        call.query = query(call, exchange.removeProperty(QUERY));
        call.payload = payload(call, message);
        exchange.setProperty(STATE, call);
        exchange.setProperty(Pacing.DEPARTURE, UUID.randomUUID().toString());
        exchange.setProperty(AGAIN, true);
    }

    private static String query(Call call, Object parameters) throws ZoomInfoException {
        StringBuilder query = new StringBuilder();
        if (parameters instanceof Map<?, ?> map) {
            for (Map.Entry<?, ?> parameter : map.entrySet()) {
                if (!PARAMETER.matcher(parameter.getKey().toString()).matches()) {
                    throw new ZoomInfoException(FailureClass.INVALID_REQUEST,
                            "A parameter of a look-up is named by letters and digits only", call.requestId);
                }
                query.append(query.isEmpty() ? "" : "&").append(parameter.getKey()).append('=').append(URLEncoder
                        .encode(parameter.getValue().toString(), StandardCharsets.UTF_8).replace("+", "%20"));
            }
        }
        return query.toString();
    }

    private byte[] payload(Call call, Message message) throws ZoomInfoException {
        if (!WITH_BODY.contains(call.method)) {
            return new byte[0];
        }
        Object body = message.getBody();
        try {
            if (body instanceof byte[] bytes) {
                return bytes;
            }
            if (body == null || body instanceof Map || body instanceof Iterable) {
                return json.writeValueAsBytes(body == null ? Map.of() : body);
            }
            String text = message.getBody(String.class);
            return text == null ? json.writeValueAsBytes(body) : text.getBytes(StandardCharsets.UTF_8);
        } catch (JsonProcessingException e) {
            throw new ZoomInfoException(FailureClass.INVALID_REQUEST, "The request cannot be written as JSON",
                    call.requestId);
        }
    }

    private static String requestId(Exchange exchange) {
        String known = exchange.getVariable(REQUEST_ID_VARIABLE, String.class);
        if (known == null) {
            known = exchange.getMessage().getHeader(REQUEST_ID_HEADER, String.class);
        }
        return known != null && REQUEST_ID.matcher(known).matches() ? known : UUID.randomUUID().toString();
    }

    /** Lets the call through, unless the circuit of its family is open. */
    public void admit(Exchange exchange) throws ZoomInfoException {
        Call call = call(exchange);
        try {
            call.pass = circuit.admit(operation(call), call.requestId);
        } catch (CircuitOpenException e) {
            throw failed(exchange, call, e);
        }
    }

    /** Makes sure of a valid token before a slot is taken, so that no slot is spent waiting for one. */
    public void awaitToken(Exchange exchange) throws ZoomInfoException {
        Call call = call(exchange);
        try {
            call.token = tokens.get().current();
        } catch (ZoomInfoException e) {
            throw failed(exchange, call, e);
        }
    }

    /** Writes the request: the body as it came, the token, and no header but these. */
    public void send(Exchange exchange) {
        Call call = call(exchange);
        Message message = exchange.getMessage();
        message.setHeaders(new HashMap<>());
        message.setBody(WITH_BODY.contains(call.method) ? call.payload : null);
        message.setHeader(Exchange.HTTP_METHOD, call.method);
        message.setHeader(Exchange.HTTP_PATH, call.path);
        if (!call.query.isEmpty()) {
            message.setHeader(Exchange.HTTP_QUERY, call.query);
        }
        message.setHeader("Accept", "application/json");
        message.setHeader("User-Agent", USER_AGENT);
        message.setHeader(REQUEST_ID_HEADER, call.requestId);
        message.setHeader(Pacing.DEPARTURE_HEADER, departure(exchange));
        if (WITH_BODY.contains(call.method)) {
            message.setHeader(Exchange.CONTENT_TYPE, "application/json");
        }
        String bearer = call.tier.equals(AUTH) ? exchange.getProperty(CLIENT_TOKEN, "", String.class) : call.token;
        if (!bearer.isEmpty()) {
            message.setHeader("Authorization", "Bearer " + bearer);
        }
        CrashPoint.BEFORE_SEND.reached();
    }

    /** Reads the answer: the parsed body, or another round after a 401 or a 429, or the failure. */
    public void answer(Exchange exchange) throws ZoomInfoException {
        Call call = call(exchange);
        Message message = exchange.getMessage();
        int status = message.getHeader(Exchange.HTTP_RESPONSE_CODE, 0, Integer.class);
        Map<String, Object> headers = new HashMap<>(message.getHeaders());
        Optional<String> id = Optional.ofNullable(message.getHeader(REQUEST_ID_HEADER, String.class))
                .filter(value -> REQUEST_ID.matcher(value).matches());
        byte[] body = Optional.ofNullable(message.getBody(byte[].class)).orElse(new byte[0]);
        count(call, Integer.toString(status));
        usage.record(call.tier, headers);
        RateHeaders.read(headers, clock.instant())
                .ifPresent(rate -> pacing.answered(departure(exchange), rate));
        if (status < 200 || status >= 500) {
            exchange.setVariable(MAYBE_CHARGED_VARIABLE, true);
        }
        id.ifPresent(value -> exchange.setVariable(ZOOMINFO_REQUEST_ID_VARIABLE, value));
        if (status >= 200 && status < 300) {
            succeed(exchange, call, status, body, id);
            return;
        }
        if (status == 401 && !call.tier.equals(AUTH) && !call.replayed) {
            call.replayed = true;
            try {
                tokens.get().renew(call.token);
            } catch (ZoomInfoException e) {
                throw failed(exchange, call, e);
            }
            return;
        }
        if (status == 429 && call.pauses < MOST_PAUSES) {
            pause(exchange, call, headers);
            return;
        }
        throw failed(exchange, call, failure(call, status, body, id));
    }

    private void succeed(Exchange exchange, Call call, int status, byte[] body, Optional<String> id)
            throws ZoomInfoException {
        Object parsed;
        try {
            parsed = status == 204 ? Map.of() : body.length == 0 ? null : json.readValue(body, Object.class);
        } catch (IOException e) {
            parsed = null;
        }
        if (!(parsed instanceof Map) && !(parsed instanceof List)) {
            exchange.setVariable(MAYBE_CHARGED_VARIABLE, true);
            throw failed(exchange, call, new ZoomInfoException(FailureClass.PROTOCOL, status,
                    "The answer is not a JSON object or array", id, call.requestId, List.of()));
        }
        // With a responseCode it tells how a webhook's target answered, which is what was asked (zoominfo-api.md §8).
        if (parsed instanceof Map<?, ?> map && Boolean.FALSE.equals(map.get("success"))
                && !map.containsKey("responseCode")) {
            throw failed(exchange, call, failure(call, status, body, id));
        }
        exchange.setProperty(AGAIN, false);
        if (call.pass != null) {
            circuit.succeeded(operation(call), call.pass);
        } else {
            circuit.tryAgain(FailureClass.UNAUTHENTICATED);
        }
        restore(exchange, call);
        Message message = exchange.getMessage();
        message.removeHeader(Exchange.HTTP_METHOD);
        message.removeHeader(Exchange.HTTP_PATH);
        id.ifPresent(value -> message.setHeader(ZOOMINFO_REQUEST_ID_HEADER, value));
        message.setBody(parsed);
    }

    private void pause(Exchange exchange, Call call, Map<String, Object> headers) throws ZoomInfoException {
        call.pauses++;
        var length = RateLimitPause.length(headers, clock.instant(), call.pauses);
        LOG.warnf("ZoomInfo answered 429; the %s tier pauses for %d ms", call.tier, length.toMillis());
        try {
            pacing.pause(call.tier, departure(exchange), length);
        } catch (SlotsUnavailableException e) {
            throw failed(exchange, call, new ZoomInfoException(FailureClass.TRANSIENT, e.getMessage(), call.requestId));
        }
    }

    private ZoomInfoException failure(Call call, int status, byte[] body, Optional<String> id) {
        ZoomInfoErrors.Reading reading = ZoomInfoErrors.read(json, new String(body, StandardCharsets.UTF_8));
        String message = reading.message().isEmpty() ? "ZoomInfo answered " + status : reading.message();
        return new ZoomInfoException(ZoomInfoErrors.classify(status, reading.message()), status, message, id,
                call.requestId, reading.invalidOutputFields());
    }

    /** Turns a connection that failed into a failure class; a call that a pause held back goes round again. */
    public void broken(Exchange exchange) throws ZoomInfoException {
        Call call = call(exchange);
        Exception cause = exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Exception.class);
        if (cause instanceof NotSentException held && held.isAgain()) {
            return;
        }
        Optional<ZoomInfoException> refusal = Pacing.refusal(cause, call.requestId);
        if (refusal.isPresent() && !pacing.wasSent(departure(exchange))) {
            // ZoomInfo was not asked: this says nothing about it.
            call.pass = null;
            throw failed(exchange, call, refusal.get());
        }
        boolean sent = pacing.wasSent(departure(exchange));
        IOException failure = cause instanceof IOException io ? io : new IOException(cause);
        FailureClass failureClass = ZoomInfoErrors.classify(failure, sent);
        if (sent) {
            exchange.setVariable(MAYBE_CHARGED_VARIABLE, true);
        }
        count(call, "none");
        ZoomInfoException known = new ZoomInfoException(failureClass, "No answer from ZoomInfo ("
                + cause.getClass().getSimpleName() + (sent ? " after" : " before") + " sending)", call.requestId);
        known.initCause(cause);
        throw failed(exchange, call, known);
    }

    /** The call has ended, however it ended. */
    public void over(Exchange exchange) {
        pacing.over(departure(exchange));
    }

    private void count(Call call, String status) {
        meters.counter("leadroutes.zoominfo.calls", "tier", call.tier, "operation", operation(call), "status", status)
                .increment();
    }

    private static String operation(Call call) {
        return ID_IN_PATH.matcher(call.path).replaceAll("/{id}").substring(1);
    }

    /** The caller finds its own message again, so that it can repeat it. */
    private ZoomInfoException failed(Exchange exchange, Call call, ZoomInfoException failure) {
        exchange.setProperty(AGAIN, false);
        if (call.pass != null) {
            circuit.failed(operation(call), call.pass, failure, exchange.getProperty(SUSPECT, false, Boolean.class));
        }
        restore(exchange, call);
        exchange.getMessage().setBody(call.originalBody);
        return failure;
    }

    private static void restore(Exchange exchange, Call call) {
        exchange.getMessage().setHeaders(new HashMap<>(call.originalHeaders));
    }

    private static Call call(Exchange exchange) {
        return exchange.getProperty(STATE, Call.class);
    }

    private static String departure(Exchange exchange) {
        return exchange.getProperty(Pacing.DEPARTURE, String.class);
    }
}
