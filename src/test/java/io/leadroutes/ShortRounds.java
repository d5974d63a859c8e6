package io.leadroutes;

import io.quarkus.arc.Unremovable;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Optional;
import org.apache.camel.CamelContext;
import org.apache.camel.Endpoint;
import org.apache.camel.component.seda.SedaEndpoint;
import org.apache.camel.component.timer.TimerEndpoint;
import org.apache.camel.spi.EndpointStrategy;
import org.apache.camel.support.ScheduledPollEndpoint;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * Lets the timers and polls of routes go round in moments where a real system does well with seconds. For tests that
 * wait for the next round and for none that is about its length.
 */
@Singleton
@Unremovable
public class ShortRounds implements EndpointStrategy {

    /** For the profile of a test of the whole application, with {@link #SHORT}. */
    public static final String KEY = "test.longest-round";
    public static final String SHORT = "PT0.05S";

    private final Optional<Duration> longest;

    @Inject
    ShortRounds(@ConfigProperty(name = KEY) Optional<Duration> longest) {
        this.longest = longest;
    }

    /** To be called before routes are loaded. */
    public static void in(CamelContext camel) {
        camel.getCamelContextExtension().registerEndpointCallback(new ShortRounds(Optional.of(Duration.parse(SHORT))));
    }

    @Override
    public Endpoint registerEndpoint(String uri, Endpoint endpoint) {
        longest.ifPresent(round -> shorten(endpoint, round.toMillis()));
        return endpoint;
    }

    private static void shorten(Endpoint endpoint, long most) {
        if (endpoint instanceof TimerEndpoint timer) {
            timer.setPeriod(Math.min(timer.getPeriod(), most));
            timer.setDelay(Math.min(timer.getDelay(), most));
        } else if (endpoint instanceof ScheduledPollEndpoint poll) {
            poll.setDelay(Math.min(poll.getDelay(), most));
            poll.setInitialDelay(Math.min(poll.getInitialDelay(), most));
        } else if (endpoint instanceof SedaEndpoint seda) {
            // A consumer ends when it looks up.
            seda.setPollTimeout((int) Math.min(seda.getPollTimeout(), most));
        }
    }
}
