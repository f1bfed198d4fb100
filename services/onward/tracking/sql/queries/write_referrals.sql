-- The columns that are not set here never change.
insert into referral
select * from jsonb_populate_recordset(null::referral, %(rows)s::jsonb)
on conflict (referral_id) do update set
    person = excluded.person,
    delivered_as = excluded.delivered_as,
    status = excluded.status,
    receipt = excluded.receipt,
    raised_by = excluded.raised_by,
    last_reply = excluded.last_reply,
    replied_at = excluded.replied_at,
    held = excluded.held,
    card = excluded.card,
    plan = excluded.plan,
    ended_by = excluded.ended_by,
    withdrawal = excluded.withdrawal,
    changed_at = excluded.changed_at
