-- One row for each input partition of each hop: who owns it, and how far its state has come.
create table input_shard (
    consumer_group text not null,
    topic text not null,
    partition int not null,
    epoch bigint not null,             -- raised by every new owner: an older one is refused
    next_offset bigint not null,       -- the first input record that the state does not hold yet
    next_sequence bigint not null,     -- the number of the next outbox row, without gaps
    published bigint not null,         -- outbox rows below this are in the topics; Kafka's own note may be ahead of it
    backend_pid int,                   -- the owner's database session, to be ended on take-over
    backend_start timestamptz,
    primary key (consumer_group, topic, partition)
);

-- What follows from the state's changes and is not published yet.
create table outbox (
    consumer_group text not null,
    source_topic text not null,
    partition int not null,
    sequence bigint not null,
    topic text not null,
    key bytea not null,
    value bytea not null,
    headers bytea not null,            -- JSON: a list of name and value
    primary key (consumer_group, source_topic, partition, sequence)
);
