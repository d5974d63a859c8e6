-- Decisions that are to be told to Kafka: written in the decision's transaction, published in the order of seq.
-- Decisions of one record are made one after the other, each seeing the one before, so that seq is their order, too.
create table decision_outbox (
    decision_id  uuid primary key references decision (id),
    seq          bigint generated always as identity,
    event_id     uuid        not null,
    source       text        not null,
    record_id    text        not null,
    queued_at    timestamptz not null default now(),
    published_at timestamptz
);
create index decision_outbox_waiting on decision_outbox (seq) where published_at is null;
create index decision_outbox_of_record on decision_outbox (source, record_id, seq) where published_at is null;
create index decision_outbox_published on decision_outbox (published_at) where published_at is not null;
create index decision_outbox_event on decision_outbox (event_id);

-- One replica publishes at a time; the epoch tells one that lost the lease from the one that has it.
create table decision_publisher (
    only_row    boolean primary key default true check (only_row),
    holder      uuid,
    epoch       bigint      not null default 0,
    lease_until timestamptz not null default now()
);
insert into decision_publisher default values;
