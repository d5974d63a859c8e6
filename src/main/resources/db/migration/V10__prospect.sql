-- Prospect lists (rules/prospects.yaml): who is at a list, its runs, and who was found by it.
create table prospect_list (
    name         text        primary key,
    holder       uuid,
    lease_until  timestamptz not null default '-infinity',     -- while a run goes on; after a failure until the next try
    last_started timestamptz,
    last_run     uuid
);

create table prospect_run (
    id          uuid        primary key,
    list        text        not null references prospect_list (name),
    state       text        not null check (state in ('RUNNING', 'DONE', 'FAILED', 'LOST')),
    cause       text,
    started_at  timestamptz not null default now(),
    ended_at    timestamptz,
    found       int         not null default 0,                -- by the search
    unwanted    int         not null default 0,                -- passed over by the list's own filters
    known       int         not null default 0,                -- from an earlier run, or in the CRM
    suppressed  int         not null default 0,
    waiting     int         not null default 0,                -- not covered by the budget
    unmatched   int         not null default 0,
    queued      int         not null default 0,                -- for the CRM
    gone        int         not null default 0,                -- found before, not by this run; only told
    credits     int         not null default 0,
    reserved    int         not null default 0
);
create index prospect_run_of_list on prospect_run (list, started_at desc);

create table prospect_person (
    list      text not null references prospect_list (name),
    person_id text not null,
    state     text not null check (state in ('NEW', 'IN_CRM', 'QUEUED', 'SUPPRESSED', 'UNMATCHED')),
    last_run  uuid not null,                                   -- the last that found the person
    primary key (list, person_id)
);
create index prospect_person_of_id on prospect_person (person_id);
