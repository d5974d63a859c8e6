package io.leadroutes.webhook;

import io.leadroutes.webhook.WebhookPlan.Step;
import io.leadroutes.webhook.WebhookPlan.Wanted;
import io.leadroutes.webhook.Webhooks.Known;
import io.leadroutes.zoominfo.FailureClass;
import io.leadroutes.zoominfo.ZoomInfoException;
import io.quarkus.arc.Unremovable;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.apache.camel.Body;
import org.apache.camel.Exchange;
import org.apache.camel.Variable;
import org.jboss.logging.Logger;

/** The steps of the routes {@code zoominfo-webhook-*}: what to do, and keeping what was done. */
@ApplicationScoped
@Named("webhookReconcile")
@Unremovable
public class WebhookReconcile {

    /** Exchange variable with the step that a route carries out. */
    static final String STEP = "webhookStep";
    /** Exchange variable with the id of the webhook that a route works on. */
    static final String WEBHOOK = "webhookId";
    private static final String LOCK = "webhookLock";
    private static final Logger LOG = Logger.getLogger(WebhookReconcile.class);
    private static final int UNAUTHORIZED = 401;

    private final Webhooks webhooks;
    private final WebhookConfig config;
    private final DataSource dataSource;

    @Inject
    WebhookReconcile(Webhooks webhooks, WebhookConfig config, DataSource dataSource) {
        this.webhooks = webhooks;
        this.config = config;
        this.dataSource = dataSource;
    }

    /** Whether there is anything to keep as configured. */
    public boolean configured() {
        return config.url().filter(url -> !url.isBlank()).isPresent();
    }

    /** Takes the lock for this run; false if another replica has it. */
    public boolean lock(Exchange exchange) throws SQLException {
        Optional<ReconcileLock> lock = ReconcileLock.take(dataSource);
        exchange.setProperty(LOCK, lock.orElse(null));
        return lock.isPresent();
    }

    /** Gives the lock back if this run has it. */
    public void unlock(Exchange exchange) {
        Optional.ofNullable(exchange.getProperty(LOCK, ReconcileLock.class)).ifPresent(ReconcileLock::close);
        exchange.removeProperty(LOCK);
    }

    /** The steps from what ZoomInfo lists to what is configured. */
    public List<Step> plan(@Body Object answer) {
        List<Map<String, Object>> existing = WebhookPlan.listed(answer);
        List<String> there = existing.stream().map(WebhookPlan::id).toList();
        for (Known known : webhooks.all()) {
            if (!there.contains(known.webhookId())) {
                LOG.warnf("Our webhook %s is gone at ZoomInfo; another one is made", known.webhookId());
                webhooks.forget(known.webhookId());
            }
        }
        Wanted wanted = new Wanted(config.title(), config.url().orElseThrow().strip(), config.objects().stream()
                .map(String::strip).toList(), config.fullPayload());
        return WebhookPlan.of(wanted, existing, webhooks.all().stream().map(Known::webhookId).toList(),
                webhooks.due(config.rotateAfter()));
    }

    /** Keeps the id and the token that a creation has told. */
    public void created(Exchange exchange) throws ZoomInfoException {
        Map<?, ?> answer = answer(exchange);
        String id = WebhookPlan.id(answer);
        webhooks.created(id, config.title(), config.url().orElseThrow().strip(), token(answer));
        exchange.setVariable(WEBHOOK, id);
        LOG.infof("Webhook %s was made at ZoomInfo for %s", id, String.join(", ", config.objects()));
    }

    /** Before the call: from now on deliveries may carry a token that is not known yet. */
    public void rotating(@Variable(WEBHOOK) String webhookId) {
        webhooks.rotating(webhookId);
    }

    /** Keeps the token that a rotation has told; the one before is taken for {@code rotation-grace}. */
    public void rotated(Exchange exchange) throws ZoomInfoException {
        String id = exchange.getVariable(WEBHOOK, String.class);
        String token = token(answer(exchange));
        if (webhooks.all().stream().anyMatch(known -> known.webhookId().equals(id))) {
            webhooks.rotated(id, token, config.rotationGrace());
        } else {
            webhooks.created(id, config.title(), config.url().orElseThrow().strip(), token);
        }
        LOG.infof("The verification token of webhook %s was rotated", id);
    }

    public void changed(@Variable(WEBHOOK) String webhookId) {
        webhooks.changed(webhookId, config.title(), config.url().orElseThrow().strip());
        LOG.infof("Webhook %s was changed to what is configured", webhookId);
    }

    public void deleted(@Variable(WEBHOOK) String webhookId) {
        webhooks.forget(webhookId);
        LOG.infof("Webhook %s was deleted: it is ours and one too many", webhookId);
    }

    /** The test deliveries to ask for, one for each object type. */
    public List<Map<String, Object>> tests() {
        return config.objects().stream().map(object -> {
            Map<String, Object> test = new LinkedHashMap<>();
            test.put("targetUrl", config.url().orElseThrow().strip());
            test.put("objectType", object.strip());
            test.put("fullPayload", config.fullPayload());
            return test;
        }).collect(Collectors.toList());
    }

    /**
     * Lets a target pass that took the test delivery, or refused it for its token alone: whether ZoomInfo sends one with
     * a test is not documented, and nobody but this application refuses so.
     *
     * @throws ZoomInfoException of class {@code INVALID_REQUEST} if the target cannot be reached
     */
    public void tested(Exchange exchange) throws ZoomInfoException {
        Map<?, ?> answer = answer(exchange);
        Object code = answer.get("responseCode");
        boolean reached = Boolean.parseBoolean(String.valueOf(answer.get("success")))
                || code != null && code.toString().equals(Integer.toString(UNAUTHORIZED));
        if (!reached) {
            throw new ZoomInfoException(FailureClass.INVALID_REQUEST, "ZoomInfo does not reach zoominfo.webhook.url: "
                    + answer.get("message") + " (" + code + "); the webhook stays disabled until it does", "");
        }
    }

    public void enabled(@Variable(WEBHOOK) String webhookId) {
        LOG.infof("Webhook %s is enabled", webhookId);
    }

    private static Map<?, ?> answer(Exchange exchange) {
        return exchange.getMessage().getBody() instanceof Map<?, ?> map ? map : Map.of();
    }

    private static String token(Map<?, ?> answer) throws ZoomInfoException {
        Object token = answer.get("verificationToken");
        if (token == null || token.toString().isBlank()) {
            throw new ZoomInfoException(FailureClass.PROTOCOL, "The answer holds no verificationToken", "");
        }
        return token.toString().strip();
    }
}
