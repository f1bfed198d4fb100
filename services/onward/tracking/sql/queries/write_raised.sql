insert into raised (escalation_id, person)
select * from unnest(%(escalations)s::uuid[], %(persons)s::text[])
on conflict (escalation_id) do nothing
