select contact_id, person, recorded, occurred_at, received_at, revision, sealed, said
from contact
where cluster = any(%(clusters)s::uuid[])
