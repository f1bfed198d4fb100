-- Locked, so that nobody adds news to it or closes it meanwhile.
select * from duty_case where case_id = %(case_id)s for update
