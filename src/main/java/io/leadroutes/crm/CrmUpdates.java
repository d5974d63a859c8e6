package io.leadroutes.crm;

import io.leadroutes.lead.Claim;
import io.leadroutes.lead.DeadLetters;
import io.leadroutes.lead.LeadJson;
import io.leadroutes.lead.Replayable;
import io.quarkus.arc.All;
import io.quarkus.arc.Unremovable;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import jakarta.transaction.Transactional;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import javax.sql.DataSource;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * The durable queue of everything but the main job that changes records of the CRM. What is added in a transaction is
 * written by the route {@code crm-update}, once for each key; an update ends as {@code DONE}, {@code DEAD} (with a
 * dead letter) or {@code SUPPRESSED} (the person may not be written).
 */
@ApplicationScoped
@Named("crmUpdates")
@Unremovable
public class CrmUpdates implements Replayable {

    private static final int PURGED_AT_ONCE = 10_000;

    private static final Logger LOG = Logger.getLogger(CrmUpdates.class);

    private final JdbcTemplate jdbc;
    private final Duration retention;
    private List<OptOutListener> listeners = List.of();

    /**
     * @param retention how long updates are kept after their end
     */
    @Inject
    public CrmUpdates(DataSource dataSource,
            @ConfigProperty(name = "crm.updates.retention", defaultValue = "P7D") Duration retention) {
        this.jdbc = new JdbcTemplate(dataSource);
        this.retention = retention;
    }

    /** Who is told of opt-outs; nobody, where there is no container. */
    @Inject
    void tell(@All List<OptOutListener> all) {
        listeners = List.copyOf(all);
    }

    /** How an update ended. */
    public enum End {
        DONE, DEAD, SUPPRESSED
    }

    /**
     * An update that ended.
     *
     * @param outcome {@code detail} in words, and {@code records} with object, record id and names of fields
     */
    public record Ended(QueuedUpdate update, End end, Outcome outcome) {
    }

    /** What became of an update; holds names of fields, no values. */
    public record Outcome(String detail, List<RecordOutcome> records) {
    }

    /** What became of one record of the CRM. */
    public record RecordOutcome(String object, String recordId, List<String> fields, String result) {
    }

    /** An update that is tried again after a pause. */
    public record Later(QueuedUpdate update, String cause, Duration pause) {
    }

    /**
     * Queues updates. Those whose key is known already are passed over. Part of the caller's transaction, if there is
     * one: an update that is added there is never lost and never seen before the commit.
     */
    @Transactional
    public void add(Collection<CrmUpdate> updates) {
        if (updates.isEmpty()) {
            return;
        }
        List<CrmUpdate> all = List.copyOf(updates);
        all.stream().filter(update -> update.kind() == CrmUpdate.Kind.OPT_OUT).forEach(update ->
                listeners.forEach(listener -> listener.optedOut(update.zoominfoId(), update.origin())));
        jdbc.update("""
                insert into crm_update (id, origin, key, kind, zoominfo_id, profile, changed_attributes, fields,
                                        priority, request_id)
                select id, origin, key, kind, zoominfo_id, profile::jsonb, changed::jsonb, fields::jsonb, priority,
                       id::text
                from unnest(?::uuid[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[],
                            ?::int[]) with ordinality
                     as v (id, origin, key, kind, zoominfo_id, profile, changed, fields, priority, place)
                order by place
                on conflict (key) do nothing""",
                all.stream().map(update -> UUID.randomUUID()).toArray(UUID[]::new),
                texts(all, CrmUpdate::origin), texts(all, CrmUpdate::key), texts(all, update -> update.kind().name()),
                texts(all, CrmUpdate::zoominfoId), texts(all, update -> LeadJson.write(update.profile())),
                texts(all, update -> LeadJson.write(update.changedAttributes())),
                texts(all, update -> LeadJson.write(update.fields())),
                all.stream().map(CrmUpdate::priority).toArray(Integer[]::new));
    }

    /**
     * Ends updates. ZoomInfo's record is forgotten unless a replay may need it.
     *
     * @return those that were still ours to end
     */
    @Transactional
    public Set<UUID> end(Collection<Ended> ended) {
        List<Ended> all = List.copyOf(ended);
        if (all.isEmpty()) {
            return Set.of();
        }
        List<QueuedUpdate> updates = all.stream().map(Ended::update).toList();
        return Set.copyOf(jdbc.queryForList("""
                update crm_update u
                set state = v.state, ended_at = now(), lease_until = null, waits_for = null, outcome = v.outcome::jsonb,
                    profile = case v.state when 'DEAD' then u.profile else '{}' end,
                    fields = case v.state when 'DEAD' then u.fields else '{}' end
                from unnest(?::uuid[], ?::bigint[], ?::text[], ?::text[]) as v (id, fence, state, outcome)
                where u.id = v.id and u.fence = v.fence and u.state = 'QUEUED'
                returning u.id""", UUID.class, Claim.ids(updates, QueuedUpdate::claim),
                Claim.fences(updates, QueuedUpdate::claim),
                all.stream().map(one -> one.end().name()).toArray(String[]::new),
                all.stream().map(one -> LeadJson.write(one.outcome())).toArray(String[]::new)));
    }

    /**
     * Puts updates back for a while.
     *
     * @return how many were still ours
     */
    @Transactional
    public int postpone(Collection<Later> later) {
        List<Later> all = List.copyOf(later);
        if (all.isEmpty()) {
            return 0;
        }
        List<QueuedUpdate> updates = all.stream().map(Later::update).toList();
        return jdbc.update("""
                update crm_update u
                set lease_until = null, available_at = now() + make_interval(secs => v.seconds), waits_for = v.cause
                from unnest(?::uuid[], ?::bigint[], ?::float8[], ?::text[]) as v (id, fence, seconds, cause)
                where u.id = v.id and u.fence = v.fence and u.state = 'QUEUED'""",
                Claim.ids(updates, QueuedUpdate::claim), Claim.fences(updates, QueuedUpdate::claim),
                all.stream().map(one -> one.pause().toMillis() / 1000.0).toArray(Double[]::new),
                all.stream().map(Later::cause).toArray(String[]::new));
    }

    @Override
    public DeadLetters.Stage stage() {
        return DeadLetters.Stage.CRM_UPDATE;
    }

    /** Queues dead updates again, for {@code POST /api/dead-letters/…/replay}. */
    @Override
    public int replay(Collection<UUID> ids) {
        return jdbc.update("""
                update crm_update
                set state = 'QUEUED', ended_at = null, attempts = 0, lease_until = null, available_at = now(),
                    created_at = now(), waits_for = null
                where id = any (?) and state = 'DEAD'""", (Object) ids.toArray(UUID[]::new));
    }

    /**
     * Removes updates that ended longer ago than {@code crm.updates.retention}; a dead one stays as long as its letter
     * is open. Their keys are free again then.
     *
     * @return how many
     */
    public int purge() {
        int all = 0;
        int some;
        do {
            some = jdbc.update("""
                    delete from crm_update where id in (
                        select id from crm_update u
                        where state <> 'QUEUED' and ended_at < now() - make_interval(secs => ?)
                          and not exists (select 1 from dead_letter d where d.event_id = u.id and d.state = 'OPEN')
                        limit ?)""", (double) retention.toSeconds(), PURGED_AT_ONCE);
            all += some;
        } while (some == PURGED_AT_ONCE);
        if (all > 0) {
            LOG.infof("%d CRM update(s) that ended more than %s ago are removed", all, retention);
        }
        return all;
    }

    private static String[] texts(List<CrmUpdate> updates, Function<CrmUpdate, String> of) {
        return updates.stream().map(of).toArray(String[]::new);
    }
}
