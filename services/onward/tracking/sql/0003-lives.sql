-- A referral has a life after it is accepted, and an end of which its provider is told.
-- depends: 0002-question-episode

alter table referral
    drop constraint referral_status_check,
    add constraint referral_status_check check (status in (
        'AWAITING_APPROVAL', 'READY', 'SENT', 'DELIVERY_FAILED', 'RECEIVED', 'INFO_REQUESTED', 'ACCEPTED',
        'ASSESSMENT_BOOKED', 'ATTENDED', 'DID_NOT_ATTEND', 'IN_SERVICE', 'ON_HOLD', 'REJECTED', 'COMPLETED',
        'DISCHARGED', 'UNREACHABLE', 'CONSENT_WITHDRAWN', 'ENTERED_IN_ERROR', 'EXPIRED', 'WITHDRAWN',
        'CLOSED_DECEASED'
    )),
    add column episode uuid,
    add column consents jsonb not null default '[]',
    add column withdrawal text check (withdrawal in ('due', 'sent', 'refused', 'acknowledged'));

-- Those that have ended are read too: a new referral names the earlier one of its provider.
create index referral_person on referral (person);
drop index referral_live;
