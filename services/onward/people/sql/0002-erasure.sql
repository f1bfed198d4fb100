-- What named persons who were erased: a copy of the topic `tombstones`. See docs/adr/0045-erasure.md.
-- depends: 0001-people

create table erased (
    -- A marked number, contact or person.
    node text primary key,
    -- What happened until then brings nobody back.
    at timestamptz not null,
    erasure_id uuid not null
);

-- What was erased must not linger: vacuum as soon as anything is gone, whatever the table's size.
alter table contact set (autovacuum_vacuum_threshold = 50, autovacuum_vacuum_scale_factor = 0.01);
