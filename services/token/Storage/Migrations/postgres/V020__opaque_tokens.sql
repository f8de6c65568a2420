-- Access tokens that say nothing themselves.
create table opaque_token (
    realm_id text not null,
    token_hash text not null,
    claims text not null,
    expires_at timestamptz not null,
    primary key (realm_id, token_hash, expires_at)
) partition by range (expires_at);

create table opaque_token_default partition of opaque_token default;
