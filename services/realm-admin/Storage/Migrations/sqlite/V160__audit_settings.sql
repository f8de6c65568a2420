alter table realm add column audit_settings text not null default '{}';
