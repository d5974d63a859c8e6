package io.leadroutes;

import io.leadroutes.crash.CrashPoint;
import io.leadroutes.lead.Claims;
import io.leadroutes.zoominfo.pacing.EgressLease;
import io.quarkus.runtime.ShutdownDelayInitiatedEvent;
import io.quarkus.runtime.ShutdownEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.interceptor.Interceptor;
import org.apache.camel.CamelContext;
import org.apache.camel.Consumer;
import org.apache.camel.Route;
import org.apache.camel.support.service.ServiceHelper;
import org.jboss.logging.Logger;

/**
 * The first step of an end in order. As soon as readiness is down, and while HTTP is still answered, nothing new is
 * claimed, what was claimed and not begun is given back, and the egress lease is free for another replica. What is in
 * flight goes on; Camel waits for it.
 */
@ApplicationScoped
class Drain {

    private static final Logger LOG = Logger.getLogger(Drain.class);

    private final CamelContext camel;
    private final Claims claims;
    private final EgressLease lease;
    private boolean begun;

    Drain(CamelContext camel, Claims claims, EgressLease lease) {
        this.camel = camel;
        this.claims = claims;
        this.lease = lease;
    }

    void delayed(@Observes ShutdownDelayInitiatedEvent event) {
        begin();
    }

    /** Without a delay (quarkus.shutdown.delay) this comes first. */
    void stopping(@Observes @Priority(Interceptor.Priority.PLATFORM_BEFORE) ShutdownEvent event) {
        begin();
    }

    private synchronized void begin() {
        if (begun) {
            return;
        }
        begun = true;
        claims.drain();
        CrashPoint.IN_DRAIN.reached();
        int suspended = 0;
        for (Route route : camel.getRoutes()) {
            Consumer consumer = route.getConsumer();
            // The claims. A poll that runs comes to its end, and no other follows.
            if (route.getEndpoint().getEndpointUri().startsWith("sql:") && ServiceHelper.suspendService(consumer)) {
                suspended++;
            }
        }
        lease.letGo();
        LOG.infof("Draining: %d routes claim nothing more, work in flight goes on", suspended);
    }
}
