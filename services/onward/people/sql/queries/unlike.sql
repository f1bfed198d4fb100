-- Who said the same takes the place of what is gone; a likeness by which nobody is left to be found goes by itself.
with kept as (
    select likeness, array(
        select coalesce(heir, one)
        from unnest(contacts) with ordinality as each (one, place)
        left join unnest(%(gone)s::uuid[], %(heirs)s::uuid[]) as left_by (gone, heir) on gone = one
        where gone is null or heir is not null
        order by place
    ) as contacts
    from alike where likeness = any(%(likenesses)s::uuid[])
), emptied as (
    delete from alike using kept where alike.likeness = kept.likeness and kept.contacts = '{}'
)
update alike set contacts = kept.contacts from kept where alike.likeness = kept.likeness and kept.contacts <> '{}'
