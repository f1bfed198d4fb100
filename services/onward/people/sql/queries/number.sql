-- After the locks: whatever is recorded in our clusters already has a lower number.
-- One number for the batch, with room for a million contacts behind it: numbers drawn one by one would interleave with
-- those of another batch.
select nextval('recorded') << 20 as recorded
