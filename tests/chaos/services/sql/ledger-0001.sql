create table step (key text not null, sequence int not null, times int not null, primary key (key, sequence));
