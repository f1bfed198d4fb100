create index referral_live on referral (person) where status not in ('REJECTED', 'WITHDRAWN', 'CLOSED_DECEASED');
drop index referral_person;

alter table referral
    drop column withdrawal,
    drop column consents,
    drop column episode,
    drop constraint referral_status_check,
    add constraint referral_status_check check (status in (
        'AWAITING_APPROVAL', 'READY', 'SENT', 'DELIVERY_FAILED', 'RECEIVED', 'INFO_REQUESTED', 'ACCEPTED', 'REJECTED',
        'WITHDRAWN', 'CLOSED_DECEASED'
    ));
