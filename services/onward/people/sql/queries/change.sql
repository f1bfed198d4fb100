update contact
set person = one.person, revision = one.revision, sealed = one.sealed, said = one.said
from json_to_recordset(%(rows)s::json) as one (contact_id uuid, person text, revision integer, sealed text, said jsonb)
where contact.contact_id = one.contact_id
