package io.leadroutes.webhook;

import io.leadroutes.webhook.WebhookRefusal.Outcome;
import io.leadroutes.webhook.Webhooks.Check;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.arc.Unremovable;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;
import org.apache.camel.Body;
import org.apache.camel.Exchange;
import org.apache.camel.Header;
import org.apache.camel.Variable;

/** The steps of the route {@code zoominfo-record-changed}, in their order. */
@ApplicationScoped
@Named("webhookReceiver")
@Unremovable
public class WebhookReceiver {

    /** Header in which ZoomInfo sends the verification token. */
    static final String TOKEN_HEADER = "x-zoominfo-token";
    /** Exchange variable with the id of the webhook whose token was shown. */
    static final String WEBHOOK = "webhookId";
    private static final Pattern JSON_TYPE = Pattern.compile("(?i)application/([a-z0-9.+-]+\\+)?json\\s*(;.*)?");
    private static final int LONGEST_TOKEN = 500;
    /** An answer is due within a second; so long an unknown token may wait for the end of a rotation. */
    private static final Duration PATIENCE = Duration.ofMillis(700);
    private static final Duration LOOK_AGAIN = Duration.ofMillis(50);

    private final Webhooks webhooks;
    private final WebhookInbox inbox;
    private final MeterRegistry meters;
    private final boolean configured;
    private final int maxBodyBytes;
    private final Duration patience;

    @Inject
    WebhookReceiver(Webhooks webhooks, WebhookInbox inbox, MeterRegistry meters, WebhookConfig config) {
        this(webhooks, inbox, meters, config.url().filter(url -> !url.isBlank()).isPresent(), config.maxBodyBytes(),
                PATIENCE);
    }

    WebhookReceiver(Webhooks webhooks, WebhookInbox inbox, MeterRegistry meters, boolean configured, int maxBodyBytes,
            Duration patience) {
        this.webhooks = webhooks;
        this.inbox = inbox;
        this.meters = meters;
        this.configured = configured;
        this.maxBodyBytes = maxBodyBytes;
        this.patience = patience;
        for (Outcome outcome : Outcome.values()) {
            count(outcome, 0);
        }
    }

    /**
     * Lets pass what shows a valid token. While a token is being rotated, an unknown one waits a moment for the new one
     * to be stored, as ZoomInfo uses it at once.
     *
     * @throws WebhookRefusal 404 without webhooks in the configuration, 401 for a wrong or missing token, 503 for one
     *                        that may be right as soon as the rotation under way has ended
     */
    public void requireToken(@Header(TOKEN_HEADER) String token, Exchange exchange) throws WebhookRefusal {
        if (!configured) {
            throw new WebhookRefusal(404, Outcome.WRONG_TOKEN, "", "configured",
                    "This installation takes no webhooks: zoominfo.webhook.url is not set");
        }
        boolean readable = token != null && !token.isBlank() && token.length() <= LONGEST_TOKEN;
        Check check = webhooks.check(readable ? token.strip() : "");
        long end = System.nanoTime() + patience.toNanos();
        while (readable && check.webhookId().isEmpty() && check.rotating() && System.nanoTime() < end) {
            pause();
            check = webhooks.check(token.strip());
        }
        if (readable && check.webhookId().isPresent()) {
            exchange.setVariable(WEBHOOK, check.webhookId().get());
            return;
        }
        if (readable && check.rotating()) {
            throw new WebhookRefusal(503, Outcome.WRONG_TOKEN, "", "rotation",
                    "The verification token is being rotated; send this again in a moment");
        }
        throw new WebhookRefusal(401, Outcome.WRONG_TOKEN, TOKEN_HEADER, readable ? "wrong" : "required",
                "is not a verification token of this installation");
    }

    private static void pause() {
        try {
            Thread.sleep(LOOK_AGAIN.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /**
     * Reads the body.
     *
     * @throws WebhookRefusal 413 if it is too large, 415 if it says that it is no JSON, 400 if it is no delivery
     */
    public Delivery read(@Body byte[] body, @Header(Exchange.CONTENT_TYPE) String contentType) throws WebhookRefusal {
        byte[] bytes = body == null ? new byte[0] : body;
        if (bytes.length > maxBodyBytes) {
            throw new WebhookRefusal(413, Outcome.TOO_LARGE, "body", "maxLength",
                    "is larger than " + maxBodyBytes + " bytes");
        }
        if (contentType != null && !JSON_TYPE.matcher(contentType.strip()).matches()) {
            throw new WebhookRefusal(415, Outcome.INVALID, Exchange.CONTENT_TYPE, "json", "must be application/json");
        }
        return DeliveryReader.read(bytes);
    }

    /** Stores the delivery and its effects; what is answered then. */
    public Map<String, Object> accept(@Body Delivery delivery, @Variable(WEBHOOK) String webhookId,
            @Variable("requestId") String requestId) {
        boolean first = inbox.store(delivery, delivery.webhookId().equals(webhookId), requestId);
        count(first ? Outcome.ACCEPTED : Outcome.DUPLICATE, 1);
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("records", delivery.records().size());
        answer.put("repeated", !first);
        return answer;
    }

    void count(Outcome outcome, double times) {
        meters.counter("leadroutes.webhook.deliveries", "outcome", outcome.tag()).increment(times);
    }
}
