alter table realm add column dpop text not null default '{}';
alter table client add column dpop_bound_access_tokens boolean not null default false;
