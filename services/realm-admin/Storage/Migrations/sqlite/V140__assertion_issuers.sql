alter table realm add column assertion_issuers text not null default '[]';
