-- The inbox: one row an event, moved from state to state by the stages.
create table lead_event (
    event_id      uuid primary key,
    source        text        not null,
    record_id     text        not null,
    version       text        not null,
    request_id    text        not null,
    priority      smallint    not null default 0,      -- 0 live, 1 webhook, 2 bulk
    state         text        not null check (state in
                  ('RECEIVED', 'ENRICHING', 'ENRICHED', 'DECIDED', 'DONE', 'PARKED', 'DEAD')),
    received_at   timestamptz not null default now(),
    available_at  timestamptz not null default now(),  -- not claimed before
    lease_until   timestamptz,                         -- claimed until; after that anyone may claim it again
    attempts      int         not null default 0,      -- claims by the present stage
    ended_at      timestamptz,
    parked_cause  text,
    lead          jsonb       not null,
    match_status  text,
    person_id     text,
    company_id    text,
    credits       int         not null default 0,
    enrichment    jsonb,                               -- the answer, stored before anything is done with it
    writes        jsonb       not null default '[]',   -- {system, recordId, fields, at}
    request_ids   jsonb       not null default '[]',   -- ours and ZoomInfo's, in order
    timeline      jsonb       not null default '[]',   -- {at, stage, detail}
    unique (source, record_id, version)
);
create index lead_event_waiting on lead_event (state, priority, received_at) where state not in ('DONE', 'DEAD');
create index lead_event_recent on lead_event (received_at desc, event_id);

-- Answers to a repeated Idempotency-Key.
create table intake_key (
    idempotency_key text primary key,
    body_hash       text        not null,
    event_ids       jsonb       not null,
    created_at      timestamptz not null default now()
);

create table dead_letter (
    id              bigint generated always as identity primary key,
    request_id      text        not null,              -- of the answer that failed, else the one we sent
    request_id_kind text        not null check (request_id_kind in ('RESPONSE', 'SENT')),
    event_id        uuid,                              -- null when the payload never became a lead event
    route_id        text        not null,
    stage           text        not null,
    failure_class   text        not null,
    status          int,
    message         text        not null,
    attempts        int         not null,
    payload         jsonb       not null,
    first_seen      timestamptz not null default now(),
    last_seen       timestamptz not null default now(),
    state           text        not null default 'OPEN' check (state in ('OPEN', 'REPLAYED', 'DISCARDED')),
    closed_at       timestamptz,
    closed_reason   text
);
create unique index dead_letter_once on dead_letter
    (request_id, route_id, coalesce(event_id, '00000000-0000-0000-0000-000000000000')) where state = 'OPEN';
create index dead_letter_recent on dead_letter (last_seen desc, id);
create index dead_letter_event on dead_letter (event_id);

-- Persons the account has paid for: a repeat within twelve months costs no credit.
create table redeemed_person (
    person_id   text primary key,
    redeemed_at timestamptz not null default now()
);
