-- What users decided: one row a client, scope and organization; the latest decision replaces the one before.
create table consent (
    realm_id text collate "C" not null,
    user_id text collate "C" not null,
    client_id text collate "C" not null,
    organization_id text collate "C" not null, -- '': none
    scope text collate "C" not null,
    decision text not null check (decision in ('granted', 'denied')),
    decided_at timestamptz not null,
    expires_at timestamptz,
    text_language text not null,
    text_version text not null,
    primary key (realm_id, user_id, client_id, organization_id, scope)
);
