"""Kafka: clients that behave, the cluster, compacted topics, producers in turn."""
