-- How each decision was made; those of before came over gRPC.
alter table consent add column method text not null default 'grpc';

-- Partitioned by day of expiry; ExpiredRows makes the days ahead and drops those that are past.
create table consent_challenge (
    realm_id text collate "C" not null,
    challenge_hash text not null,
    authorization_id text not null,
    request text not null,
    asked text not null,
    granted text[] not null,
    expires_at timestamptz not null,
    answered_at timestamptz,
    answer text,
    finished_at timestamptz,
    primary key (realm_id, challenge_hash, expires_at)
) partition by range (expires_at);

create table authorization_run (
    realm_id text collate "C" not null,
    authorization_id text not null,
    run text not null,
    expires_at timestamptz not null,
    primary key (realm_id, authorization_id, expires_at)
) partition by range (expires_at);

-- What expires beyond the days made ahead.
create table consent_challenge_default partition of consent_challenge default;
create table authorization_run_default partition of authorization_run default;
