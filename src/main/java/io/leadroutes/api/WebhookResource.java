package io.leadroutes.api;

import io.leadroutes.webhook.Webhooks;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.Map;
import org.apache.camel.CamelExecutionException;
import org.apache.camel.ProducerTemplate;
import org.jboss.logging.Logger;

/** Our webhooks at ZoomInfo, and the rotation of their verification tokens out of turn. */
@Path("/api/webhooks/zoominfo")
@Produces(MediaType.APPLICATION_JSON)
public class WebhookResource {

    private static final Logger LOG = Logger.getLogger(WebhookResource.class);

    private final Webhooks webhooks;
    private final ProducerTemplate routes;

    WebhookResource(Webhooks webhooks, ProducerTemplate routes) {
        this.webhooks = webhooks;
        this.routes = routes;
    }

    @GET
    public Map<String, Object> list() {
        return Map.of("webhooks", webhooks.all());
    }

    /**
     * Rotates the tokens now; where that cannot be done at once, the next run of the reconciling job does it, and
     * {@code rotationWanted} or {@code rotating} tells so.
     */
    @POST
    @Path("rotate")
    public Map<String, Object> rotate() {
        if (webhooks.wantRotation() == 0) {
            throw new Problem(409, "There is no webhook", "None was made yet: see zoominfo.webhook.url and the log.");
        }
        try {
            routes.requestBody("direct:zoominfo-webhook-align", "");
        } catch (CamelExecutionException e) {
            LOG.warnf("The rotation of the webhook token is tried again later: %s",
                    e.getCause() == null ? e.getMessage() : e.getCause().getMessage());
        }
        return list();
    }
}
