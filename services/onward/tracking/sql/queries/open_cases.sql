-- What people on duty are called for, or with digest what they are not; of one role or area where one is named.
select * from duty_case
where closed_at is null
  and (urgency = 'digest') = %(digest)s
  and (%(role)s::text is null or role = %(role)s)
  and (%(area)s::text is null or area = %(area)s)
order by act_by, case_id
