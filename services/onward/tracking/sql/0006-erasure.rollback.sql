drop index case_opening_case;
-- Those whose case went with its person stay.
alter table case_opening
    add constraint case_opening_case_id_fkey foreign key (case_id) references duty_case not valid;
alter table referral drop column erasure;
drop table erased;
