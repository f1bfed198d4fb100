insert into rekeyed (contact_id, because, person, was)
select * from unnest(%(contact_id)s::uuid[], %(because)s::uuid[], %(person)s::text[], %(was)s::text[])
