-- When the next call to ZoomInfo may leave: one row an account and tier, shared by all replicas.
-- The schedule lives in the database's clock; only differences leave the database.
create table egress_slot (
    account      text        not null,   -- digest of base URL and user name
    tier         text        not null,   -- auth, standard, scaling
    next_slot    timestamptz not null,   -- the next call leaves no earlier
    paused_until timestamptz,            -- after a 429 until the window's reset
    primary key (account, tier)
);
