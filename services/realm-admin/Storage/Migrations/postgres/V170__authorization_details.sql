alter table realm add column authorization_details_types text not null default '[]';
alter table client add column authorization_details_types text[] not null default '{}';
