update contact
set person = one.person, revision = one.revision, sealed = one.sealed
from unnest(%(contact_id)s::uuid[], %(person)s::text[], %(revision)s::integer[], %(sealed)s::text[])
    as one (contact_id, person, revision, sealed)
where contact.contact_id = one.contact_id
