-- The token of each ZoomInfo account, shared by all replicas, so that one of them authenticates for all.
-- Times are the database's; only differences leave it.
create table zoominfo_token (
    account       text primary key,            -- digest of base URL and user name
    version       bigint not null default 0,   -- raised with each token
    sealed        bytea,                       -- AES-GCM under a key that only the account's credentials give
    renew_at      timestamptz,                 -- one replica renews it from then on, while all go on using it
    expires_at    timestamptz,
    renewer       uuid,                        -- who authenticates at present
    lease_until   timestamptz,                 -- and until when nobody else may
    refused_as    bytea,                       -- tells the refused credentials from others; the key is as hard to guess
    refused_class text,                        -- failure class of the refusal
    refusal       text,                        -- ZoomInfo's words
    refused_until timestamptz                  -- these credentials are not tried before
);
