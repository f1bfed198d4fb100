-- What named persons who were erased, a copy of the topic `tombstones`; and what stays of them until a provider has
-- stopped. See docs/adr/0045-erasure.md.
-- depends: 0005-parted

create table erased (
    -- A marked person or contact, or a referral that went.
    node text primary key,
    at timestamptz not null,
    erasure_id uuid not null
);

-- Of an erased person: here only until its provider has acknowledged that it is withdrawn.
alter table referral add column erasure uuid;

-- Who looked into a case stays when the case goes with its person.
alter table case_opening drop constraint case_opening_case_id_fkey;
create index case_opening_case on case_opening (case_id);
