-- What administrators hand out so that somebody can register clients.
create table initial_access_token (
    realm_id text collate "C" not null references realm (realm_id) on delete cascade,
    token_id text collate "C" not null,
    token_hash text collate "C" not null,
    display_name text not null,
    created_at timestamptz not null,
    expires_at timestamptz,
    max_uses integer,
    uses integer not null,
    policy text,
    primary key (realm_id, token_id)
);

create unique index initial_access_token_by_hash on initial_access_token (realm_id, token_hash);

-- How a client that was registered dynamically manages itself, and when it last got a token. A row goes with its client.
create table client_registration (
    realm_id text collate "C" not null,
    client_id text collate "C" not null,
    token_hash text collate "C" not null,
    previous_token_hash text collate "C",
    software_statement text,
    policy text,
    used_at timestamptz not null,
    primary key (realm_id, client_id),
    foreign key (realm_id, client_id) references client (realm_id, client_id) on delete cascade
);

create index client_registration_by_use on client_registration (realm_id, used_at, client_id);

-- The few realms that register clients, among very many.
create index realm_that_registers_clients on realm (realm_id) where client_registration is not null;
