-- Bulk refreshes: one row a refresh, its rows until they are answered, its jobs at ZoomInfo and their pages.
create table bulk_refresh (
    id            uuid primary key,
    object        text        not null check (object in ('Contact', 'Lead', 'Account')),
    source        text        not null check (source in ('soql', 'csv')),
    soql          text,
    output_fields text        not null default '',     -- separated by commas; empty for the usual ones
    margin        numeric     not null check (margin between 0 and 1),
    starts        boolean     not null,                -- without waiting for somebody to accept the quote
    state         text        not null check (state in ('RECEIVING', 'LOADING', 'QUOTING', 'QUOTED', 'RUNNING', 'PAUSED',
                  'STOPPED_AT_QUOTE', 'DONE', 'CANCELLED', 'FAILED')),
    cause         text,                                -- why it is paused, stopped or failed, or what it waits for
    not_before    timestamptz not null default now(),  -- not worked on before
    load_cursor   text,                                -- Salesforce's nextRecordsUrl
    created_at    timestamptz not null default now(),
    quoted_at     timestamptz,
    started_at    timestamptz,
    ended_at      timestamptz,
    records_read  bigint      not null default 0,
    unusable      bigint      not null default 0,      -- rows that say too little to be matched
    repeated      bigint      not null default 0,      -- rows that say the same as one before
    items         bigint      not null default 0,
    managed       bigint      not null default 0,      -- under management already when quoted
    previewed     bigint      not null default 0,      -- whose price a free preview told
    quoted        bigint      not null default 0,      -- most credits
    done          bigint      not null default 0,
    matched       bigint      not null default 0,
    unmatched     bigint      not null default 0,
    unanswered    bigint      not null default 0,
    refused       bigint      not null default 0,      -- answers LIMIT_EXCEEDED; their rows are asked again
    updates       bigint      not null default 0,      -- handed to the queue of CRM updates
    credits       bigint      not null default 0,      -- spent
    lease_owner   uuid,
    lease_until   timestamptz,
    fence         bigint      not null default 0       -- raised with each new owner; work under an older one is void
);
create index bulk_refresh_work on bulk_refresh (created_at) where state in ('LOADING', 'QUOTING', 'RUNNING');

create table bulk_item (
    refresh_id  uuid     not null references bulk_refresh (id) on delete cascade,
    position    bigint   not null,
    record_id   text,
    matched_by  text     not null,                     -- personId, emailAddress, name, companyId, companyWebsite, companyName
    zoominfo_id text,                                  -- where the row names it
    input       text     not null,                     -- JSON, as it is sent
    input_key   text     not null,                     -- the same in lower case: ZoomInfo echoes it so
    worst       smallint not null default 1,           -- most credits
    refused     boolean  not null default false,       -- answered LIMIT_EXCEEDED
    primary key (refresh_id, position),
    unique (refresh_id, input_key)
);

create table bulk_job (
    id          uuid primary key,
    refresh_id  uuid        not null references bulk_refresh (id) on delete cascade,
    number      int         not null,
    kind        text        not null check (kind in ('PREVIEW', 'ENRICH')),
    matched_by  text,                                  -- for a preview
    first       bigint      not null,                  -- its rows are those that are left from this position
    last        bigint      not null,                  -- to this one
    items       int         not null,
    worst       int         not null,                  -- most credits
    credits     int         not null default 0,        -- spent
    state       text        not null check (state in ('WAITING', 'SUBMITTING', 'DOUBT', 'ACTIVE', 'DONE', 'LOST', 'REFUSED')),
    attempt     int         not null default 1,
    job_id      text,                                  -- ZoomInfo's
    prepared_at timestamptz,
    answered_at timestamptz,
    poll_at     timestamptz,
    completed   boolean     not null default false,    -- no page is to come any more
    failed      boolean     not null default false,    -- as ZoomInfo says
    total       bigint,                                -- records, as the status says
    cause       text,
    unique (refresh_id, number)
);
create index bulk_job_open on bulk_job (state) where state in ('SUBMITTING', 'DOUBT', 'ACTIVE');

create table bulk_page (
    job        uuid        not null references bulk_job (id) on delete cascade,
    page       int         not null,
    state      text        not null check (state in ('AVAILABLE', 'FETCHED')),
    records    int,
    credits    int,
    fetched_at timestamptz,
    primary key (job, page)
);

-- Companies the account has paid for; as redeemed_person.
create table redeemed_company (
    company_id  text primary key,
    redeemed_at timestamptz not null default now()
);
