alter table question drop column episode;
