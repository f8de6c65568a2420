-- Who made a change in full, and the hash chain. Rows from before have no hash: their realm's chain begins with the first change after this.
alter table change_log add column actor_client_id text;
alter table change_log add column token_id text;
alter table change_log add column act_chain text[] not null default '{}';
alter table change_log add column correlation_id text;
alter table change_log add column hash text;

-- Pages go by (revision, ordinal), so each index ends with both.
drop index change_log_by_resource;
create index change_log_by_resource on change_log (realm_id, resource_kind, resource_id, revision, ordinal);
create index change_log_by_actor on change_log (realm_id, actor, revision, ordinal);

-- For narrow ranges of a long log; SQLite would not choose it over the order of the page.
create index change_log_by_time on change_log (realm_id, changed_at);
