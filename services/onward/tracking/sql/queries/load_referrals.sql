-- In one order for everybody, so that two batches which share referrals wait for each other rather than deadlock.
select *
from referral
where referral_id = any(%(referrals)s)
   or person = any(%(persons)s)
   or contact_id = any(%(parted)s)
order by referral_id
for update
