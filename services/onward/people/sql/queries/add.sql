with changed as (
    update cluster set version = %(version)s where id = any(%(clusters)s::uuid[])
)
insert into contact (contact_id, cluster, person, recorded, occurred_at, received_at, revision, sealed, said)
select contact_id, cluster, person, recorded, occurred_at, received_at, revision, sealed, said
from json_to_recordset(%(rows)s::json) as one (
    contact_id uuid, cluster uuid, person text, recorded bigint, occurred_at timestamptz, received_at timestamptz,
    revision integer, sealed text, said jsonb
)
