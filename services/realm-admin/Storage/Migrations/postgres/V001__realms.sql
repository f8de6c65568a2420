-- Ids sort by their bytes (collate "C"), as they do on SQLite, so that pages are the same on both engines.
-- References between resources are checked at commit: an import writes them in any order.

create table realm (
    realm_id text collate "C" not null primary key,
    display_name text not null,
    disabled boolean not null,
    access_token_lifetime bigint not null,
    acr_values text[] not null,
    scope_pipeline text not null,
    revision bigint not null,
    created_at timestamptz not null
);

create table organization (
    realm_id text collate "C" not null references realm (realm_id) on delete cascade,
    organization_id text collate "C" not null,
    display_name text not null,
    parent_organization_id text collate "C",
    disabled boolean not null,
    primary key (realm_id, organization_id),
    foreign key (realm_id, parent_organization_id) references organization (realm_id, organization_id) deferrable initially deferred
);

create table client (
    realm_id text collate "C" not null references realm (realm_id) on delete cascade,
    client_id text collate "C" not null,
    display_name text not null,
    client_type text not null,
    disabled boolean not null,
    grant_types text[] not null,
    redirect_uris text[] not null,
    scopes text[] not null,
    consent_policy text not null,
    access_token_lifetime bigint,
    dynamically_registered boolean not null,
    owner_organization_id text collate "C",
    primary key (realm_id, client_id),
    foreign key (realm_id, owner_organization_id) references organization (realm_id, organization_id) deferrable initially deferred
);

create table client_secret (
    realm_id text collate "C" not null,
    client_id text collate "C" not null,
    secret_id text collate "C" not null,
    sha256 text not null,
    created_at timestamptz not null,
    expires_at timestamptz,
    primary key (realm_id, client_id, secret_id),
    foreign key (realm_id, client_id) references client (realm_id, client_id) on delete cascade
);

create table resource_server (
    realm_id text collate "C" not null references realm (realm_id) on delete cascade,
    audience text collate "C" not null,
    display_name text not null,
    client_id text collate "C",
    primary key (realm_id, audience),
    foreign key (realm_id, client_id) references client (realm_id, client_id) deferrable initially deferred
);

create table permission (
    realm_id text collate "C" not null,
    permission text collate "C" not null,
    audience text collate "C" not null,
    texts text not null,
    primary key (realm_id, permission),
    foreign key (realm_id, audience) references resource_server (realm_id, audience) on delete cascade
);

create index permission_by_audience on permission (realm_id, audience, permission);

create table scope (
    realm_id text collate "C" not null references realm (realm_id) on delete cascade,
    scope text collate "C" not null,
    permissions text[] not null,
    texts text not null,
    primary key (realm_id, scope)
);

create table role (
    realm_id text collate "C" not null references realm (realm_id) on delete cascade,
    role_id text collate "C" not null,
    display_name text not null,
    audience text collate "C",
    permissions text[] not null,
    included_role_ids text[] not null,
    primary key (realm_id, role_id),
    foreign key (realm_id, audience) references resource_server (realm_id, audience) deferrable initially deferred
);

create table iam_group (
    realm_id text collate "C" not null references realm (realm_id) on delete cascade,
    group_id text collate "C" not null,
    display_name text not null,
    parent_group_ids text[] not null,
    owner_organization_id text collate "C",
    primary key (realm_id, group_id),
    foreign key (realm_id, owner_organization_id) references organization (realm_id, organization_id) deferrable initially deferred
);

create table iam_user (
    realm_id text collate "C" not null references realm (realm_id) on delete cascade,
    user_id text collate "C" not null,
    display_name text not null,
    disabled boolean not null,
    primary key (realm_id, user_id)
);

create table external_identity (
    realm_id text collate "C" not null,
    issuer text collate "C" not null,
    subject text collate "C" not null,
    user_id text collate "C" not null,
    primary key (realm_id, issuer, subject),
    foreign key (realm_id, user_id) references iam_user (realm_id, user_id) on delete cascade
);

create index external_identity_by_user on external_identity (realm_id, user_id);

create table organization_member (
    realm_id text collate "C" not null,
    organization_id text collate "C" not null,
    user_id text collate "C" not null,
    primary key (realm_id, organization_id, user_id),
    foreign key (realm_id, user_id) references iam_user (realm_id, user_id) on delete cascade,
    foreign key (realm_id, organization_id) references organization (realm_id, organization_id) deferrable initially deferred
);

create index organization_member_by_user on organization_member (realm_id, user_id, organization_id);

create table group_member (
    realm_id text collate "C" not null,
    group_id text collate "C" not null,
    user_id text collate "C" not null,
    primary key (realm_id, group_id, user_id),
    foreign key (realm_id, user_id) references iam_user (realm_id, user_id) on delete cascade,
    foreign key (realm_id, group_id) references iam_group (realm_id, group_id) deferrable initially deferred
);

create index group_member_by_user on group_member (realm_id, user_id, group_id);

-- role_id and member_id have no foreign key: built-in roles have no row, and a member is one of three kinds.
create table role_binding (
    realm_id text collate "C" not null references realm (realm_id) on delete cascade,
    role_binding_id text collate "C" not null,
    member_type text collate "C" not null,
    member_id text collate "C" not null,
    role_id text collate "C" not null,
    organization_id text collate "C",
    conditions text,
    expires_at timestamptz,
    primary key (realm_id, role_binding_id),
    foreign key (realm_id, organization_id) references organization (realm_id, organization_id) deferrable initially deferred
);

create index role_binding_by_member on role_binding (realm_id, member_type, member_id, role_binding_id);

-- The audit trail and the feed. It outlives what it speaks of, hence no foreign key.
create table change_log (
    realm_id text collate "C" not null,
    revision bigint not null,
    ordinal integer not null,
    changed_at timestamptz not null,
    actor text not null,
    actor_kind text not null,
    resource_kind text collate "C" not null,
    resource_id text collate "C" not null,
    change_kind text not null,
    state_before text,
    state_after text,
    primary key (realm_id, revision, ordinal)
);

create index change_log_by_resource on change_log (realm_id, resource_kind, resource_id, revision);
