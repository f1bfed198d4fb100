-- The roles of Onward's database. Made of the services' own tables by `make schemas`: not to be edited.
-- Once, as a superuser, connected to the database:  psql -v ON_ERROR_STOP=1 -f roles.sql
-- Then give each role its password (`\password onward_people`), or a certificate, and run `onward migrate` as
-- onward_owner: it makes the tables and gives every role its rights. After each upgrade `onward migrate` again.

-- onward_owner: owns the schemas and runs `onward migrate`; no service logs in as it.
do $$ begin
  if not exists (select from pg_roles where rolname = 'onward_owner') then
    create role onward_owner login nosuperuser nocreatedb nocreaterole noinherit connection limit 40;
  end if;
end $$;

-- onward_people: the service `people`: what was said about whom; makes person keys, and alone may destroy one.
do $$ begin
  if not exists (select from pg_roles where rolname = 'onward_people') then
    create role onward_people login nosuperuser nocreatedb nocreaterole noinherit connection limit 40;
  end if;
end $$;

-- onward_tracking: the service `tracking`: the referral ledger; reads person keys.
do $$ begin
  if not exists (select from pg_roles where rolname = 'onward_tracking') then
    create role onward_tracking login nosuperuser nocreatedb nocreaterole noinherit connection limit 40;
  end if;
end $$;

-- onward_dispatch: the service `dispatch`: reads person keys, and nothing else.
do $$ begin
  if not exists (select from pg_roles where rolname = 'onward_dispatch') then
    create role onward_dispatch login nosuperuser nocreatedb nocreaterole noinherit connection limit 40;
  end if;
end $$;

-- onward_duty: people on duty, `onward cases`: looks into cases, which is on record that nobody changes, and closes them.
do $$ begin
  if not exists (select from pg_roles where rolname = 'onward_duty') then
    create role onward_duty login nosuperuser nocreatedb nocreaterole noinherit connection limit 40;
  end if;
end $$;

-- Nobody else comes in, and only the owner makes anything.
select current_database() as database \gset
revoke all on database :"database" from public;
grant connect on database :"database" to onward_owner, onward_people, onward_tracking, onward_dispatch, onward_duty;
grant create on database :"database" to onward_owner;
revoke create on schema public from public;

-- What `onward migrate` gives:
--   grant usage on schema keyring, people to onward_people;
--   grant select, insert, delete on table keyring.person_key to onward_people;
--   grant select, insert on table keyring.secret_fingerprint to onward_people;
--   grant select on table people._yoyo_migration to onward_people;
--   grant select, insert, update, delete on table people.alike to onward_people;
--   grant select, insert, update, delete on table people.cluster to onward_people;
--   grant select, insert, update, delete on table people.contact to onward_people;
--   grant select, insert, update on table people.erased to onward_people;
--   grant select, insert, update on table people.input_shard to onward_people;
--   grant select, insert, update, delete on table people.link to onward_people;
--   grant select, insert, delete on table people.outbox to onward_people;
--   grant select, insert, delete on table people.rekeyed to onward_people;
--   grant usage on sequence people.recorded to onward_people;
--   grant usage on schema keyring, tracking to onward_tracking;
--   grant select on table keyring.person_key to onward_tracking;
--   grant select on table keyring.secret_fingerprint to onward_tracking;
--   grant select on table tracking._yoyo_migration to onward_tracking;
--   grant select, update on table tracking.case_opening to onward_tracking;
--   grant select, insert, update, delete on table tracking.duty_case to onward_tracking;
--   grant select, insert, update on table tracking.erased to onward_tracking;
--   grant select, insert, update on table tracking.input_shard to onward_tracking;
--   grant select, insert, delete on table tracking.outbox to onward_tracking;
--   grant select, insert, update, delete on table tracking.question to onward_tracking;
--   grant select, insert, delete on table tracking.raised to onward_tracking;
--   grant select, insert, update, delete on table tracking.referral to onward_tracking;
--   grant usage on schema keyring to onward_dispatch;
--   grant select on table keyring.person_key to onward_dispatch;
--   grant select on table keyring.secret_fingerprint to onward_dispatch;
--   grant usage on schema keyring, tracking to onward_duty;
--   grant select on table keyring.person_key to onward_duty;
--   grant insert on table tracking.case_opening to onward_duty;
--   grant select, insert, update on table tracking.duty_case to onward_duty;
