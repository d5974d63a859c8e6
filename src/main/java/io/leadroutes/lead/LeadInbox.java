package io.leadroutes.lead;

import io.leadroutes.crash.CrashPoint;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import javax.sql.DataSource;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * The durable door of the pipeline: a source is acknowledged only after {@link #accept} has committed.
 */
@ApplicationScoped
public class LeadInbox {

    private final JdbcTemplate jdbc;

    public LeadInbox(DataSource dataSource) {
        this.jdbc = new JdbcTemplate(dataSource);
    }

    /**
     * Stores the leads, joining a running transaction. Their order is that of their times of arrival, one microsecond
     * apart. A version that is older than one of the same record that was stored before has ended with its arrival:
     * it is kept, and nothing is done for it. Versions that are whole numbers or times have an order.
     *
     * @return one event id a lead, in order; a lead whose source, record and version are known gets the id it had
     */
    @Transactional
    public List<UUID> accept(List<IncomingLead> incoming) {
        if (incoming.isEmpty()) {
            return List.of();
        }
        // The same record and version twice in one call is one event: the first counts.
        Map<List<String>, IncomingLead> once = new LinkedHashMap<>();
        incoming.forEach(one -> once.putIfAbsent(key(one.lead()), one));
        List<IncomingLead> leads = new ArrayList<>(once.values());
        String received = LeadJson.write(List.of(Map.of("at", OffsetDateTime.now(ZoneOffset.UTC).toString(), "stage",
                "intake", "detail", "received")));
        jdbc.update("""
                with v as (
                    select *, lead_version_order(version) as version_order, length(version) <= 15 as number
                    from unnest(?::uuid[], ?::text[], ?::text[], ?::text[], ?::text[], ?::int[], ?::text[])
                         with ordinality as v (event_id, source, record_id, version, request_id, priority, lead, place)
                ), judged as (
                    select v.*, exists (
                        select 1 from lead_event e
                        where e.source = v.source and e.record_id = v.record_id
                          and (length(e.version) <= 15) = v.number and lead_version_order(e.version) > v.version_order)
                      or exists (
                        select 1 from v w
                        where w.source = v.source and w.record_id = v.record_id and w.place < v.place
                          and w.number = v.number and w.version_order > v.version_order) as stale
                    from v
                )
                insert into lead_event (event_id, source, record_id, version, request_id, priority, state, received_at,
                                        ended_at, lead, request_ids, timeline)
                select v.event_id, v.source, v.record_id, v.version, v.request_id, v.priority,
                       case when v.stale then 'DONE' else 'RECEIVED' end,
                       now() + (v.place - 1) * interval '1 microsecond', case when v.stale then now() end,
                       v.lead::jsonb, jsonb_build_array(v.request_id),
                       case when v.stale then ?::jsonb || jsonb_build_object('at', now(), 'stage', 'intake', 'detail',
                                 'nothing is done: a newer version of the record came before') else ?::jsonb end
                from judged v
                order by v.source, v.record_id, v.version
                on conflict (source, record_id, version) do nothing""",
                leads.stream().map(lead -> UUID.randomUUID()).toArray(UUID[]::new),
                texts(leads, one -> one.lead().source()),
                texts(leads, one -> one.lead().recordId()),
                texts(leads, one -> one.lead().version()),
                texts(leads, IncomingLead::requestId),
                leads.stream().map(IncomingLead::priority).toArray(Integer[]::new),
                texts(leads, one -> LeadJson.write(one.lead().toMap())), received, received);
        Map<List<String>, UUID> ids = new LinkedHashMap<>();
        jdbc.query("""
                select e.event_id, e.source, e.record_id, e.version
                from unnest(?::text[], ?::text[], ?::text[]) as v (source, record_id, version)
                join lead_event e using (source, record_id, version)""",
                row -> {
                    ids.put(List.of(row.getString(2), row.getString(3), row.getString(4)),
                            row.getObject(1, UUID.class));
                },
                texts(leads, one -> one.lead().source()),
                texts(leads, one -> one.lead().recordId()),
                texts(leads, one -> one.lead().version()));
        CrashPoint.BEFORE_INBOX_COMMIT.reached();
        CrashPoint.AFTER_INBOX_COMMIT.reachedAfterCommit();
        return incoming.stream().map(one -> ids.get(key(one.lead()))).toList();
    }

    private static List<String> key(Lead lead) {
        return List.of(lead.source(), lead.recordId(), lead.version());
    }

    private static String[] texts(List<IncomingLead> leads, Function<IncomingLead, String> of) {
        return leads.stream().map(of).toArray(String[]::new);
    }
}
