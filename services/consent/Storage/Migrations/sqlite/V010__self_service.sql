-- Swept a few rows at a time by ExpiredRows.
create table self_service_visit (
    realm_id text not null,
    secret_hash text not null,
    is_link integer not null,
    user_id text not null,
    ui_locales text not null,
    expires_at text not null,
    primary key (realm_id, secret_hash, expires_at)
);

-- For the sweep of what has expired.
create index self_service_visit_expiry on self_service_visit (realm_id, expires_at);
