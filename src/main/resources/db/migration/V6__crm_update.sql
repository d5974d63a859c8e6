-- What is to be changed in CRM records outside the main job: webhooks, bulk refreshes, prospects, signals, opt-outs.
create table crm_update (
    id                 uuid primary key,
    seq                bigint generated always as identity,
    origin             text        not null,
    key                text        not null unique,           -- a second update under the same key is not taken
    kind               text        not null check (kind in ('PERSON', 'COMPANY', 'NEW_LEAD', 'SIGNAL', 'OPT_OUT')),
    zoominfo_id        text        not null,                  -- of the person or the company
    profile            jsonb       not null default '{}',     -- ZoomInfo's record; emptied when the update has ended well
    changed_attributes jsonb       not null default '[]',     -- empty: all
    fields             jsonb       not null default '{}',     -- ready CRM fields
    priority           smallint    not null default 2,        -- 1 webhook and compliance, 2 bulk and prospect
    state              text        not null default 'QUEUED' check (state in ('QUEUED', 'DONE', 'DEAD', 'SUPPRESSED')),
    attempts           int         not null default 0,        -- claims
    lease_until        timestamptz,                           -- claimed until; after that anyone may claim it again
    available_at       timestamptz not null default now(),    -- not claimed before
    waits_for          text,                                  -- why the last attempt was put off
    request_id         text        not null,
    outcome            jsonb       not null default '{}',     -- {detail, records: [{object, recordId, fields}]}
    created_at         timestamptz not null default now(),
    ended_at           timestamptz
);
create index crm_update_waiting on crm_update (priority, seq) where state = 'QUEUED';
create index crm_update_of_subject on crm_update (kind, zoominfo_id) where state = 'QUEUED';
create index crm_update_of_id on crm_update (zoominfo_id);
create index crm_update_ended on crm_update (ended_at) where state <> 'QUEUED';

-- What was last written to a record of the CRM from ZoomInfo, so that a later edit by somebody else is recognised.
create table field_written (
    object      text        not null,
    record_id   text        not null,                         -- its first 15 characters, which name it alone
    zoominfo_id text,                                         -- of the person or the company, if known
    fields      jsonb       not null default '{}',            -- name -> {digest of the value, date at ZoomInfo, at}
    updated_at  timestamptz not null default now(),
    primary key (object, record_id)
);
create index field_written_of_id on field_written (zoominfo_id);
