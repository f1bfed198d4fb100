drop table raised;
drop table question;
drop table referral;
