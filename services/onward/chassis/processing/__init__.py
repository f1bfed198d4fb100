"""How records are processed: hops, batches, who owns a partition, exactly once with and without state."""
