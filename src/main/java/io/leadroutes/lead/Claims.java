package io.leadroutes.lead;

import io.quarkus.arc.Unremovable;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Named;
import jakarta.transaction.Transactional;
import java.time.Duration;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.apache.camel.Exchange;
import org.apache.camel.support.SynchronizationAdapter;
import org.jboss.logging.Logger;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * The claims that this process holds. They are renewed while the work goes on, and run out within {@link #LEASE} when
 * the process dies.
 */
@ApplicationScoped
@Named("claims")
@Unremovable
public class Claims {

    /** How long a claim holds without renewal, as in {@code sql/claim-*.sql}; renewed at a third of it. */
    public static final Duration LEASE = Duration.ofSeconds(15);

    private static final Logger LOG = Logger.getLogger(Claims.class);

    /** Work whose claims are held, with the table and the state of its rows. */
    public enum Work {
        ENRICH("lead_event", "event_id", "ENRICHING"),
        WRITE_BACK("lead_event", "event_id", "DECIDED"),
        CRM_UPDATE("crm_update", "id", "QUEUED"),
        WEBHOOK_FETCH("webhook_fetch", "id", "WAITING"),
        WEBSITE_VISIT("website_visit", "id", "NEW");

        private final String table;
        private final String key;
        private final String state;

        Work(String table, String key, String state) {
            this.table = table;
            this.key = key;
            this.state = state;
        }
    }

    private final JdbcTemplate jdbc;
    private final LostClaims lost;
    private volatile boolean draining;
    private final Map<Work, Set<Claim>> held = new EnumMap<>(Work.class);

    public Claims(DataSource dataSource, LostClaims lost) {
        this.jdbc = new JdbcTemplate(dataSource);
        this.lost = lost;
        for (Work work : Work.values()) {
            held.put(work, ConcurrentHashMap.newKeySet());
        }
    }

    /** Holds claims until the exchange is over, wherever it goes on. */
    public void hold(Work work, Collection<Claim> claims, Exchange exchange) {
        List<Claim> all = List.copyOf(claims);
        held.get(work).addAll(all);
        exchange.getExchangeExtension().addOnCompletion(new SynchronizationAdapter() {
            @Override
            public void onDone(Exchange done) {
                all.forEach(held.get(work)::remove);
            }
        });
    }

    /** How many claims of this work are held. */
    public int held(Work work) {
        return held.get(work).size();
    }

    /** From now on nothing more is begun: see {@link #begin}. */
    public void drain() {
        draining = true;
    }

    /**
     * Asks before work on these claims begins, so that nothing has been done under them yet. Extends them; while the
     * process drains it gives them back, and another can claim them at once.
     *
     * @return the ids of those that are ours to work on
     */
    @Transactional
    public Set<UUID> begin(Work work, Collection<Claim> claims) {
        if (!draining) {
            return renew(work, claims);
        }
        // The fence rises: nothing can be written under these claims any more.
        jdbc.update("""
                update %1$s r set lease_until = null, attempts = greatest(r.attempts - 1, 0), fence = r.fence + 1
                from unnest(?::uuid[], ?::bigint[]) as v (id, fence)
                where r.%2$s = v.id and r.fence = v.fence and r.state = '%3$s'"""
                .formatted(work.table, work.key, work.state), Claim.ids(claims, claim -> claim),
                Claim.fences(claims, claim -> claim));
        LOG.infof("%d claim(s) of %s given back: this process ends", claims.size(), work);
        return Set.of();
    }

    /** Extends all claims that are held; one that is being settled just now needs it no more. */
    @Transactional
    public void renewHeld() {
        held.forEach((work, claims) -> {
            List<Claim> all = List.copyOf(claims);
            if (!all.isEmpty()) {
                jdbc.update("""
                        update %1$s set lease_until = now() + make_interval(secs => ?)
                        where %2$s in (select r.%2$s from %1$s r
                                       join unnest(?::uuid[], ?::bigint[]) as v (id, fence)
                                            on r.%2$s = v.id and r.fence = v.fence
                                       where r.state = '%3$s' for update of r skip locked)"""
                        .formatted(work.table, work.key, work.state), (double) LEASE.toSeconds(),
                        Claim.ids(all, claim -> claim), Claim.fences(all, claim -> claim));
            }
        });
    }

    /**
     * Extends these claims.
     *
     * @return the ids of those that are still ours; the others were taken by another process meanwhile
     */
    @Transactional
    public Set<UUID> renew(Work work, Collection<Claim> claims) {
        if (claims.isEmpty()) {
            return Set.of();
        }
        Set<UUID> ours = jdbc.queryForList("""
                update %1$s r set lease_until = now() + make_interval(secs => ?)
                from unnest(?::uuid[], ?::bigint[]) as v (id, fence)
                where r.%2$s = v.id and r.fence = v.fence and r.state = '%3$s'
                returning r.%2$s""".formatted(work.table, work.key, work.state), UUID.class,
                (double) LEASE.toSeconds(), Claim.ids(claims, claim -> claim), Claim.fences(claims, claim -> claim))
                .stream().collect(Collectors.toUnmodifiableSet());
        lost.report(work.name(), claims.size() - ours.size());
        return ours;
    }
}
