-- Whoever places the same number at the same time waits for us here, and then sees ours.
with made as (
    insert into cluster (id)
    select id from unnest(%(clusters)s::uuid[]) as one (id) order by id
    on conflict do nothing
    returning 1
), linked as (
    insert into link (number, cluster)
    select number, cluster
    from unnest(string_to_array(%(numbers)s, ' '), %(places)s::uuid[]) as one (number, cluster)
    order by number
    on conflict do nothing
    returning 1
)
select (select count(*) from made) as made, (select count(*) from linked) as linked
