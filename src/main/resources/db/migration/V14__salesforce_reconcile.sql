-- A record of Salesforce is created once: the creation has one key in the inbox, whether the stream or the
-- reconciliation tells of it. Before, the key held the commit number, which no query can ask for.
update lead_event e
set version = 'created', lead = lead || '{"version": "created"}'
where source = 'salesforce' and version ~ '^[0-9]{10,}$'
  and not exists (select 1 from lead_event o
                  where o.source = 'salesforce' and o.record_id = e.record_id
                    and (o.version = 'created' or o.version ~ '^[0-9]{10,}$' and o.version < e.version));

-- Of which organisation the position is: one of another says nothing.
alter table salesforce_replay add column org text;

-- The one reconciliation: leads created in Salesforce that are not in the inbox.
create table salesforce_reconcile (
    only_one       boolean     primary key default true check (only_one),
    complete_until timestamptz,                        -- what was created before is in the inbox, overlap aside
    wanted_cause   text,                               -- why another run is wanted; null when none is
    not_before     timestamptz not null default '-infinity',
    running        boolean     not null default false,
    cause          text,                               -- of the present run or the last
    started_at     timestamptz,
    finished_at    timestamptz,
    range_from     timestamptz,                        -- leads created since then are looked at
    cursor_at      timestamptz,                        -- SystemModstamp and id of the last that was looked at
    cursor_id      text,
    looked_at      bigint      not null default 0,     -- by the present run or the last
    missed         bigint      not null default 0,     -- of these, taken in by it
    waits_for      text,
    lease_until    timestamptz not null default '-infinity',
    fence          bigint      not null default 0      -- raised by each turn; work under an older one is void
);
insert into salesforce_reconcile (complete_until) select max(event_time) from salesforce_replay;

-- Whether Salesforce takes no calls now: then one record at a time is tried, all replicas together.
create table salesforce_pause (
    only_one boolean     primary key default true check (only_one),
    since    timestamptz,                              -- null while it answers
    cause    text,
    failures int         not null default 0,           -- in a row
    probe_at timestamptz not null default '-infinity'  -- nothing is tried before
);
insert into salesforce_pause default values;
