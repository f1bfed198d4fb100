select number, null::uuid as contact_id, cluster, crowded
from link
where number = any(string_to_array(%(numbers)s, ' '))
union all
select null, contact_id, cluster, false
from contact
where contact_id = any(string_to_array(%(contacts)s, ' ')::uuid[])
