-- Access tokens that say nothing themselves.
create table opaque_token (
    realm_id text not null,
    token_hash text not null,
    claims text not null,
    expires_at text not null,
    primary key (realm_id, token_hash, expires_at)
);

-- For the sweep of what has expired.
create index opaque_token_expiry on opaque_token (realm_id, expires_at);
