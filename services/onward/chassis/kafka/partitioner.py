"""Which partition a key belongs to: Kafka's own rule, so that keys stay in order whoever writes them."""

import struct
from functools import lru_cache

_MASK = 0xFFFFFFFF
_FACTOR = 0x5BD1E995
_SEED = 0x9747B28C


def partition_of(key: bytes, partitions: int) -> int:
    """The partition, of so many, that every record with *key* goes to."""
    return (murmur2(key) & 0x7FFFFFFF) % partitions


# Persons come round again and again; the hash is pure Python and costs as much as a record's encoding.
@lru_cache(maxsize=16_384)
def murmur2(data: bytes) -> int:
    """Murmur2 as the Java client computes it: 32 bits, unsigned."""
    length = len(data)
    words = length // 4
    state = (_SEED ^ length) & _MASK
    for word in struct.unpack_from(f"<{words}I", data):
        mixed = (word * _FACTOR) & _MASK
        mixed = ((mixed ^ (mixed >> 24)) * _FACTOR) & _MASK
        state = ((state * _FACTOR) & _MASK) ^ mixed
    rest = data[words * 4 :]
    if rest:
        state = ((state ^ int.from_bytes(rest, "little")) * _FACTOR) & _MASK
    state = ((state ^ (state >> 13)) * _FACTOR) & _MASK
    return state ^ (state >> 15)
