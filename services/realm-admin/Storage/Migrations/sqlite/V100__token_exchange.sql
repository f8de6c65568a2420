alter table realm add column token_exchange text not null default '{}';
