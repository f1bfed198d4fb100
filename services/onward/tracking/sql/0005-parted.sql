-- Who a referral is about is kept with it, and what it rests on: two people may have been taken for one.
-- depends: 0004-cases

alter table referral
    add column delivered_as text,
    add column rests_on jsonb not null default '[]',
    add column disclosed jsonb not null default '[]',
    -- The person's identity in it is sealed with the person's key.
    add column card jsonb,
    add column plan uuid,
    add column instead_of uuid,
    add column ended_by uuid,
    alter column consents drop not null;

-- Those from before it was kept on which consent they stand: nobody knows.
update referral set consents = null where consents = '[]' and episode is null;

create index referral_contact on referral (contact_id);
create index duty_case_contact on duty_case (contact_id) where closed_at is null;
