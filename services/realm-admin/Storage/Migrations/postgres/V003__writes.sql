-- What writes with a request id were answered. It has no foreign key: a deleted realm's rows are erased in their turn.
create table request_log (
    realm_id text collate "C" not null,
    request_id text collate "C" not null,
    method text not null,
    body_sha256 text not null,
    response bytea not null,
    expires_at timestamptz not null,
    primary key (realm_id, request_id)
);

create index request_log_by_expiry on request_log (realm_id, expires_at);

-- Ids that differ in case only are duplicates.
create index client_by_folded_id on client (realm_id, lower(client_id));
create index resource_server_by_folded_id on resource_server (realm_id, lower(audience));
create index permission_by_folded_id on permission (realm_id, lower(permission));
create index scope_by_folded_id on scope (realm_id, lower(scope));
create index role_by_folded_id on role (realm_id, lower(role_id));
create index iam_group_by_folded_id on iam_group (realm_id, lower(group_id));
create index organization_by_folded_id on organization (realm_id, lower(organization_id));
create index iam_user_by_folded_id on iam_user (realm_id, lower(user_id));
create index role_binding_by_folded_id on role_binding (realm_id, lower(role_binding_id));

-- What the lists filter by, and what a deletion looks for.
create index client_by_type on client (realm_id, client_type, client_id);
create index organization_by_parent on organization (realm_id, parent_organization_id);
create index role_binding_by_role on role_binding (realm_id, role_id, role_binding_id);
create index role_binding_by_organization on role_binding (realm_id, organization_id, role_binding_id);

-- A deleted realm is gone for everybody; the row stays until all that it consists of is erased.
alter table realm add column deleted boolean not null default false;
create index realm_deleted on realm (realm_id) where deleted;
