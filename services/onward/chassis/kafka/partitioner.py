"""Which partition a key belongs to: Kafka's own rule, so that keys stay in order whoever writes them."""

from functools import lru_cache

from aiokafka.partitioner import murmur2


def partition_of(key: bytes, partitions: int) -> int:
    """The partition, of so many, that every record with *key* goes to."""
    return _hash(key) % partitions


# Persons come round again and again, and the library's hash is pure Python: 4 µs, kept a tenth of one.
@lru_cache(maxsize=16_384)
def _hash(key: bytes) -> int:
    hashed: int = murmur2(key)
    return hashed & 0x7FFFFFFF
