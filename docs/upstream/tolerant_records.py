"""
A record whose header name is not UTF-8 cannot be read, nor any after it in its partition.

The protocol says that a header's key is a string, brokers do not look, and any producer can write such a record.
"""

import sys
from typing import Any

from aiokafka.consumer import fetcher
from aiokafka.record.default_records import DefaultRecordBatchBuilder


def main() -> str:
    """What is wrong, or "" if nothing is."""
    builder = DefaultRecordBatchBuilder(2, 0, 0, -1, -1, 0, 1_000)
    builder.append(0, 1_760_000_000_000, b"key", b"value", [("ZZ", b"1")])
    written = bytes(builder.build()).replace(b"ZZ", b"\xff\xfe")
    library: Any = fetcher
    try:
        read = [record.value for record in library.MemoryRecords(written).next_batch()]
    except UnicodeDecodeError:
        return "defect: a header name that is not UTF-8 stops its partition"
    return "" if read == [b"value"] else f"defect: read {read}"


if __name__ == "__main__":
    sys.exit(main() or 0)
