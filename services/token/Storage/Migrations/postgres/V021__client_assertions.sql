-- Assertions that clients have authenticated with, so that none counts twice (RFC 7523 section 3).
create table client_assertion (
    realm_id text not null,
    assertion_hash text not null,
    expires_at timestamptz not null,
    primary key (realm_id, assertion_hash, expires_at)
) partition by range (expires_at);

create table client_assertion_default partition of client_assertion default;
