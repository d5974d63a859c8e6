-- Who must not be written, routed or paid for. Identifiers stand here only as keyed hashes, so that the list itself
-- tells nothing about anybody.
create table suppression (
    kind    text        not null check (kind in ('person', 'email', 'phone')),
    hash    text        not null check (hash ~ '^[0-9a-f]{64}$'),  -- HMAC-SHA-256 over kind and normalised identifier
    subject uuid        not null,                                  -- the same for all identifiers given together
    source  text        not null,                                  -- enrich, compliance, webhook, bulk, erasure, …
    reason  text        not null,
    flags   jsonb       not null default '{}',
    at      timestamptz not null default now(),
    primary key (kind, hash)
);
create index suppression_subject on suppression (subject);

-- The key of those hashes. "key" is null when the operator keeps it; "proof" tells whether it is still the same one.
create table suppression_key (
    only_one boolean     primary key default true check (only_one),
    key      bytea,
    proof    text        not null,
    at       timestamptz not null default now()
);

-- What ZoomInfo says about a person's rights, as of last_checked. ZoomInfo's person ids, no names.
create table person_notice (
    person_id         text        primary key,
    within_eu         boolean,
    within_california boolean,
    within_canada     boolean,
    notice            text,                                        -- as ZoomInfo words it
    notice_date       date,                                        -- when it is a date
    match_status      text        not null,
    last_checked      timestamptz not null default now()
);
create index person_notice_oldest on person_notice (last_checked);

-- An assignment that was superseded by an opt-out is made good to the member who had got it.
alter table pool_event drop constraint pool_event_kind_check;
alter table pool_event add constraint pool_event_kind_check
    check (kind in ('ASSIGN', 'JOIN', 'LEAVE', 'WEIGHT', 'REBASE', 'CREDIT'));

-- The one run of the compliance sweep; whoever holds the lease goes on with it.
create table compliance_sweep (
    only_one    boolean     primary key default true check (only_one),
    holder      uuid,
    lease_until timestamptz not null default '-infinity',
    started_at  timestamptz,
    finished_at timestamptz,
    checked     bigint      not null default 0
);
insert into compliance_sweep default values;

-- Emptied at the request of the person; receipt_hash is still that of what the receipt once said.
alter table decision add column erased_at timestamptz;

-- Evidence of what was erased, without saying whose it was: the hashes are those of the suppression.
create table erasure (
    id     uuid        primary key,
    at     timestamptz not null default now(),
    reason text        not null,
    hashes jsonb       not null,                                   -- [{kind, hash}]
    counts jsonb       not null                                    -- table or tables -> entries erased
);
