package io.leadroutes.crm.salesforce;

import com.salesforce.eventbus.protobuf.ReplayPreset;
import io.leadroutes.crm.CrmException;
import io.leadroutes.lead.Backoff;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import javax.sql.DataSource;
import org.apache.camel.CamelContext;
import org.apache.camel.Route;
import org.apache.camel.ServiceStatus;
import org.apache.camel.component.salesforce.SalesforceEndpoint;
import org.apache.camel.quarkus.main.events.AfterStart;
import org.apache.camel.quarkus.main.events.BeforeStop;
import org.jboss.logging.Logger;

/**
 * Keeps the change-event stream open, in one replica at a time.
 *
 * <p>Holds the lock, starts the route at the stored position, and opens it again when the stream ends, falls silent,
 * is refused, or when an event could not be stored. Repeated events do no harm: the inbox knows them.
 */
@ApplicationScoped
public class SalesforceStream {

    static final String ROUTE_ID = "salesforce-lead-created";
    static final String TOPIC = "/data/LeadChangeEvent";

    private static final Logger LOG = Logger.getLogger(SalesforceStream.class);
    private static final int STOP_ROUTE_WITHIN_SECONDS = 10;

    private final SalesforceConfig config;
    private final SalesforceConnection connection;
    private final ReplayStore replay;
    private final Reconciliation reconciliation;
    private final CamelContext context;
    private final MeterRegistry meters;
    private final StreamLock lock;
    private final StreamTap tap = new StreamTap(TOPIC);
    private final Clock clock = Clock.systemUTC();

    private final ReentrantLock monitor = new ReentrantLock();
    private final Condition changed = monitor.newCondition();
    private boolean pending;
    private volatile boolean stopping;
    private volatile Thread thread;

    private volatile Subscription current = Subscription.NONE;
    private volatile Status status = new Status(State.DISABLED, Optional.empty(), Optional.empty(), Optional.empty());
    private String openedAfter = "start";
    private int failures;
    private Optional<String> reported = Optional.empty();

    SalesforceStream(SalesforceConfig config, SalesforceConnection connection, ReplayStore replay,
            Reconciliation reconciliation, CamelContext context, DataSource dataSource, MeterRegistry meters) {
        this.config = config;
        this.connection = connection;
        this.replay = replay;
        this.reconciliation = reconciliation;
        this.context = context;
        this.meters = meters;
        this.lock = new StreamLock(dataSource, TOPIC);
        Gauge.builder("leadroutes.salesforce.stream.subscribed", this,
                stream -> stream.status.state == State.SUBSCRIBED ? 1 : 0).register(meters);
    }

    /** Where the stream stands. */
    enum State {
        /** Switched off by {@code salesforce.stream.enabled}. */
        DISABLED,
        /** Another replica holds the stream. */
        STANDBY,
        /** Opening, or pausing before the next try. */
        CONNECTING,
        /** Open. */
        SUBSCRIBED
    }

    /**
     * What is known of the stream.
     *
     * @param since      when it came into this state
     * @param lastAnswer when Salesforce last sent anything, keep-alive included
     * @param lastError  why the stream last ended or could not be opened
     */
    record Status(State state, Optional<Instant> since, Optional<Instant> lastAnswer, Optional<String> lastError) {
    }

    Status status() {
        Subscription subscription = current;
        Status now = status;
        return now.state != State.DISABLED && subscription.answered()
                ? new Status(now.state, now.since, Optional.of(clock.instant().minusNanos(subscription.silentNanos())),
                        now.lastError)
                : now;
    }

    void onStart(@Observes AfterStart event) {
        if (!config.stream().enabled()) {
            return;
        }
        stopping = false;
        openedAfter = "start";
        tap.install();
        Thread supervisor = new Thread(this::run, "salesforce-stream");
        supervisor.setDaemon(true);
        thread = supervisor;
        supervisor.start();
    }

    void onStop(@Observes BeforeStop event) throws InterruptedException {
        Thread supervisor = thread;
        if (supervisor == null) {
            return;
        }
        stopping = true;
        signal();
        supervisor.join(TimeUnit.SECONDS.toMillis(2L * STOP_ROUTE_WITHIN_SECONDS));
        tap.remove();
    }

    /**
     * Lets an event be stored, unless its subscription was broken off.
     *
     * @throws IllegalStateException when it was: its later events come again behind the stored position
     */
    void requireOpen() {
        Subscription subscription = current;
        if (subscription == Subscription.NONE || subscription.broken().isPresent()) {
            throw new IllegalStateException("the stream is being opened again at the stored position");
        }
    }

    /** Takes nothing more from the present subscription. The first cause counts. */
    void breakOff(String cause) {
        Subscription subscription = current;
        if (subscription != Subscription.NONE && subscription.broken().isEmpty()) {
            subscription.breakOff(cause);
        }
    }

    private void run() {
        while (!stopping) {
            Duration pause;
            try {
                pause = step();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                break;
            } catch (Exception e) {
                pause = failed("open", e instanceof CrmException ? e.getMessage() : e.toString());
                LOG.debug("The stream could not be opened", e);
            }
            await(pause);
        }
        try {
            close();
        } catch (Exception e) {
            LOG.debug("The stream could not be closed", e);
        }
        lock.release();
    }

    /** Looks once at everything and does what is due; returns the time until the next look. */
    private Duration step() throws Exception {
        if (!lock.held()) {
            if (current != Subscription.NONE) {
                close();
                return failed("lock-lost", "the database session of the lock ended");
            }
            if (!lock.acquire()) {
                become(State.STANDBY);
                return config.stream().checkEvery();
            }
        }
        if (current == Subscription.NONE) {
            return open();
        }
        return watch();
    }

    private Duration open() throws Exception {
        Route route = context.getRoute(ROUTE_ID);
        if (route == null || !(route.getEndpoint() instanceof SalesforceEndpoint endpoint)) {
            return failed("no-route", "there is no route " + ROUTE_ID);
        }
        become(State.CONNECTING);
        connection.logIn();
        if (replay.belongsTo(TOPIC, connection.organisation())) {
            openedAfter = "other-organisation";
            LOG.warnf("The stored position of %s is of another organisation or instance than %s. The stream starts again at"
                    + " the earliest event it still has; a reconciliation finds what was before", TOPIC,
                    connection.organisation());
        }
        // Stopped first, because a route makes its consumer, with the position in it, when it starts after a stop.
        context.getRouteController().stopRoute(ROUTE_ID, STOP_ROUTE_WITHIN_SECONDS, TimeUnit.SECONDS);
        Optional<String> position = replay.position(TOPIC);
        endpoint.getConfiguration().setReplayPreset(position.isPresent() ? ReplayPreset.CUSTOM : ReplayPreset.EARLIEST);
        endpoint.setPubSubReplayId(position.orElse(null));
        Subscription subscription = new Subscription(System::nanoTime, this::signal);
        tap.expect(subscription);
        current = subscription;
        connection.eagerly(() -> context.getRouteController().startRoute(ROUTE_ID));
        LOG.infof("Subscribing to %s from %s", TOPIC, position.isPresent() ? "the stored position" : "the earliest event");
        return config.stream().checkEvery();
    }

    private Duration watch() throws Exception {
        Subscription subscription = current;
        if (subscription.isReady() && subscription.end().isEmpty() && status.state != State.SUBSCRIBED) {
            // Only now: what is created from here on comes through the stream.
            reconciliation.want(openedAfter);
            become(State.SUBSCRIBED);
        }
        if (subscription.answered() && subscription.broken().isEmpty()) {
            failures = 0;
            reported = Optional.empty();
        }
        if (subscription.broken().isPresent()) {
            String cause = subscription.broken().get();
            close();
            return failed("event-not-stored", cause);
        }
        if (subscription.end().isPresent()) {
            Subscription.End end = subscription.end().get();
            close();
            if (end.invalidReplayId()) {
                replay.forget(TOPIC);
                LOG.warnf("Salesforce refuses the stored position of %s (%s). The stream starts again at the earliest event"
                        + " it still has (72 h); a reconciliation finds what was before", TOPIC, end);
                return failed("invalid-replay-id", end.toString());
            }
            if (end.unauthenticated()) {
                connection.renewLogIn();
            }
            return failed(end.orderly() ? "ended" : "broken", end.toString());
        }
        if (subscription.silentNanos() > config.stream().maxSilence().toNanos()) {
            close();
            return failed("silent", "no answer for " + config.stream().maxSilence());
        }
        if (context.getRouteController().getRouteStatus(ROUTE_ID) != ServiceStatus.Started) {
            close();
            return failed("route-stopped", "the route was stopped or replaced");
        }
        return config.stream().checkEvery();
    }

    /** Ends the subscription and waits until its last answer is worked off, so that two never overlap. */
    private void close() throws Exception {
        Subscription subscription = current;
        if (subscription == Subscription.NONE) {
            return;
        }
        if (subscription.broken().isEmpty()) {
            subscription.breakOff("closed");
        }
        subscription.cancel();
        if (context.getRoute(ROUTE_ID) != null) {
            context.getRouteController().stopRoute(ROUTE_ID, STOP_ROUTE_WITHIN_SECONDS, TimeUnit.SECONDS);
        }
        while (subscription.busy() && !stopping) {
            await(config.stream().checkEvery());
        }
        current = Subscription.NONE;
    }

    /** Notes the cause and says how long to pause: doubled each time without an answer in between, up to a cap. */
    private Duration failed(String cause, String message) {
        meters.counter("leadroutes.salesforce.stream.restarts", "cause", cause).increment();
        openedAfter = cause;
        if (!reported.equals(Optional.of(message))) {
            reported = Optional.of(message);
            LOG.warnf("Salesforce stream: %s, at %s", message, connection.describe());
        }
        status = new Status(State.CONNECTING, Optional.of(clock.instant()), status.lastAnswer, Optional.of(message));
        return new Backoff(config.stream().retryInitial(), config.stream().retryMax()).pause(failures++);
    }

    private void become(State state) {
        if (status.state != state) {
            status = new Status(state, Optional.of(clock.instant()), status.lastAnswer, status.lastError);
        }
    }

    private void signal() {
        monitor.lock();
        try {
            pending = true;
            changed.signalAll();
        } finally {
            monitor.unlock();
        }
    }

    /** Pauses; a change of an open stream ends the pause early, one of a closed stream does not. */
    private void await(Duration pause) {
        monitor.lock();
        try {
            long left = pause.toNanos();
            while (left > 0 && !stopping && !(pending && current != Subscription.NONE)) {
                left = changed.awaitNanos(left);
            }
            pending = false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            stopping = true;
        } finally {
            monitor.unlock();
        }
    }
}
