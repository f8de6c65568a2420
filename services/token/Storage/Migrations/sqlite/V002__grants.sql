-- What users delegated to clients.
create table access_grant (
    realm_id text not null,
    grant_id text not null,
    user_id text not null,
    client_id text not null,
    organization_id text not null,
    scopes text not null,
    created_at text not null,
    last_used_at text not null,
    tokens_expire_at text not null,
    expires_at text not null,
    revoked_at text,
    primary key (realm_id, grant_id, expires_at)
);

create index access_grant_user on access_grant (realm_id, user_id, grant_id);

create index access_grant_client on access_grant (realm_id, client_id, grant_id);

-- For the sweep of what has expired.
create index access_grant_expiry on access_grant (realm_id, expires_at);
