-- lz4 makes a quarter of the text and costs less than writing the rest of it; pglz, which every server has, costs twice as much as writing all of it.
-- On servers that were built without lz4 texts stay as they are. Partitions that are there have settings of their own; later ones take the table's.
do $$
declare
    part regclass;
begin
    for part in
        select 'token_event_batch'::regclass
        union all
        select inhrelid::regclass from pg_inherits where inhparent = 'token_event_batch'::regclass
    loop
        execute format('alter table %s alter column events set compression lz4, alter column events set storage extended', part);
    end loop;
exception when feature_not_supported or syntax_error then
    null;
end
$$;
