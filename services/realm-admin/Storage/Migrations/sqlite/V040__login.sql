alter table realm add column login_settings text not null default '{}';
alter table realm add column session_settings text not null default '{}';

alter table client add column require_pushed_authorization_requests boolean not null default false;
alter table client add column web_origins text not null default '[]';
alter table client add column asks_for_organization boolean not null default false;
