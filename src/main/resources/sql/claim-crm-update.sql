-- Up to 200 updates of CRM records, most urgent first. Of one person or company one at a time, so that an older update
-- never overtakes a newer one. They leave the last API calls of the day to leads. While Salesforce takes no calls one
-- update at a time, when it is time to try.
with probe as (
    update salesforce_pause
    set probe_at = now() + interval '30 seconds'
    where since is not null and probe_at <= now() and :#${bean:salesforceLimits?method=admitsBackground}
      and (select 1 from crm_update                     -- read only for the row, when it is time
           where state = 'QUEUED' and available_at <= now() and (lease_until is null or lease_until < now())
             and since is not null
           order by priority, seq limit 1) is not null
    returning 1
), due as (
    select id
    from crm_update u
    where state = 'QUEUED' and available_at <= now() and (lease_until is null or lease_until < now())
      and not exists (select 1 from crm_update o
                      where o.kind = u.kind and o.zoominfo_id = u.zoominfo_id and o.state = 'QUEUED' and o.id <> u.id
                        and (o.lease_until > now() or (o.priority, o.seq) < (u.priority, u.seq)))
      and :#${bean:salesforceLimits?method=admitsBackground}
      and (exists (select 1 from probe) or not exists (select 1 from salesforce_pause where since is not null))
    order by priority, seq
    limit 200
    for update skip locked
), claimed as (
    update crm_update u
    set lease_until = now() + interval '15 seconds', attempts = u.attempts + 1, fence = u.fence + 1
    from (select id from due limit (select case when exists (select 1 from probe) then 1 else 200 end)) chosen
    where u.id = chosen.id
    returning u.*
)
select id, seq, origin, key, kind, zoominfo_id, profile, changed_attributes, fields, priority, attempts, fence,
       waits_for, request_id, created_at
from claimed
order by priority, seq
