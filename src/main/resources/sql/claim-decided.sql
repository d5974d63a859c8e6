-- Up to 200 decided leads, most urgent first, with the latest decision and its owner. While Salesforce takes no calls one
-- lead at a time, when it is time to try. Of one record one at a time, and what is older than a version that is written
-- or goes now has ended: its write would bring the older state back. Which of two is the newer is told by their
-- versions, where these have an order, else by their arrival.
with probe as (
    update salesforce_pause
    set probe_at = now() + interval '30 seconds'
    where since is not null and probe_at <= now()
      and (select 1 from lead_event                     -- read only for the row, when it is time
           where state = 'DECIDED' and available_at <= now() and (lease_until is null or lease_until < now())
             and since is not null
           order by priority, received_at limit 1) is not null
    returning 1
), first as (
    select source, record_id
    from lead_event
    where state = 'DECIDED' and available_at <= now() and (lease_until is null or lease_until < now())
      and (exists (select 1 from probe) or not exists (select 1 from salesforce_pause where since is not null))
    order by priority, received_at
    limit 200
    for update skip locked
), waiting as (                                         -- with all others of their records
    select e.event_id, e.source, e.record_id, e.priority, e.received_at, lead_version_order(e.version) as version_order,
           length(e.version) <= 15 as number
    from (select distinct source, record_id from first) r join lead_event e using (source, record_id)
    where e.state = 'DECIDED' and e.available_at <= now() and (e.lease_until is null or e.lease_until < now())
    for update of e skip locked
), compared as (
    select w.*, bool_and(version_order is not null and number) over one_record
             or bool_and(version_order is not null and not number) over one_record as ordered
    from waiting w
    window one_record as (partition by source, record_id)
), placed as (
    select c.*, row_number() over (partition by source, record_id
                                   order by case when ordered then version_order end desc, received_at desc,
                                            event_id) as place,
           exists (select 1 from lead_event o
                   where o.source = c.source and o.record_id = c.record_id and o.state = 'DONE' and o.writes <> '[]'
                     and case when (length(o.version) <= 15) = c.number
                              then coalesce(lead_version_order(o.version) > c.version_order,
                                            o.received_at > c.received_at)
                              else o.received_at > c.received_at end) as outdone
    from compared c
), superseded as (
    update lead_event e
    set state = 'DONE', ended_at = now(), lease_until = null, parked_cause = null, fence = e.fence + 1,
        timeline = e.timeline || jsonb_build_object('at', now(), 'stage', 'write-back', 'detail',
                   'superseded: nothing is written, a newer version of the record is')
    from placed p
    where e.event_id = p.event_id and (p.place > 1 or p.outdone)
), due as (
    select event_id, priority, received_at
    from placed p
    where place = 1 and not outdone
      -- Another one that is not locked here is in the hands of another replica, unless it waits for later.
      and not exists (select 1 from lead_event o
                      where o.source = p.source and o.record_id = p.record_id and o.state = 'DECIDED'
                        and (o.lease_until > now() or o.available_at <= now())
                        and not exists (select 1 from waiting w where w.event_id = o.event_id))
), claimed as (
    update lead_event e
    set lease_until = now() + interval '15 seconds', attempts = e.attempts + 1, fence = e.fence + 1
    from (select event_id from due order by priority, received_at
          limit (select case when exists (select 1 from probe) then 1 else 200 end)) chosen
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
