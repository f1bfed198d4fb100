-- All that the ledger keeps of these persons, as one JSON document. Deliveries that are held and cards stay sealed.
select
    (
        select coalesce(jsonb_agg(to_jsonb(referral) - 'held' - 'raised_by' - 'person' order by made_at), '[]')
        from referral where person = any(%(persons)s)
    ) as referrals,
    (
        select coalesce(jsonb_agg(to_jsonb(question) - 'person' order by asked_at), '[]')
        from question where person = any(%(persons)s) or contact_id = any(%(contacts)s::uuid[])
    ) as questions,
    (
        select coalesce(jsonb_agg(to_jsonb(duty_case) - 'card' - 'person' order by opened_at), '[]')
        from duty_case where person = any(%(persons)s) or contact_id = any(%(contacts)s::uuid[])
    ) as cases,
    (
        select coalesce(jsonb_agg(to_jsonb(case_opening) order by at), '[]')
        from case_opening join duty_case using (case_id)
        where person = any(%(persons)s) or contact_id = any(%(contacts)s::uuid[])
    ) as openings
