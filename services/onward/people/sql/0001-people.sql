-- What contacts said, and what connects them: see docs/adr/0007-person-keys-and-joining.md.

-- All that shared numbers connect, whether or not it is one person. It is locked, read and worked out as a whole.
create table cluster (
    id uuid primary key,
    -- The number of the batch that changed anything in it last. Two batches never have one, whether they end well or not.
    version bigint not null default 0
);

-- A number by its pseudonym, marked with its kind: NOMS:5f... or REF:a0...
create table link (
    number text primary key,
    cluster uuid not null,
    -- A reference on so many contacts that it tells nobody apart: not followed any more.
    crowded boolean not null default false
);

create index link_cluster on link (cluster);

create sequence recorded;

create table contact (
    contact_id uuid primary key,
    cluster uuid not null,
    person text not null,
    recorded bigint not null unique,
    occurred_at timestamptz not null,
    received_at timestamptz not null,
    revision integer not null check (revision >= 1),
    -- The identity, sealed under the person's key; null where the contact told none.
    sealed text,
    said jsonb not null
);

create index contact_cluster on contact (cluster);
create index contact_person on contact (person);

-- Who says something like it of whom a contact is about: by a pseudonym of name and birthday, or of a telephone number.
-- It connects nobody: a person is asked.
create table alike (
    likeness uuid primary key,
    contacts uuid[] not null
);

-- Whom a contact was about before: for erasing a person, and for whoever asks why a key changed.
create table rekeyed (
    contact_id uuid not null,
    because uuid not null,
    person text not null,
    was text not null,
    primary key (contact_id, because)
);

create index rekeyed_was on rekeyed (was);
create index rekeyed_person on rekeyed (person);

comment on table contact is 'One row per contact taken; rows are added, and change only their person and revision.';
