-- Nothing of the deleted realm is left anywhere; its id is held back until calls that may be under way are over.
alter table realm add column erased boolean not null default false;
