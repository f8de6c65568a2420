-- Partitioned by day of expiry; ExpiredRows makes the days ahead and drops those that are past.
create table self_service_visit (
    realm_id text collate "C" not null,
    secret_hash text not null,
    is_link boolean not null,
    user_id text not null,
    ui_locales text[] not null,
    expires_at timestamptz not null,
    primary key (realm_id, secret_hash, expires_at)
) partition by range (expires_at);

-- What expires beyond the days made ahead.
create table self_service_visit_default partition of self_service_visit default;
