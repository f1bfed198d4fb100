-- Locked, so that nobody closes one to which news is being added.
select *
from duty_case
where (person = any(%(persons)s) or contact_id = any(%(parted)s))
  and closed_at is null
order by case_id
for update
