create table sample_part (
    realm_id text not null,
    id text not null,
    part text not null,
    primary key (realm_id, id, part),
    foreign key (realm_id, id) references sample (realm_id, id)
);
