drop table case_opening;
drop table duty_case;
alter table referral drop column area;
