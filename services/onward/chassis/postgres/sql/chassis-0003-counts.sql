-- What became of a shard's records, and what left its outbox: JSON, written with the offset and the position they
-- belong to. None: counting begins with the next batch.
alter table input_shard add column counts text, add column relayed text;
