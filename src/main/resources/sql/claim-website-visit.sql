-- Up to 10 addresses of which ZoomInfo has not been asked that day.
update website_visit v
set lease_until = now() + interval '15 seconds', attempts = v.attempts + 1, fence = v.fence + 1
from (
    select day, address_hash
    from website_visit
    where state = 'NEW' and address is not null and available_at <= now()
      and (lease_until is null or lease_until < now())
    order by first_seen
    limit 10
    for update skip locked
) due
where v.day = due.day and v.address_hash = due.address_hash
returning v.id, v.address, v.attempts, v.fence
