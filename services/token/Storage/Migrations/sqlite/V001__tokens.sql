create table signing_key (
    realm_id text not null,
    key_id text not null,
    state text not null check (state in ('Announced', 'Active', 'Retired')),
    encrypted_private_key blob not null,
    created_at text not null,
    primary key (realm_id, key_id)
);

-- One active key, whichever replica makes it.
create unique index signing_key_active on signing_key (realm_id) where state = 'Active';

-- The number of the realm's last revocation. Its row lock makes numbers visible in their order.
create table revocation_head (
    realm_id text not null primary key,
    sequence bigint not null
);

create table revocation (
    realm_id text not null,
    token_id text not null,
    expires_at text not null,
    revoked_at text not null,
    sequence bigint not null,
    primary key (realm_id, token_id, expires_at)
);

create index revocation_sequence on revocation (realm_id, sequence);

-- For the sweep of what has expired.
create index revocation_expiry on revocation (realm_id, expires_at);
