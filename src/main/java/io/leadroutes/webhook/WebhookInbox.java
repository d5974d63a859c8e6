package io.leadroutes.webhook;

import io.leadroutes.compliance.Suppressions;
import io.leadroutes.compliance.Suppressions.Identity;
import io.leadroutes.crm.CrmUpdate;
import io.leadroutes.crm.CrmUpdate.Kind;
import io.leadroutes.crm.CrmUpdates;
import io.leadroutes.lead.LeadJson;
import io.leadroutes.webhook.Delivery.ObjectType;
import io.quarkus.arc.Unremovable;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import jakarta.transaction.Transactional;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import javax.sql.DataSource;
import org.jboss.logging.Logger;
import org.springframework.jdbc.core.JdbcTemplate;

/** Stores deliveries and what follows from them, in one transaction each. */
@ApplicationScoped
@Named("webhookInbox")
@Unremovable
public class WebhookInbox {

    static final String ORIGIN = "webhook";
    static final int PRIORITY = 1;
    private static final Logger LOG = Logger.getLogger(WebhookInbox.class);

    private final JdbcTemplate jdbc;
    private final CrmUpdates updates;
    private final Suppressions suppressions;
    private final Duration repeatWindow;

    @Inject
    WebhookInbox(DataSource dataSource, CrmUpdates updates, Suppressions suppressions, WebhookConfig config) {
        this(dataSource, updates, suppressions, config.repeatWindow());
    }

    WebhookInbox(DataSource dataSource, CrmUpdates updates, Suppressions suppressions, Duration repeatWindow) {
        this.jdbc = new JdbcTemplate(dataSource);
        this.updates = updates;
        this.suppressions = suppressions;
        this.repeatWindow = repeatWindow;
    }

    /**
     * Stores a delivery with its effects: suppressions, CRM updates, and records to be fetched first.
     *
     * @param ours whether the token belongs to the webhook that the delivery names; a delivery to test the target names
     *             another one and has no effect
     * @return false if it has come before, which is noted and has no effect
     */
    @Transactional
    public boolean store(Delivery delivery, boolean ours, String requestId) {
        UUID id = UUID.randomUUID();
        // Of two equal deliveries at once, the second waits here for the commit of the first and then finds it.
        UUID stored = jdbc.queryForObject("""
                insert into webhook_delivery as d (delivery_id, body_hash, webhook_id, request_id, object_type, records)
                values (?, ?, ?, ?, ?, ?)
                on conflict (body_hash) do update set last_seen = now(),
                    repeats = case when d.received_at > now() - make_interval(secs => ?) then d.repeats + 1 else 0 end,
                    delivery_id = case when d.received_at > now() - make_interval(secs => ?) then d.delivery_id
                                  else excluded.delivery_id end,
                    received_at = case when d.received_at > now() - make_interval(secs => ?) then d.received_at
                                  else now() end
                returning delivery_id""", UUID.class, id, delivery.bodyHash(), delivery.webhookId(), requestId,
                delivery.objectType().name(), delivery.records().size(), seconds(), seconds(), seconds());
        if (!id.equals(stored)) {
            return false;
        }
        if (ours) {
            takeEffect(id, delivery, requestId);
        }
        return true;
    }

    private void takeEffect(UUID id, Delivery delivery, String requestId) {
        List<CrmUpdate> ready = new ArrayList<>();
        List<Object[]> fetches = new ArrayList<>();
        for (int i = 0; i < delivery.records().size(); i++) {
            ChangedRecord record = delivery.records().get(i);
            String key = ORIGIN + "/" + id + "/" + i;
            if (record.optedOut() && delivery.objectType() == ObjectType.CONTACT) {
                optOut(record.zoominfoId(), record.email(), key).ifPresent(ready::add);
            } else if (record.complete()) {
                ready.add(update(key, delivery.objectType(), record.zoominfoId(), record.profile(),
                        record.changedAttributes()));
            } else {
                fetches.add(new Object[] {UUID.randomUUID(), delivery.objectType().name(), record.zoominfoId(),
                    LeadJson.write(record.changedAttributes()), requestId});
            }
        }
        updates.add(ready);
        if (!fetches.isEmpty()) {
            jdbc.batchUpdate("""
                    insert into webhook_fetch (id, object_type, zoominfo_id, changed, request_id)
                    values (?, ?, ?, ?::jsonb, ?)""", fetches);
        }
    }

    static CrmUpdate update(String key, ObjectType type, String zoominfoId, Map<String, Object> profile,
            List<String> changed) {
        return new CrmUpdate(ORIGIN, key, type == ObjectType.CONTACT ? Kind.PERSON : Kind.COMPANY, zoominfoId, profile,
                changed, Map.of(), PRIORITY);
    }

    /** Suppresses a person who has opted out; the update that marks it in the CRM. */
    Optional<CrmUpdate> optOut(String personId, Optional<String> email, String key) {
        suppressions.suppress(new Identity(Optional.of(personId), email, Optional.empty()), ORIGIN,
                "ZoomInfo told of an opt-out", Map.of());
        return Optional.of(new CrmUpdate(ORIGIN, key, Kind.OPT_OUT, personId, Map.of(), List.of(),
                Map.of("ZoomInfo_Opted_Out__c", true), PRIORITY));
    }

    private double seconds() {
        return repeatWindow.toMillis() / 1000.0;
    }

    /** Forgets deliveries that could no longer be recognised as repeated; how many. */
    public int purge() {
        int gone = jdbc.update("delete from webhook_delivery where last_seen < now() - make_interval(secs => ?)",
                seconds() * 2);
        if (gone > 0) {
            LOG.debugf("%d webhook deliveries are forgotten", gone);
        }
        return gone;
    }
}
