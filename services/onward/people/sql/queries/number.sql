-- After the locks: whatever is recorded in our clusters already has a lower number.
select nextval('recorded') as recorded from generate_series(1, %(count)s)
