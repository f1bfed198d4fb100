alter table contact reset (autovacuum_vacuum_threshold, autovacuum_vacuum_scale_factor);
drop table erased;
