-- Assertions that clients have authenticated with, so that none counts twice (RFC 7523 section 3).
create table client_assertion (
    realm_id text not null,
    assertion_hash text not null,
    expires_at text not null,
    primary key (realm_id, assertion_hash, expires_at)
);

-- For the sweep of what has expired.
create index client_assertion_expiry on client_assertion (realm_id, expires_at);
