create table sample (
    realm_id text not null,
    id text not null,
    label text not null,
    happened_at text,
    lifetime integer,
    names text,
    details text,
    hash blob,
    kind text,
    enabled integer,
    primary key (realm_id, id)
);

create unique index sample_label on sample (realm_id, label);
