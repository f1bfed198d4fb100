-- The referral ledger: see docs/adr/0008-referral-ledger.md.

create table referral (
    referral_id uuid primary key,
    reference text not null unique,
    person text not null,
    contact_id uuid not null,
    occurred_at timestamptz not null,
    category text not null,
    service text not null,
    provider text not null,
    rule text not null,
    urgency text not null,
    release boolean not null,
    approval text,
    status text not null check (status in (
        'AWAITING_APPROVAL', 'READY', 'SENT', 'DELIVERY_FAILED', 'RECEIVED', 'INFO_REQUESTED', 'ACCEPTED', 'REJECTED',
        'WITHDRAWN', 'CLOSED_DECEASED'
    )),
    receipt text check (receipt in ('sent', 'refused')),
    raised_by jsonb not null,
    last_reply text,
    replied_at timestamptz,
    -- Personal data: here only while somebody has to say yes or no.
    held jsonb,
    made_at timestamptz not null,
    changed_at timestamptz not null,
    check ((held is not null) = (status = 'AWAITING_APPROVAL'))
);

create index referral_live on referral (person) where status not in ('REJECTED', 'WITHDRAWN', 'CLOSED_DECEASED');

create table question (
    question_id uuid primary key,
    person text not null,
    contact_id uuid not null,
    source text not null,
    facts text[] not null,
    outstanding text[] not null,
    asked_at timestamptz not null,
    answer_by timestamptz not null
);

create index question_open on question (person) where outstanding <> '{}';
create index question_contact on question (contact_id);

create table raised (
    escalation_id uuid primary key,
    person text not null
);

create index raised_person on raised (person);
