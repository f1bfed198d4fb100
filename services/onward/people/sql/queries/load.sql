select contact_id, cluster, person, recorded, occurred_at, received_at, revision, sealed, said::text
from contact
where cluster = any(%(clusters)s::uuid[])
