-- A record that spoils a call is searched for as leads are (route batch-isolate), no longer by asking for each alone.
alter table webhook_fetch
    drop column alone,
    add column failed_at timestamptz;      -- first put off for a call that failed

-- Names a row for its claim, as in the other stages.
alter table website_visit add column id uuid not null default gen_random_uuid() unique;

-- A version that looks like a time and is none has no order; it is no reason to refuse the lead.
create function lead_version_time(version text) returns numeric
language plpgsql stable as $$
begin
    return extract(epoch from version::timestamptz);
exception when data_exception then
    return null;
end
$$;
create or replace function lead_version_order(version text) returns numeric
language sql stable as $$
    select case when version ~ '^\d{1,15}$' then version::numeric
                when version ~ '^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:?\d\d)$'
                    then lead_version_time(version) end
$$;
