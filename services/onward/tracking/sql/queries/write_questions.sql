insert into question
select * from jsonb_populate_recordset(null::question, %(rows)s::jsonb)
on conflict (question_id) do update set outstanding = excluded.outstanding
