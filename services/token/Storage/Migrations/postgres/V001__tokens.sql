create table signing_key (
    realm_id text not null,
    key_id text not null,
    state text not null check (state in ('Announced', 'Active', 'Retired')),
    encrypted_private_key bytea not null,
    created_at timestamptz not null,
    primary key (realm_id, key_id)
);

-- One active key, whichever replica makes it.
create unique index signing_key_active on signing_key (realm_id) where state = 'Active';

-- The number of the realm's last revocation. Its row lock makes numbers visible in their order.
create table revocation_head (
    realm_id text not null primary key,
    sequence bigint not null
);

-- Partitioned by day of expiry; RevocationRetention makes the days ahead and drops those that are past.
create table revocation (
    realm_id text not null,
    token_id text not null,
    expires_at timestamptz not null,
    revoked_at timestamptz not null,
    sequence bigint not null,
    primary key (realm_id, token_id, expires_at)
) partition by range (expires_at);

create index revocation_sequence on revocation (realm_id, sequence);

-- What expires beyond the days made ahead.
create table revocation_default partition of revocation default;
