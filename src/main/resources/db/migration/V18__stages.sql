-- A record that spoils a call is searched for as leads are (route batch-isolate), no longer by asking for each alone.
alter table webhook_fetch
    drop column alone,
    add column failed_at timestamptz;      -- first put off for a call that failed

-- Names a row for its claim, as in the other stages.
alter table website_visit add column id uuid not null default gen_random_uuid() unique;
