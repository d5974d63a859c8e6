-- Up to 25 records of one type to ask for in one call.
with due as (
    select id, seq, object_type
    from webhook_fetch
    where state = 'WAITING' and available_at <= now() and (lease_until is null or lease_until < now())
    order by seq
    limit 25
    for update skip locked
), claimed as (
    update webhook_fetch f
    set lease_until = now() + interval '15 seconds', attempts = f.attempts + 1, fence = f.fence + 1
    from due
    where f.id = due.id
      and due.object_type = (select object_type from due order by seq limit 1)
    returning f.*
)
select id, object_type, zoominfo_id, changed, request_id, attempts, fence from claimed order by seq
