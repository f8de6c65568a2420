-- What users and administrators decided, for ever: a hash chain for each realm. user_id and salt are erased with the user.
create table consent_receipt (
    realm_id text not null,
    sequence bigint not null,
    user_id text,
    salt text,
    subject text not null,
    consents text not null,
    method text not null,
    actor_id text not null,
    recorded_at text not null,
    hash text not null,
    primary key (realm_id, sequence)
);

create index consent_receipt_by_user on consent_receipt (realm_id, user_id, sequence);

-- The newest receipt of each realm. Its row lock makes numbers visible in their order, without gaps.
create table consent_receipt_head (
    realm_id text not null primary key,
    sequence bigint not null,
    hash text not null,
    anchored_sequence bigint not null
);

-- Grants that the token service is yet to revoke; written with the decision that asks for it, gone when it is done.
create table grant_revocation (
    realm_id text not null,
    revocation_id text not null,
    user_id text not null,
    client_id text not null,
    organization_id text,
    scopes text not null,
    created_at text not null,
    due_at text not null,
    passes integer not null,
    primary key (realm_id, revocation_id)
);

-- For the revocation of a whole client.
create index consent_by_client on consent (realm_id, client_id, user_id);
