insert into contact (contact_id, cluster, person, recorded, occurred_at, received_at, revision, sealed, said)
select * from unnest(
    %(contact_id)s::uuid[], %(cluster)s::uuid[], %(person)s::text[], %(recorded)s::bigint[],
    %(occurred_at)s::timestamptz[], %(received_at)s::timestamptz[], %(revision)s::integer[], %(sealed)s::text[],
    %(said)s::jsonb[]
)
