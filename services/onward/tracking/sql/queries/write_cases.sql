-- The columns that are not set here never change.
insert into duty_case
select * from jsonb_populate_recordset(null::duty_case, %(rows)s::jsonb)
on conflict (case_id) do update set
    person = excluded.person,
    lines = excluded.lines,
    revision = excluded.revision,
    news_at = excluded.news_at,
    closed_at = excluded.closed_at,
    closed_by = excluded.closed_by,
    closed_because = excluded.closed_because,
    card = excluded.card
