-- What a message says without what differs from letter to letter: ids, times, quoted values, e-mails, numbers (the
-- status of an answer stays).
create function dead_letter_cause(message text) returns text language sql immutable parallel safe as $$
    select left(regexp_replace(regexp_replace(regexp_replace(regexp_replace(message,
        '"[^"]*"', '"…"', 'g'),
        '[^\s@",(]+@[^\s@",)]+', '…', 'g'),
        '\m(?=[\w:.+-]*\d)[\w:.+-]{6,}', '…', 'g'),
        '\m(?![45]\d\d\M)\d+\M', '…', 'g'), 300)
$$;

alter table dead_letter
    add column replays   int  not null default 0,      -- how often its lead had been replayed before
    add column cause     text generated always as (dead_letter_cause(message)) stored,
    add column cause_key text generated always as (md5(stage || '|' || route_id || '|' || failure_class || '|'
                              || coalesce(status::text, '') || '|' || dead_letter_cause(message))) stored;

-- Lists go by id, newest first, narrowed by one of these and the state.
create index dead_letter_state on dead_letter (state, id);
create index dead_letter_class on dead_letter (failure_class, state, id);
create index dead_letter_route on dead_letter (route_id, state, id);
create index dead_letter_stage on dead_letter (stage, state, id);
create index dead_letter_request on dead_letter (request_id, id);
-- Groups are read from this one alone.
create index dead_letter_cause_key on dead_letter (state, cause_key, id) include (first_seen, last_seen);
create index dead_letter_open on dead_letter (event_id, stage) where state = 'OPEN';

-- Replays of many letters, one after the other at a pace. A letter is replayed in the transaction that counts it.
create table dead_letter_replay (
    id             uuid        primary key,
    mode           text        not null check (mode in ('RESUME', 'RESTART')),
    background     boolean     not null,               -- replayed leads go behind all others
    filter         jsonb       not null,
    most_replays   int         not null,               -- letters of leads that were replayed so often are passed
    until_id       bigint      not null,               -- letters written later are not meant
    last_id        bigint      not null default 0,     -- letters up to this one are done
    total          bigint      not null,               -- open letters that the filter named when it was ordered
    not_replayable bigint      not null,               -- of these, without a lead
    too_often      bigint      not null,               -- of these, replayed most_replays times
    replayed       bigint      not null default 0,
    state          text        not null default 'RUNNING' check (state in ('RUNNING', 'DONE', 'CANCELLED')),
    waits_for      text,
    next_at        timestamptz not null default now(),
    created_at     timestamptz not null default now(),
    ended_at       timestamptz
);
create index dead_letter_replay_running on dead_letter_replay (created_at) where state = 'RUNNING';
