insert into case_opening (case_id, at, by, role, reason)
values (%(case_id)s, %(at)s, %(by)s, %(role)s, %(reason)s)
