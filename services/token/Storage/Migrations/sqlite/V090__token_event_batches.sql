-- What happened to tokens, as many events in one row as were written together: a row and its index entries for each cost more than the token.
create table token_event_batch (
    realm_id text not null,
    first_sequence bigint not null,
    last_sequence bigint not null,
    first_at text not null,
    last_at text not null,
    expires_at text not null,
    chain_id text not null,
    chain_number bigint not null,
    events text not null,
    primary key (realm_id, first_sequence, expires_at)
);

-- What batches are found by: a row for each client, user, family, rarer kind and beginning of ids that a batch has events of.
create table token_event_key (
    realm_id text not null,
    kind text not null,
    value text not null,
    first_sequence bigint not null,
    expires_at text not null,
    primary key (realm_id, kind, value, first_sequence, expires_at)
) without rowid;

create index token_event_batch_expiry on token_event_batch (realm_id, expires_at);
create index token_event_key_expiry on token_event_key (realm_id, expires_at);

-- Events that follow one another in their realm and in their chain go together, 64 at the most.
create temporary table token_event_move as
select realm_id, event_id, sequence, happened_at, expires_at, kind, client_id, user_id, token_id, family_id, details, chain_id, chain_number, hash,
    min(sequence) over (partition by realm_id, chain_id, sequence - chain_number, sequence - place, (place - 1) / 64) as first_sequence
from (
    select realm_id, event_id, sequence, happened_at, expires_at, kind, client_id, user_id, token_id, family_id, details, chain_id, chain_number, hash,
        row_number() over (partition by realm_id, chain_id, sequence - chain_number order by sequence) as place
    from token_event
);

insert into token_event_batch (realm_id, first_sequence, last_sequence, first_at, last_at, expires_at, chain_id, chain_number, events)
select realm_id, first_sequence, max(sequence), min(happened_at), max(happened_at), max(expires_at), min(chain_id), min(chain_number),
    '[' || group_concat(
        '{"event_id":' || json_quote(event_id)
        || ',"happened_at":' || json_quote(happened_at)
        || ',"expires_at":' || json_quote(expires_at)
        || ',"kind":' || json_quote(kind)
        || ',"client_id":' || json_quote(client_id)
        || ',"user_id":' || json_quote(user_id)
        || ',"token_id":' || json_quote(token_id)
        || ',"family_id":' || json_quote(family_id)
        || ',"details":' || details
        || ',"hash":' || json_quote(hash) || '}', ',' order by sequence) || ']'
from token_event_move
group by realm_id, first_sequence;

insert into token_event_key (realm_id, kind, value, first_sequence, expires_at)
select k.realm_id, k.kind, k.value, k.first_sequence, b.expires_at
from (
    select realm_id, first_sequence, 'id' as kind, substr(event_id, 1, 10) as value from token_event_move
    union select realm_id, first_sequence, 'client', client_id from token_event_move
    union select realm_id, first_sequence, 'user', user_id from token_event_move where user_id <> ''
    union select realm_id, first_sequence, 'family', family_id from token_event_move where family_id <> ''
    union select realm_id, first_sequence, 'kind', kind from token_event_move where kind <> 'Issued'
) k
join token_event_batch b on b.realm_id = k.realm_id and b.first_sequence = k.first_sequence;

drop table token_event_move;

drop table token_event;
