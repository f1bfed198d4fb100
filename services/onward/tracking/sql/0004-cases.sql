-- What people on duty are called for stays open until its cause is over or somebody closes it.
-- depends: 0003-lives

alter table referral add column area text;

create table duty_case (
    case_id uuid primary key,
    person text not null,
    contact_id uuid not null,
    kind text not null,
    role text not null,
    area text,
    urgency text not null,
    rule text not null,
    subject text not null,
    episode uuid,
    referral_id uuid,
    lines jsonb not null,
    revision integer not null,
    opened_at timestamptz not null,
    news_at timestamptz not null,
    act_by timestamptz not null,
    closed_at timestamptz,
    closed_by text,
    closed_because text,
    -- Personal data: here only while somebody has to act.
    card jsonb,
    check (card is null or closed_at is null)
);

create index duty_case_person on duty_case (person) where closed_at is null;
create index duty_case_role on duty_case (role, act_by) where closed_at is null;

-- Who looked into a case, as whom and why.
create table case_opening (
    case_id uuid not null references duty_case,
    at timestamptz not null,
    by text not null,
    role text not null,
    reason text not null
);
