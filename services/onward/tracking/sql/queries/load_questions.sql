select *
from question
where (person = any(%(persons)s) and outstanding <> '{}')
   or contact_id = any(%(contacts)s)
   or episode = any(%(episodes)s)
order by question_id
for update
