"""PostgreSQL: connections, tables, shards and the outbox."""
