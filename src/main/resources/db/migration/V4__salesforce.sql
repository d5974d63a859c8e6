-- How far the change events of a topic have been taken in; moved in the transaction of the inbox rows.
create table salesforce_replay (
    topic       text primary key,
    replay_id   text,                                  -- base64, opaque; null after the bus has refused the stored one
    event_time  timestamptz,                           -- commit time of that event
    updated_at  timestamptz not null default now()
);
