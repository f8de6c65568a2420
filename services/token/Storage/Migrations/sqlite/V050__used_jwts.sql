-- What counts once and was used: client assertions (RFC 7523 section 3) and DPoP proofs (RFC 9449 section 11.1).
create table used_jwt (
    realm_id text not null,
    id_hash text not null,
    expires_at text not null,
    primary key (realm_id, id_hash, expires_at)
);

-- For the sweep of what has expired.
create index used_jwt_expiry on used_jwt (realm_id, expires_at);

insert into used_jwt (realm_id, id_hash, expires_at)
select realm_id, assertion_hash, expires_at
from client_assertion;

drop table client_assertion;
