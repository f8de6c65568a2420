-- Ids are looked up without case by indexes that answer alone: SQLite prefers any index that does, and read a realm's whole key before.
drop index client_by_folded_id;
drop index resource_server_by_folded_id;
drop index permission_by_folded_id;
drop index scope_by_folded_id;
drop index role_by_folded_id;
drop index iam_group_by_folded_id;
drop index organization_by_folded_id;
drop index iam_user_by_folded_id;
drop index role_binding_by_folded_id;
create index client_by_folded_id on client (realm_id, lower(client_id), client_id);
create index resource_server_by_folded_id on resource_server (realm_id, lower(audience), audience);
create index permission_by_folded_id on permission (realm_id, lower(permission), permission, audience);
create index scope_by_folded_id on scope (realm_id, lower(scope), scope);
create index role_by_folded_id on role (realm_id, lower(role_id), role_id);
create index iam_group_by_folded_id on iam_group (realm_id, lower(group_id), group_id);
create index organization_by_folded_id on organization (realm_id, lower(organization_id), organization_id);
create index iam_user_by_folded_id on iam_user (realm_id, lower(user_id), user_id);
create index role_binding_by_folded_id on role_binding (realm_id, lower(role_binding_id), role_binding_id);
