-- Up to 200 decided leads, most urgent first, with the latest decision and its owner. While Salesforce takes no calls one
-- lead at a time, when it is time to try.
with probe as (
    update salesforce_pause
    set probe_at = now() + interval '30 seconds'
    where since is not null and probe_at <= now()
      and (select 1 from lead_event                     -- read only for the row, when it is time
           where state = 'DECIDED' and available_at <= now() and (lease_until is null or lease_until < now())
             and since is not null
           order by priority, received_at limit 1) is not null
    returning 1
), due as (
    select event_id
    from lead_event
    where state = 'DECIDED' and available_at <= now() and (lease_until is null or lease_until < now())
      and (exists (select 1 from probe) or not exists (select 1 from salesforce_pause where since is not null))
    order by priority, received_at
    limit 200
    for update skip locked
), claimed as (
    update lead_event e
    set lease_until = now() + interval '15 seconds', attempts = e.attempts + 1, fence = e.fence + 1
    from (select event_id from due limit (select case when exists (select 1 from probe) then 1 else 200 end)) chosen
    where e.event_id = chosen.event_id
    returning e.*
)
select c.event_id, c.request_id, c.state, c.attempts, c.fence, c.received_at, c.lead, c.enrichment, c.match_status,
       c.credits, c.parked_cause, d.number, d.receipt, d.at as decided_at, a.owner, a.owner_name
from claimed c
join lateral (select number, receipt, at from decision where event_id = c.event_id order by number desc limit 1) d
     on true
left join assignment a on a.event_id = c.event_id and a.number = d.number
order by c.priority, c.received_at
