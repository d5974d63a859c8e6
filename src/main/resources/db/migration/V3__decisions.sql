-- Rules as they were when a lead was decided; written by the first decision under a version, never changed.
create table ruleset (
    version    text primary key check (version ~ '^[0-9a-f]{64}$'),
    state      text        not null check (state in ('live', 'retired')),
    content    jsonb       not null,                   -- canonical form, of which the version is the hash
    source     jsonb       not null,                   -- file name -> text as read
    created_at timestamptz not null default now()
);
create unique index ruleset_one_live on ruleset (state) where state = 'live';

-- Append-only. The receipts of one lead are a chain: each names the hash of the one before, and no two name the same.
create table decision (
    id            uuid primary key,
    seq           bigint generated always as identity,
    event_id      uuid        not null references lead_event (event_id),
    number        int         not null,                -- 1, 2, … of the event
    source        text        not null,
    record_id     text        not null,
    mode          text        not null default 'live' check (mode in ('live')),
    version       text        not null references ruleset (version),
    facts         jsonb       not null,                -- the complete input of the rules
    receipt       jsonb       not null,                -- without facts and hash, which stand beside it
    receipt_hash  text        not null,
    previous_hash text        not null default '',     -- empty for the first of a lead
    at            timestamptz not null,
    unique (event_id, number),
    unique (source, record_id, previous_hash)
);
create index decision_of_lead on decision (source, record_id, seq desc);

create table assignment (
    id          uuid primary key,
    event_id    uuid        not null,
    number      int         not null,
    decision_id uuid        not null references decision (id),
    source      text        not null,
    record_id   text        not null,
    target      text        not null,                  -- as in the rules: pool:smb, user:ana, queue:nurture
    owner       text        not null,                  -- user or queue id in the CRM
    owner_name  text        not null,
    pool        text,
    pool_seq    bigint,
    at          timestamptz not null,
    state       text        not null default 'open' check (state in ('open', 'returned', 'closed', 'superseded')),
    unique (event_id, number)
);

create table pool_state (
    pool        text primary key,
    denominator numeric     not null default 1 check (denominator > 0),
    seq         bigint      not null default 0,
    updated_at  timestamptz not null default now()
);

create table pool_member_state (
    pool      text    not null references pool_state (pool),
    user_id   text    not null,
    weight    int     not null,
    numerator numeric not null,                        -- leads owed, over the pool's denominator
    primary key (pool, user_id)
);

-- Folding a pool's events in the order of seq gives pool_state and pool_member_state.
create table pool_event (
    pool          text        not null references pool_state (pool),
    seq           bigint      not null,
    kind          text        not null check (kind in ('ASSIGN', 'JOIN', 'LEAVE', 'WEIGHT', 'REBASE')),
    user_id       text,
    weight        int,                                 -- the new one, for JOIN and WEIGHT
    assignment_id uuid,
    eligible      jsonb       not null,                -- users in list order
    excluded      jsonb       not null,                -- [{user, reason}]
    before        jsonb       not null,                -- user -> owed as an exact fraction, of all that changed
    after         jsonb       not null,
    version       text        not null,
    at            timestamptz not null,
    primary key (pool, seq)
);
create unique index pool_event_once on pool_event (pool, kind, assignment_id) where assignment_id is not null;
