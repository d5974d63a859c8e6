-- The credit ledger. Each change is made under the lock of the row of the account (source '', day infinity).
create table credit_use (
    source   text   not null,                          -- of the work; '' for all sources together
    day      date   not null,                          -- on which the credits were reserved; infinity for all days
    reserved bigint not null default 0 check (reserved >= 0),
    settled  bigint not null default 0 check (settled >= 0),
    refunded bigint not null default 0 check (refunded >= 0),
    primary key (source, day)
);

-- Credits that calls may still cost. A reservation belongs to the work, not to the process: whoever takes the work over
-- finds it.
create table credit_reservation (
    holder      text        primary key,               -- lead event, bulk job, or a digest of other work
    kind        text        not null,                  -- live, webhook, bulk, prospect, websights, route
    source      text        not null,
    day         date        not null,
    credits     bigint      not null check (credits > 0),
    reserved_at timestamptz not null default now()
);
create index credit_reservation_oldest on credit_reservation (reserved_at);

-- What was paid before there was a ledger: by source as far as it is known, the rest under "earlier".
insert into credit_use (source, day, settled)
select source, 'infinity', sum(credits) from (
    select source, credits from lead_event where credits > 0
    union all select 'bulk', credits from bulk_refresh where credits > 0
    union all select 'prospect', credits from prospect_run where credits > 0) as paid
group by source;
insert into credit_use (source, day, settled)
select 'earlier', 'infinity', known - counted
from (select (select count(*) from redeemed_person) + (select count(*) from redeemed_company) as known,
             (select coalesce(sum(settled), 0) from credit_use) as counted) as paid
where known > counted
on conflict (source, day) do update set settled = credit_use.settled + excluded.settled;
insert into credit_use (source, day, settled) select '', 'infinity', coalesce(sum(settled), 0) from credit_use;

-- The lead whose enrichment is the newest answer about a person.
alter table redeemed_person add column answer_event uuid, add column answered_at timestamptz;
create index redeemed_person_answer on redeemed_person (answer_event) where answer_event is not null;

-- By what else a person under management is known. Keyed hashes, so that the table tells nothing about anybody.
create table redeemed_alias (
    kind      text        not null check (kind in ('email', 'name')),
    hash      text        not null check (hash ~ '^[0-9a-f]{64}$'),
    person_id text,                                    -- null when it fits several persons
    asked     boolean     not null,                    -- ZoomInfo was asked by it; else its record of the person says so
    at        timestamptz not null default now(),
    primary key (kind, hash)
);
create index redeemed_alias_person on redeemed_alias (person_id);

-- The ledger against ZoomInfo's own counter of unique ids.
create table credit_watch (
    only_one boolean     primary key default true check (only_one),
    readings bigint      not null default 0,
    anchor   bigint,                                   -- ZoomInfo's counter less what we had settled, at its least
    used     bigint,                                   -- ZoomInfo's counter as last read
    drift    bigint      not null default 0,           -- what it has counted beyond the ledger
    told     bigint      not null default 0,           -- of that, what an alarm has said
    read_at  timestamptz
);
insert into credit_watch default values;
