-- A partner is asked for a fact once in an episode, so a question says in which it was asked.
-- depends: 0001-ledger

alter table question add column episode uuid;
update question set episode = contact_id;
alter table question alter column episode set not null;

create index question_episode on question (episode);
