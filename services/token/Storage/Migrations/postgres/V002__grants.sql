-- What users delegated to clients. Partitioned by expiry, like every table here whose rows expire: ExpiredRows makes partitions and drops them.
create table access_grant (
    realm_id text not null,
    grant_id text not null,
    user_id text not null,
    client_id text not null,
    organization_id text not null,
    scopes text[] not null,
    created_at timestamptz not null,
    last_used_at timestamptz not null,
    tokens_expire_at timestamptz not null,
    expires_at timestamptz not null,
    revoked_at timestamptz,
    primary key (realm_id, grant_id, expires_at)
) partition by range (expires_at);

create index access_grant_user on access_grant (realm_id, user_id, grant_id);

create index access_grant_client on access_grant (realm_id, client_id, grant_id);

create table access_grant_default partition of access_grant default;
