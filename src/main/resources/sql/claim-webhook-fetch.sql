-- Up to 25 records of one type to ask for in one call; one that spoiled a batch before goes by itself.
with due as (
    select id, seq, object_type, alone
    from webhook_fetch
    where state = 'WAITING' and available_at <= now() and (lease_until is null or lease_until < now())
    order by seq
    limit 25
    for update skip locked
), first as (
    select object_type, alone, id from due order by seq limit 1
), claimed as (
    update webhook_fetch f
    set lease_until = now() + interval '15 seconds', attempts = f.attempts + 1, fence = f.fence + 1
    from due, first
    where f.id = due.id and due.object_type = first.object_type
      and (first.alone and due.id = first.id or not first.alone and not due.alone)
    returning f.*
)
select id, object_type, zoominfo_id, changed, request_id, attempts, fence from claimed order by seq
