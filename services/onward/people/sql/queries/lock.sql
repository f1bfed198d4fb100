-- Sorted, so that two batches take their locks in one order.
select id from cluster where id = any(%(clusters)s::uuid[]) order by id for update
