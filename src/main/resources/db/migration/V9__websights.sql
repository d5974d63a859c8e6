-- Visits to the web site: one row an address and day. The address itself is forgotten as soon as it is not needed.
create table website_visit (
    day           date        not null,                    -- of the visit, UTC
    address_hash  text        not null,                    -- keyed with the key of the day
    address       text,                                    -- null after websights.keep-address
    state         text        not null default 'NEW' check (state in ('NEW', 'COMPANY', 'IGNORED')),
    cause         text,                                    -- why it is ignored
    views         int         not null default 0,
    score         float8      not null default 0,          -- views by the weight of their page
    pages         jsonb       not null default '{}',       -- page -> views
    first_seen    timestamptz not null,
    last_seen     timestamptz not null,
    company_id    text,                                    -- ZoomInfo's
    counted_views int         not null default 0,          -- of these, in company_visit
    counted_score float8      not null default 0,
    attempts      int         not null default 0,
    lease_until   timestamptz,
    available_at  timestamptz not null default now(),
    primary key (day, address_hash)
);
create index website_visit_new on website_visit (first_seen) where state = 'NEW';
create index website_visit_uncounted on website_visit (company_id) where state = 'COMPANY' and views > counted_views;

-- Gone with the day's addresses; after that no hash can be led back to an address.
create table website_visit_key (
    day date  primary key,
    key bytea not null
);

create table website_company (
    company_id text primary key,
    profile    jsonb       not null,                       -- as /enrich/ip answered
    confidence float8      not null,                       -- 0 to 1
    updated_at timestamptz not null default now()
);

create table company_visit (
    company_id text        not null references website_company (company_id) on delete cascade,
    day        date        not null,
    views      int         not null,
    score      float8      not null,
    pages      jsonb       not null,
    first_seen timestamptz not null,
    last_seen  timestamptz not null,
    primary key (company_id, day)
);
create index company_visit_day on company_visit (day);
