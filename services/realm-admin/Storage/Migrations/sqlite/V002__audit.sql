-- Who made a change in full, and the hash chain. Rows from before have no hash: their realm's chain begins with the first change after this.
alter table change_log add column actor_client_id text;
alter table change_log add column token_id text;
alter table change_log add column act_chain text not null default '[]';
alter table change_log add column correlation_id text;
alter table change_log add column hash text;

create index change_log_by_actor on change_log (realm_id, actor, revision, ordinal);
create index change_log_by_time on change_log (realm_id, changed_at);
