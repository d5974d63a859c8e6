package io.leadroutes.zoominfo.pacing;

import java.time.Duration;
import org.apache.camel.CamelContext;
import org.apache.camel.Expression;
import org.apache.camel.NamedNode;
import org.apache.camel.Processor;
import org.apache.camel.Route;
import org.apache.camel.model.ThrottleDefinition;
import org.apache.camel.reifier.language.ExpressionReifier;
import org.apache.camel.spi.ProcessorFactory;
import org.apache.camel.support.CamelContextHelper;

/**
 * Puts even, shared pacing behind the {@code throttle} of the tier routes. Camel finds it by the class path file
 * {@code META-INF/services/org/apache/camel/model/ThrottleDefinition} and asks it for every throttle; all but
 * those of the tiers stay Camel's own.
 */
public final class PacedThrottleFactory implements ProcessorFactory {

    private static final Duration DEFAULT_PERIOD = Duration.ofSeconds(1);

    @Override
    public Processor createProcessor(Route route, NamedNode definition) throws Exception {
        CamelContext context = route.getCamelContext();
        Pacing pacing = context.getRegistry().lookupByNameAndType("zoominfoPacing", Pacing.class);
        if (pacing == null || !(definition instanceof ThrottleDefinition throttle)) {
            return null;
        }
        String tier = pacing.tierOfThrottle(throttle.getId()).orElse(null);
        if (tier == null) {
            return null;
        }
        Expression limit = ExpressionReifier.reifier(context, throttle.getExpression()).createExpression();
        limit.init(context);
        Duration period = throttle.getTimePeriodMillis() == null ? DEFAULT_PERIOD
                : CamelContextHelper.parseDuration(context, throttle.getTimePeriodMillis());
        return new PacedThrottle(throttle.getId(), tier, pacing, limit, period);
    }

    /** A throttle has no children of its own. */
    @Override
    public Processor createChildProcessor(Route route, NamedNode definition, boolean mandatory) {
        return null;
    }

    @Override
    public Processor createProcessor(CamelContext camelContext, String definitionName, Object[] args) {
        return null;
    }
}
