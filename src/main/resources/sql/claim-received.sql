-- Up to 25 waiting leads, most urgent first. Fewer than 25 are taken only when no call is in flight and the last one
-- left a while ago, or when the oldest has waited for the linger time (ack-clocked batching). One replica at a time
-- claims: the holder of the egress lease. While a circuit is open none is taken, and one, as a probe, when that is due.
with room as (
    select coalesce(min(case when retry_at <= clock_timestamp()
                                  and coalesce(probe_until <= clock_timestamp(), true) then 1 else 0 end), 25) as leads
    from zoominfo_circuit
    where account = :#${bean:zoominfoCircuits?method=account} and family in ('enrich', 'enrich/contact')
      and state = 'OPEN'
), due as (
    select event_id, received_at
    from lead_event
    where state = 'RECEIVED' and available_at <= now()
      and exists (select 1 from egress_slot
                  where tier = 'standard' and lease_until > clock_timestamp()
                    and holder = cast(:#${bean:egressLease?method=holder} as uuid))
    order by priority, received_at
    limit (select leads from room)
    for update skip locked
), batch as (
    select event_id
    from due
    where (select count(*) from due) = 25
       or (select min(received_at) from due) <= now() - make_interval(secs => :#${bean:enrichmentStage?method=lingerSeconds})
       or (:#${bean:enrichmentStage?method=quiet}
           and not exists (select 1 from lead_event where state = 'ENRICHING' and lease_until > now()))
)
update lead_event e
set state = 'ENRICHING', lease_until = now() + interval '15 seconds', attempts = e.attempts + 1,
    fence = e.fence + 1
from batch
where e.event_id = batch.event_id
returning e.event_id, e.request_id, e.state, e.attempts, e.fence, e.received_at, e.lead, e.enrichment, e.match_status, e.credits
