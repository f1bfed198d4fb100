-- The newest record that was handled: whether it still stands there tells this log from another under the same name.
alter table input_shard add column handled_offset bigint;
alter table input_shard add column handled_ms bigint;  -- when it was appended, in milliseconds since 1970
