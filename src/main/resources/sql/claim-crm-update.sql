-- Up to 200 updates of CRM records, most urgent first. Of one person or company one at a time, so that an older update
-- never overtakes a newer one.
with due as (
    select id
    from crm_update u
    where state = 'QUEUED' and available_at <= now() and (lease_until is null or lease_until < now())
      and not exists (select 1 from crm_update o
                      where o.kind = u.kind and o.zoominfo_id = u.zoominfo_id and o.state = 'QUEUED' and o.id <> u.id
                        and (o.lease_until > now() or (o.priority, o.seq) < (u.priority, u.seq)))
    order by priority, seq
    limit 200
    for update skip locked
), claimed as (
    update crm_update u
    set lease_until = now() + interval '15 seconds', attempts = u.attempts + 1, fence = u.fence + 1
    from due
    where u.id = due.id
    returning u.*
)
select id, seq, origin, key, kind, zoominfo_id, profile, changed_attributes, fields, priority, attempts, fence,
       waits_for, request_id, created_at
from claimed
order by priority, seq
