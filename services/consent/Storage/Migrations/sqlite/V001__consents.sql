-- What users decided: one row a client, scope and organization; the latest decision replaces the one before.
create table consent (
    realm_id text not null,
    user_id text not null,
    client_id text not null,
    organization_id text not null, -- '': none
    scope text not null,
    decision text not null check (decision in ('granted', 'denied')),
    decided_at text not null,
    expires_at text,
    text_language text not null,
    text_version text not null,
    primary key (realm_id, user_id, client_id, organization_id, scope)
) without rowid;
