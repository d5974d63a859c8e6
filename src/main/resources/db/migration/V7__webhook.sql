-- Our webhooks at ZoomInfo. Of a token its SHA-256 alone is kept: a token is only ever compared.
create table webhook (
    webhook_id      text primary key,
    title           text        not null,
    target_url      text        not null,
    token_hash      text        not null,
    token_since     timestamptz not null default now(),
    previous_hash   text,                                -- the token before, valid for a while after a rotation
    previous_until  timestamptz,
    rotating_since  timestamptz,                         -- a rotation was begun and its new token is not known yet
    rotation_wanted boolean     not null default false,  -- asked for over the API
    created_at      timestamptz not null default now()
);

-- What was delivered, to recognise what comes again. Holds nothing of the records.
create table webhook_delivery (
    delivery_id  uuid primary key,
    body_hash    text        not null unique,            -- SHA-256 of the body as it came
    webhook_id   text        not null,
    request_id   text        not null,
    object_type  text        not null,
    records      int         not null,
    repeats      int         not null default 0,
    received_at  timestamptz not null default now(),
    last_seen    timestamptz not null default now()
);
create index webhook_delivery_age on webhook_delivery (last_seen);

-- Records that came without the values that changed: they are asked for before the CRM is updated.
create table webhook_fetch (
    id           uuid primary key,
    seq          bigint generated always as identity,
    object_type  text        not null check (object_type in ('CONTACT', 'COMPANY')),
    zoominfo_id  text        not null,
    changed      jsonb       not null default '[]',      -- empty: all
    request_id   text        not null,
    state        text        not null default 'WAITING' check (state in ('WAITING', 'DEAD')),
    alone        boolean     not null default false,     -- a batch with it failed: it is asked for by itself
    attempts     int         not null default 0,
    lease_until  timestamptz,                            -- claimed until; after that anyone may claim it again
    available_at timestamptz not null default now(),     -- not claimed before
    waits_for    text,
    created_at   timestamptz not null default now()
);
create index webhook_fetch_waiting on webhook_fetch (seq) where state = 'WAITING';
