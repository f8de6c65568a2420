create table realm_key (
    realm_id text not null,
    key_id text not null,
    algorithm text not null check (algorithm in ('ES256', 'ES384', 'PS256', 'RS256')),
    encrypted_private_key blob not null,
    encryption_key_id text not null,
    created_at text not null,
    signing_starts_at text not null,
    signing_ends_at text,
    longest_lifetime bigint not null,
    revoked_at text,
    primary key (realm_id, key_id)
);

-- For the care of what nobody uses: keys that have ended, and private keys under an older key-encryption key.
create index realm_key_end on realm_key (realm_id, signing_ends_at);

-- The number of the last change to a realm's keys. Its row lock makes changes queue.
create table realm_key_head (
    realm_id text not null primary key,
    version bigint not null
);

-- Who did what to a realm's keys.
create table realm_key_event (
    realm_id text not null,
    event_id text not null,
    key_id text not null,
    algorithm text not null,
    kind text not null,
    actor_kind text not null,
    actor_id text not null,
    happened_at text not null,
    primary key (realm_id, event_id)
);

-- A key from before signed tokens of any lifetime, at most a day.
insert into realm_key (realm_id, key_id, algorithm, encrypted_private_key, encryption_key_id, created_at, signing_starts_at, longest_lifetime)
select realm_id, key_id, 'ES256', encrypted_private_key, '', created_at, created_at, 86400
from signing_key
where state = 'Active';

insert into realm_key_head (realm_id, version)
select realm_id, 1
from realm_key;

drop table signing_key;
