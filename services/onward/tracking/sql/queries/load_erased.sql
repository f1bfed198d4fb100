-- Everything of these persons, whoever else a question was asked about.
select
    (select count(*) from raised where person = any(%(persons)s)) as raised,
    (select count(*) from case_opening join duty_case using (case_id) where person = any(%(persons)s)) as openings,
    (
        select coalesce(jsonb_object_agg(question_id, person), '{}') from question
        where person = any(%(persons)s) or contact_id = any(%(contacts)s::uuid[])
    ) as questions,
    (
        select coalesce(jsonb_object_agg(case_id, card is not null), '{}') from duty_case
        where person = any(%(persons)s) or contact_id = any(%(contacts)s::uuid[])
    ) as cases
