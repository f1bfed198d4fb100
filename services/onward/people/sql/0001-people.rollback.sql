drop table rekeyed;
drop table alike;
drop table contact;
drop sequence recorded;
drop table link;
drop table cluster;
