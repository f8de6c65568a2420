create table sample (
    realm_id text not null,
    id text not null,
    label text not null,
    happened_at timestamptz,
    lifetime bigint,
    names text[],
    details text,
    hash bytea,
    kind text,
    enabled boolean,
    primary key (realm_id, id)
);

create unique index sample_label on sample (realm_id, label);
