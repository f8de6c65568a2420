-- 132 bits of the hash tell ids apart as well as all of it, and a table that is its own index has each row once.
create temporary table used_jwt_kept as
select realm_id, substr(id_hash, 1, 22) as id_hash, expires_at
from used_jwt;

drop table used_jwt;

create table used_jwt (
    realm_id text not null,
    id_hash text not null,
    expires_at text not null,
    primary key (realm_id, id_hash, expires_at)
) without rowid;

-- For the sweep of what has expired.
create index used_jwt_expiry on used_jwt (realm_id, expires_at);

insert into used_jwt (realm_id, id_hash, expires_at)
select realm_id, id_hash, expires_at
from used_jwt_kept;

drop table used_jwt_kept;
