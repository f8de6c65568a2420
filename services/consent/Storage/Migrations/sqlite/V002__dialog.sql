-- How each decision was made; those of before came over gRPC.
alter table consent add column method text not null default 'grpc';

-- Swept a few rows at a time by ExpiredRows.
create table consent_challenge (
    realm_id text not null,
    challenge_hash text not null,
    authorization_id text not null,
    request text not null,
    asked text not null,
    granted text not null,
    expires_at text not null,
    answered_at text,
    answer text,
    finished_at text,
    primary key (realm_id, challenge_hash, expires_at)
);

create table authorization_run (
    realm_id text not null,
    authorization_id text not null,
    run text not null,
    expires_at text not null,
    primary key (realm_id, authorization_id, expires_at)
);

-- For the sweep of what has expired.
create index consent_challenge_expiry on consent_challenge (realm_id, expires_at);
create index authorization_run_expiry on authorization_run (realm_id, expires_at);
