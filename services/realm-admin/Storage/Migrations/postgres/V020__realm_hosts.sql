-- Host names are the one thing that is unique among all realms, so this index is led by the name (ADR 0010).
create table realm_host (
    realm_id text collate "C" not null primary key references realm (realm_id) on delete cascade,
    host_name text collate "C" not null
);

create unique index realm_host_by_name on realm_host (host_name);
