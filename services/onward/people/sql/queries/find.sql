select number, null::uuid as contact_id, cluster, crowded from link where number = any(%(numbers)s::text[])
union all
select null, contact_id, cluster, false from contact where contact_id = any(%(contacts)s::uuid[])
