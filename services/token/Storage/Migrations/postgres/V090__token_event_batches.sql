-- What happened to tokens, as many events in one row as were written together: a row and its index entries for each cost more than the token.
create table token_event_batch (
    realm_id text not null,
    first_sequence bigint not null,
    last_sequence bigint not null,
    first_at timestamptz not null,
    last_at timestamptz not null,
    expires_at timestamptz not null,
    chain_id text not null,
    chain_number bigint not null,
    events text not null,
    primary key (realm_id, first_sequence, expires_at)
) partition by range (expires_at);

-- Compressing it would cost more than all the rest.
alter table token_event_batch alter column events set storage external;

create table token_event_batch_default partition of token_event_batch default;

-- What batches are found by: a row for each client, user, family, rarer kind and beginning of ids that a batch has events of.
create table token_event_key (
    realm_id text not null,
    kind text not null,
    value text not null,
    first_sequence bigint not null,
    expires_at timestamptz not null,
    primary key (realm_id, kind, value, first_sequence, expires_at)
) partition by range (expires_at);

create table token_event_key_default partition of token_event_key default;

-- Events that follow one another in their realm and in their chain go together, 64 at the most.
create temporary table token_event_move on commit drop as
select realm_id, event_id, sequence, happened_at, expires_at, kind, client_id, user_id, token_id, family_id, details, chain_id, chain_number, hash,
    min(sequence) over (partition by realm_id, chain_id, sequence - chain_number, sequence - place, (place - 1) / 64) as first_sequence
from (
    select realm_id, event_id, sequence, happened_at, expires_at, kind, client_id, user_id, token_id, family_id, details, chain_id, chain_number, hash,
        row_number() over (partition by realm_id, chain_id, sequence - chain_number order by sequence) as place
    from token_event
) placed;

insert into token_event_batch (realm_id, first_sequence, last_sequence, first_at, last_at, expires_at, chain_id, chain_number, events)
select realm_id, first_sequence, max(sequence), min(happened_at), max(happened_at), max(expires_at), min(chain_id), min(chain_number),
    '[' || string_agg(
        '{"event_id":' || to_json(event_id)::text
        || ',"happened_at":"' || to_char(happened_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')
        || '","expires_at":"' || to_char(expires_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')
        || '","kind":' || to_json(kind)::text
        || ',"client_id":' || to_json(client_id)::text
        || ',"user_id":' || to_json(user_id)::text
        || ',"token_id":' || to_json(token_id)::text
        || ',"family_id":' || to_json(family_id)::text
        || ',"details":' || details
        || ',"hash":' || to_json(hash)::text || '}', ',' order by sequence) || ']'
from token_event_move
group by realm_id, first_sequence;

insert into token_event_key (realm_id, kind, value, first_sequence, expires_at)
select distinct e.realm_id, k.kind, k.value, e.first_sequence, b.expires_at
from token_event_move e
join token_event_batch b on b.realm_id = e.realm_id and b.first_sequence = e.first_sequence
cross join lateral (values
    ('id', left(e.event_id, 10)),
    ('client', e.client_id),
    ('user', e.user_id),
    ('family', e.family_id),
    ('kind', case when e.kind <> 'Issued' then e.kind else '' end)) as k (kind, value)
where k.value <> '';

drop table token_event;
