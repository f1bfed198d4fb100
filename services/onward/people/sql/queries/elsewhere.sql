select contact_id, cluster, person, recorded, occurred_at, received_at, revision, sealed, said::text
from contact
where cluster in (select cluster from contact where contact_id = any(%(contacts)s::uuid[]))
