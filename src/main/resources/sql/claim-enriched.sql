-- Up to 200 leads that wait for a decision, most urgent first. A claim that a dead process left runs out by itself.
update lead_event e
set lease_until = now() + interval '30 seconds', attempts = e.attempts + 1, fence = e.fence + 1
from (
    select event_id
    from lead_event
    where state = 'ENRICHED' and available_at <= now() and (lease_until is null or lease_until < now())
    order by priority, received_at
    limit 200
    for update skip locked
) batch
where e.event_id = batch.event_id
returning e.event_id, e.request_id, e.state, e.attempts, e.fence, e.received_at, e.lead, e.enrichment, e.match_status, e.credits,
          now() as claimed_at
