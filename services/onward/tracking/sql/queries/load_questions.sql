select *
from question
where (person = any(%(persons)s) and outstanding <> '{}')
   or contact_id = any(%(contacts)s)
order by question_id
for update
