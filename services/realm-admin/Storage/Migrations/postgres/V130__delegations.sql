-- Who may act for whom. The delegator has a foreign key; the delegate is one of two kinds, and has none.
create table delegation (
    realm_id text collate "C" not null references realm (realm_id) on delete cascade,
    delegation_id text collate "C" not null,
    delegator_id text collate "C" not null,
    delegate_type text collate "C" not null,
    delegate_id text collate "C" not null,
    scopes text[] not null,
    organization_id text collate "C",
    expires_at timestamptz,
    max_depth integer not null,
    reason text not null,
    created_at timestamptz not null,
    created_by text not null,
    self_granted boolean not null,
    primary key (realm_id, delegation_id),
    foreign key (realm_id, delegator_id) references iam_user (realm_id, user_id) deferrable initially deferred,
    foreign key (realm_id, organization_id) references organization (realm_id, organization_id) deferrable initially deferred
);

create index delegation_by_folded_id on delegation (realm_id, lower(delegation_id), delegation_id);
create index delegation_by_delegator on delegation (realm_id, delegator_id, delegation_id);
create index delegation_by_delegate on delegation (realm_id, delegate_type, delegate_id, delegation_id);
create index delegation_by_organization on delegation (realm_id, organization_id, delegation_id);
