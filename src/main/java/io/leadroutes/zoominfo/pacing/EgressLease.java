package io.leadroutes.zoominfo.pacing;

import io.leadroutes.zoominfo.Account;
import io.leadroutes.zoominfo.ZoomInfoConfig;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.arc.Unremovable;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import jakarta.interceptor.Interceptor;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import javax.sql.DataSource;
import org.jboss.logging.Logger;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Which replica runs the enrichment egress of a tier: one at a time, by a lease of 3 seconds in the row of
 * {@code egress_slot}, renewed each second by the database's clock. A change of the holder raises the epoch; slots for
 * the enrichment are taken under it, so that a holder which was stalled and overtaken sends nothing more.
 */
@ApplicationScoped
@Named("egressLease")
@Unremovable
public class EgressLease {

    /** No epoch of any holder. */
    public static final long NONE = -1;

    static final Duration LENGTH = Duration.ofSeconds(3);
    private static final Duration RENEWAL = Duration.ofSeconds(1);
    private static final Duration LOOK = Duration.ofMillis(250);
    private static final Logger LOG = Logger.getLogger(EgressLease.class);

    private final UUID holder = UUID.randomUUID();
    private final Map<String, Holding> holdings = new ConcurrentHashMap<>();
    private final String account;
    private final List<String> tiers;
    private final JdbcClient jdbc;
    private final NanoClock clock;
    private final Function<String, Duration> longestTrip;
    private final EgressStates states;
    private ScheduledExecutorService keeper;
    private long statesReadAt;
    private boolean troubled;

    /**
     * The egress of a tier as all replicas see it.
     *
     * @param holder           the replica that runs the enrichment egress; empty when none does
     * @param here             whether that is this one
     * @param epoch            how often the holder has changed
     * @param guard            share by which calls are spaced wider than the limits demand
     * @param spacingMillis    distance between two calls as last used
     * @param pausedSeconds    time until the pause after a 429 ends, or 0
     * @param foreignPerSecond calls a second that are left to other clients of the account
     * @param sent             slots handed out so far
     * @param windows          the limits, and the slots handed out within each
     */
    public record State(String tier, String holder, boolean here, long epoch, double guard, double spacingMillis,
            double pausedSeconds, double foreignPerSecond, long sent, List<WindowUse> windows) {
    }

    /**
     * A limit and what is used of it. A long window is counted in grains, and so may count a little more.
     *
     * @param window as in the configuration
     * @param used   slots handed out within the last period
     */
    public record WindowUse(String window, long used) {
    }

    /** @param since moment before the statement that the lease runs from */
    private record Holding(long epoch, long since) {
    }

    @Inject
    EgressLease(EgressConnections connections, EgressStates states, ZoomInfoConfig config, Pacing pacing,
            MeterRegistry meters) {
        this(connections.dataSource(), Account.of(config), List.copyOf(config.tier().requestsPerMinute().keySet()),
                pacing::longestTrip, states, NanoClock.SYSTEM);
        for (String tier : tiers) {
            Gauge.builder("leadroutes.zoominfo.egress.holder", () -> holds(tier) ? 1 : 0)
                    .description("1 where this replica runs the enrichment egress").tag("tier", tier).register(meters);
        }
    }

    EgressLease(DataSource dataSource, String account, List<String> tiers, Function<String, Duration> longestTrip,
            EgressStates states, NanoClock clock) {
        this.account = account;
        this.tiers = tiers;
        this.jdbc = dataSource == null ? null : JdbcClient.create(dataSource);
        this.longestTrip = longestTrip;
        this.states = states;
        this.clock = clock;
        this.statesReadAt = clock.now();
    }

    /** For CDI's client proxy. */
    EgressLease() {
        this(null, "", List.of(), tier -> Duration.ZERO, null, NanoClock.SYSTEM);
    }

    /** Before Camel: the first claim finds the lease taken. */
    void start(@Observes StartupEvent event) {
        look();
        keeper = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, "egress-lease");
            thread.setDaemon(true);
            return thread;
        });
        keeper.scheduleWithFixedDelay(this::look, LOOK.toMillis(), LOOK.toMillis(), TimeUnit.MILLISECONDS);
    }

    void stop(@Observes @Priority(Interceptor.Priority.PLATFORM_BEFORE) ShutdownEvent event) {
        letGo();
    }

    /** Lets go for good, so that another replica goes on while this one drains. */
    public void letGo() {
        if (keeper != null) {
            keeper.shutdown();
            try {
                keeper.awaitTermination(LENGTH.toMillis(), TimeUnit.MILLISECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        release();
    }

    /** How this replica is named in the row; a parameter of the claim. */
    public String holder() {
        return holder.toString();
    }

    /** Whether this replica runs the enrichment egress of a tier. False as soon as it could not renew in time. */
    public boolean holds(String tier) {
        return epoch(tier) != NONE;
    }

    /** The epoch under which this replica holds the lease of a tier; {@link #NONE} when it does not. */
    public long epoch(String tier) {
        Holding holding = holdings.get(tier);
        return holding == null || clock.now() - holding.since >= LENGTH.toNanos() ? NONE : holding.epoch;
    }

    /** The egress of each tier as the shared rows say now. */
    public List<State> states() {
        return states.read(holder());
    }

    /** Takes what is free and renews what is due. */
    void look() {
        try {
            for (String tier : tiers) {
                Holding holding = holdings.get(tier);
                if (holding == null || clock.now() - holding.since >= RENEWAL.toNanos()) {
                    hold(tier, holding);
                }
            }
            if (clock.now() - statesReadAt >= RENEWAL.toNanos()) {
                statesReadAt = clock.now();
                states.read(holder());
            }
            troubled = false;
        } catch (DataAccessException e) {
            if (!troubled) {
                LOG.warnf("The egress lease cannot be renewed: %s", e.getMostSpecificCause().getMessage());
            }
            troubled = true;
        } catch (RuntimeException e) {
            LOG.error("The egress lease cannot be renewed", e);
        }
    }

    private void hold(String tier, Holding before) {
        long now = clock.now();
        long epoch = jdbc.sql("select held, under from hold_egress(:account, :tier, :holder, :trip, null)")
                .param("account", account).param("tier", tier).param("holder", holder)
                .param("trip", longestTrip.apply(tier).toNanos() / 1000)
                .query((row, number) -> row.getBoolean("held") ? row.getLong("under") : NONE).single();
        if (epoch == NONE) {
            if (holdings.remove(tier) != null) {
                LOG.infof("Another replica has taken over the enrichment egress of the %s tier", tier);
            }
            return;
        }
        holdings.put(tier, new Holding(epoch, now));
        if (before == null || before.epoch != epoch) {
            LOG.infof("This replica runs the enrichment egress of the %s tier (epoch %d)", tier, epoch);
        }
    }

    /** Gives everything back in order: the next holder need not wait. */
    void release() {
        holdings.clear();
        try {
            jdbc.sql("update egress_slot set holder = null, lease_until = null where account = :account "
                    + "and holder = :holder").param("account", account).param("holder", holder).update();
        } catch (DataAccessException e) {
            LOG.warnf("The egress lease could not be given back and runs out in %d s: %s", LENGTH.toSeconds(),
                    e.getMostSpecificCause().getMessage());
        }
    }
}
