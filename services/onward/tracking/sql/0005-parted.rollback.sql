drop index duty_case_contact;
drop index referral_contact;
update referral set consents = '[]' where consents is null;

alter table referral
    alter column consents set not null,
    drop column ended_by,
    drop column instead_of,
    drop column plan,
    drop column card,
    drop column disclosed,
    drop column rests_on,
    drop column delivered_as;
