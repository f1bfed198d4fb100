-- In one order, so that two batches take these rows in one order. A row that has its fill is not returned.
with said as (
    select likeness, array_agg(contact_id order by place) as contacts
    from unnest(string_to_array(%(likenesses)s, ' ')::uuid[], %(contacts)s::uuid[])
        with ordinality as one (likeness, contact_id, place)
    group by likeness
)
insert into alike (likeness, contacts)
select likeness, contacts from said order by likeness
on conflict (likeness) do update
set contacts = alike.contacts || excluded.contacts
where cardinality(alike.contacts) < %(too_many)s
returning likeness, contacts
