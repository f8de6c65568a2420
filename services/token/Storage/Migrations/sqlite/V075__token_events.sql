-- What happened to tokens. Its rows expire like everything here that grows; they are never changed.
create table token_event (
    realm_id text not null,
    event_id text not null,
    sequence bigint not null,
    happened_at text not null,
    expires_at text not null,
    kind text not null,
    client_id text not null,
    user_id text not null,
    token_id text not null,
    family_id text not null,
    details text not null,
    chain_id text not null,
    chain_number bigint not null,
    hash text not null,
    primary key (realm_id, event_id, expires_at)
);

create index token_event_sequence on token_event (realm_id, sequence);

create index token_event_client on token_event (realm_id, client_id, sequence);

create index token_event_user on token_event (realm_id, user_id, sequence);

create index token_event_family on token_event (realm_id, family_id, sequence);

create index token_event_expiry on token_event (realm_id, expires_at);

-- The number of a realm's last event. Its row lock makes numbers visible in their order.
create table token_event_head (
    realm_id text not null primary key,
    sequence bigint not null
);
