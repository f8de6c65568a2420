-- lz4 makes a quarter of the text and costs less than writing the rest of it; pglz, which every server has, costs twice as much as writing all of it.
-- On servers that were built without lz4 texts stay as they are.
do $$
begin
    alter table token_event_batch alter column events set compression lz4;
    alter table token_event_batch alter column events set storage extended;
exception when feature_not_supported then
    null;
end
$$;
