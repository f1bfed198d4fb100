-- Sorted, so that two batches take their locks in one order.
select id, version from cluster where id = any(%(clusters)s::uuid[]) order by id for update
