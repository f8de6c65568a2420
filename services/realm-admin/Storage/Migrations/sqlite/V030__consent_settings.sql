alter table realm add column consent_settings text not null default '{}';

alter table client add column logo text;
alter table client add column verified boolean not null default false;
alter table client add column required_scopes text not null default '[]';
