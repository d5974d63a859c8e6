-- Each claim of a row raises its fence. A write under a claim names the fence of that claim: one that comes after
-- somebody else has claimed the row changes nothing.
alter table lead_event add column fence bigint not null default 0;
alter table crm_update add column fence bigint not null default 0;
alter table webhook_fetch add column fence bigint not null default 0;
alter table website_visit add column fence bigint not null default 0;
