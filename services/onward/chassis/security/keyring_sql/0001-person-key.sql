-- One key per person, wrapped under the master key, in a schema that nothing else shares:
-- it is backed up apart (briefly), granted apart (people writes, dispatch and tracking read), and rows are really deleted.
create schema if not exists keyring;

create table if not exists keyring.person_key (
    person  text primary key,
    wrapped bytea not null,            -- under the master key: opens who somebody is
    reference_wrapped bytea not null,  -- under the reference key: opens how partners refer to them
    made_at timestamptz not null default now()
);

-- Forgetting must not linger: vacuum as soon as a handful of keys is gone, whatever the table's size.
alter table keyring.person_key
    set (autovacuum_vacuum_threshold = 1, autovacuum_vacuum_scale_factor = 0);

comment on table keyring.person_key is 'Person keys, wrapped; deleting a row erases the person.';
