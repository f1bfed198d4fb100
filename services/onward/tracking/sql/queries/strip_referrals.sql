-- Of an erased person: nothing but what a withdrawal needs.
update referral set
    contact_id = one.contact_id,
    episode = null,
    area = null,
    card = null,
    rests_on = '[]',
    disclosed = '[]',
    plan = null,
    instead_of = null,
    ended_by = null,
    raised_by = one.raised_by,
    consents = one.consents,
    held = null,
    last_reply = null,
    replied_at = null,
    status = one.status,
    withdrawal = one.withdrawal,
    erasure = one.erasure,
    changed_at = one.changed_at
from jsonb_populate_recordset(null::referral, %(rows)s::jsonb) as one
where referral.referral_id = one.referral_id
