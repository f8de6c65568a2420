-- SQLite has no compression of its own.
select 1;
