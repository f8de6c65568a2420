-- Where a browser has yet to show whose it is; null: a visit that is open. Links of before open nothing any more: they live for a minute.
alter table self_service_visit add column return_uri text;
