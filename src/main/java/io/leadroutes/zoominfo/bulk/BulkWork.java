package io.leadroutes.zoominfo.bulk;

import io.leadroutes.crm.CrmException;
import io.leadroutes.zoominfo.FailureClass;
import io.leadroutes.zoominfo.ZoomInfoConfig;
import io.leadroutes.zoominfo.ZoomInfoException;
import io.quarkus.arc.Unremovable;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import jakarta.transaction.Transactional;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import javax.sql.DataSource;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangeException;
import org.apache.camel.Variable;
import org.jboss.logging.Logger;
import org.springframework.jdbc.core.JdbcTemplate;

/** Who works on which refresh: one process at a time, under a lease with a fence. */
@ApplicationScoped
@Named("bulkWork")
@Unremovable
public class BulkWork {

    /** How long a claim holds; renewed while the process lives. */
    static final Duration LEASE = Duration.ofSeconds(20);
    /** An upload that has brought nothing to an end for this long has died with its process. */
    private static final String UPLOAD_LIMIT = "6 hours";
    private static final Logger LOG = Logger.getLogger(BulkWork.class);

    private final JdbcTemplate jdbc;
    private final ZoomInfoConfig.Pause pauses;
    private final UUID self = UUID.randomUUID();
    private final Set<UUID> claimed = ConcurrentHashMap.newKeySet();

    @Inject
    BulkWork(DataSource dataSource, ZoomInfoConfig config) {
        this(dataSource, config.pause());
    }

    BulkWork(DataSource dataSource, ZoomInfoConfig.Pause pauses) {
        this.jdbc = new JdbcTemplate(dataSource);
        this.pauses = pauses;
    }

    /** Claims the refreshes that have something to do, or keeps them; those that another process works on are left out. */
    @Transactional
    public List<Work> claim() {
        jdbc.update("""
                update bulk_refresh set state = 'FAILED', ended_at = now(), cause = 'The upload was not finished.'
                where state = 'RECEIVING' and created_at < now() - interval '%s'""".formatted(UPLOAD_LIMIT));
        List<Work> mine = jdbc.query("""
                update bulk_refresh r
                set fence = case when lease_owner = ? then fence else fence + 1 end, lease_owner = ?,
                    lease_until = now() + make_interval(secs => ?)
                where id in (select id from bulk_refresh
                             where state in ('LOADING', 'QUOTING', 'RUNNING') and not_before <= now()
                               and (lease_owner = ? or lease_until is null or lease_until < now())
                             order by created_at limit 20 for update skip locked)
                returning id, object, state, fence""", (row, n) -> new Work(row.getObject(1, UUID.class),
                RefreshObject.named(row.getString(2)).orElseThrow(), row.getString(3), row.getLong(4)),
                self, self, (double) LEASE.toSeconds(), self);
        claimed.clear();
        mine.forEach(work -> claimed.add(work.id()));
        return mine;
    }

    /** Extends the claims while the work on them goes on. */
    @Transactional
    public void renew() {
        if (!claimed.isEmpty()) {
            jdbc.update("""
                    update bulk_refresh set lease_until = now() + make_interval(secs => ?)
                    where id in (select id from bulk_refresh where id = any (?) and lease_owner = ?
                                 for update skip locked)""",
                    (double) LEASE.toSeconds(), claimed.toArray(UUID[]::new), self);
        }
    }

    /**
     * Holds the refresh until the end of the transaction, if it is still this process's and in the same state.
     *
     * @throws LostLeaseException otherwise
     */
    void hold(Work work) {
        if (jdbc.queryForList("select 1 from bulk_refresh where id = ? and fence = ? and state = ? for update",
                work.id(), work.fence(), work.state()).isEmpty()) {
            throw new LostLeaseException(work.id());
        }
    }

    /** Lays the refresh aside for a while, for a failure that is not its fault; pauses it for one that somebody must see to. */
    @Transactional
    public void rest(@Variable("work") Work work, @ExchangeException Exception failure) {
        if (failure instanceof ZoomInfoException zoominfo) {
            FailureClass kind = zoominfo.getFailureClass();
            switch (kind) {
                case QUOTA_EXHAUSTED, NOT_LICENSED, INVALID_REQUEST -> pause(work, kind + ": " + zoominfo.getMessage());
                case UNAUTHENTICATED -> later(work, kind + ": " + zoominfo.getMessage(), pauses.account());
                default -> later(work, kind + ": " + zoominfo.getMessage(), pauses.outage());
            }
        } else if (failure instanceof CrmException) {
            later(work, failure.getMessage(), pauses.outage());
        } else {
            later(work, failure.getClass().getSimpleName(), pauses.outage());
        }
    }

    void later(Work work, String cause, Duration pause) {
        jdbc.update("update bulk_refresh set cause = ?, not_before = now() + make_interval(secs => ?) "
                + "where id = ? and fence = ?", cause, pause.toMillis() / 1000.0, work.id(), work.fence());
        LOG.warnf("Bulk refresh %s goes on in %d s: %s", work.id(), pause.toSeconds(), cause);
    }

    void pause(Work work, String cause) {
        jdbc.update("update bulk_refresh set state = 'PAUSED', cause = ? where id = ? and fence = ? and state = ?", cause,
                work.id(), work.fence(), work.state());
        LOG.warnf("Bulk refresh %s is paused until it is resumed: %s", work.id(), cause);
    }

    /** Makes an exchange that a called route has given up on one that goes on. */
    public void reopen(Exchange exchange) {
        exchange.getExchangeExtension().setFailureHandled(false);
        exchange.getExchangeExtension().setErrorHandlerHandled(null);
        exchange.getExchangeExtension().setRedeliveryExhausted(false);
        exchange.removeProperty(Exchange.TRY_ROUTE_BLOCK);
    }

    /** Ends a refresh of which nothing is left to do. */
    @Transactional
    public void conclude(@Variable("work") Work work) {
        int ended = jdbc.update("""
                update bulk_refresh r set state = 'DONE', ended_at = now(), cause = null
                where id = ? and fence = ? and state = 'RUNNING'
                  and not exists (select 1 from bulk_job j where j.refresh_id = r.id and j.kind = 'ENRICH'
                                  and j.state in ('WAITING', 'SUBMITTING', 'DOUBT', 'ACTIVE'))""",
                work.id(), work.fence());
        if (ended == 1) {
            jdbc.update("delete from bulk_item where refresh_id = ?", work.id());
            LOG.infof("Bulk refresh %s is done", work.id());
        }
    }

    /** One line in the log for each refresh that this process works on. */
    public void report() {
        new RefreshReader(jdbc).running(self).forEach(refresh -> LOG.info(String.format(Locale.ROOT,
                "Bulk refresh %s of %s: %s, %d of %d record(s) done, %.0f a second, %s to go, %d of %d credit(s) spent, "
                        + "%d job(s) active, %d page(s) fetched%s", refresh.id(), refresh.object(), refresh.state(),
                refresh.progress().done(), refresh.records().items(), refresh.progress().perSecond(),
                refresh.progress().secondsLeft().map(seconds -> Duration.ofSeconds(seconds).toString()).orElse("?"),
                refresh.credits().spent(), refresh.credits().quoted(), refresh.jobs().active(), refresh.pages().fetched(),
                refresh.cause().map(cause -> " (" + cause + ")").orElse(""))));
    }
}
