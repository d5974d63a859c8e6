-- Each claim of a row raises its fence. A write under a claim names the fence of that claim: one that comes after
-- somebody else has claimed the row changes nothing.
alter table lead_event add column fence bigint not null default 0;
alter table crm_update add column fence bigint not null default 0;
alter table webhook_fetch add column fence bigint not null default 0;
alter table website_visit add column fence bigint not null default 0;

-- A circuit breaker for each account and family of operations of ZoomInfo, shared by all replicas. While it is open
-- nothing is sent but one probe at a time.
create table zoominfo_circuit (
    account      text        not null,                -- digest of base URL and user name
    family       text        not null,                -- enrich, search, …: outages; enrich/contact, …: what the account may not do
    state        text        not null default 'CLOSED' check (state in ('CLOSED', 'OPEN')),
    cause        text,                                -- OUTAGE, QUOTA_EXHAUSTED, NOT_LICENSED, UNAUTHENTICATED
    reason       text,                                -- in words
    failures     int         not null default 0,      -- one after another, without a success between them
    opened_at    timestamptz,
    tries        int         not null default 0,      -- probes that failed since then
    retry_at     timestamptz,                         -- no probe before
    probe_until  timestamptz,                         -- a probe is under way; after that it is taken for lost
    succeeded_at timestamptz,                         -- to the second
    primary key (account, family)
);

-- Leads that are parked for a cause that concerns each by itself (a credit budget, a limit): when some of them are tried
-- again. Those that are parked while a circuit is open wait for the circuit and have no row here.
create table lead_park (
    cause    text        primary key,
    since    timestamptz not null default now(),
    tries    int         not null default 0,          -- how often some were tried in vain
    retry_at timestamptz not null
);
alter table lead_event add column parked_at timestamptz;              -- first parked for a call that failed
alter table lead_event add column parks int not null default 0;       -- how often a call for it has failed so
create index lead_event_parked on lead_event (parked_cause, priority, received_at) where state = 'PARKED';

-- Which of two versions of a record is the newer: whole numbers of up to 15 digits and times (ISO 8601 with a zone) have
-- an order, each among themselves; others have none.
create function lead_version_order(version text) returns numeric
language sql stable as $$
    select case when version ~ '^\d{1,15}$' then version::numeric
                when version ~ '^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:?\d\d)$'
                    then extract(epoch from version::timestamptz) end
$$;
