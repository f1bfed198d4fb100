"""What areas from postcodes cost: the import, the file, the memory, and a look-up, with as many as there are."""

import random
import time
import timeit
from collections.abc import Iterator
from pathlib import Path

import pytest

from bench import measuring
from onward.contracts.authorities import authorities
from onward.places.postcode_file import read_postcode_file
from onward.places.table import load_table, read_postcode

pytestmark = [pytest.mark.bench, pytest.mark.timeout(1_800)]

POSTCODES, DISTRICTS = 2_700_000, 3_000
LETTERS = "ABDEFGHJLNPQRSTUWXYZ"
MOST_MB = 60.0
REPEATS, LOOKUPS = 15, 100_000


def _postcodes() -> Iterator[str]:
    """As many postcodes as the country has, in as many districts, each once."""
    inward = [f"{digit}{one}{two}" for digit in range(10) for one in LETTERS for two in LETTERS]
    for number in range(DISTRICTS):
        area, district = divmod(number, 90)
        outward = f"{chr(65 + area // 20)}{LETTERS[area % 20]}{district + 1}"
        for each in inward[: POSTCODES // DISTRICTS]:
            yield f"{outward} {each}"


def _file() -> Iterator[str]:
    codes = [code for code, each in authorities().items() if each.successor is None]
    yield "pcd,pcds,dointr,doterm,oslaua\n"
    for number, postcode in enumerate(_postcodes()):
        yield f"{postcode.replace(' ', '')},{postcode},198001,,{codes[number // 500 % len(codes)]}\n"


def test_every_postcode_of_the_country_is_looked_up_in_microseconds_and_little_memory(tmp_path: Path) -> None:
    begun = time.perf_counter()
    read = read_postcode_file(_file(), "synthetic.csv")
    imported_s = time.perf_counter() - begun
    assert len(read.table) == POSTCODES
    path = tmp_path / "postcodes.table"
    path.write_bytes(read.table.encoded())
    del read
    size_mb = path.stat().st_size / 1e6

    begun = time.perf_counter()
    table = load_table(path)
    loaded_s = time.perf_counter() - begun

    asked = random.Random(1).sample(list(_postcodes()), LOOKUPS)
    parsed = [postcode for each in asked if (postcode := read_postcode(each)) is not None]
    assert len(parsed) == LOOKUPS

    def whole() -> None:
        for text in asked:
            postcode = read_postcode(text)
            assert postcode is not None
            table.authority(postcode)

    look = min(
        timeit.repeat(
            lambda: [table.authority(each) for each in parsed], timer=time.process_time, number=1, repeat=REPEATS
        )
    )
    both = min(timeit.repeat(whole, timer=time.process_time, number=1, repeat=REPEATS))
    look_us, both_us = look / LOOKUPS * measuring.MICRO, both / LOOKUPS * measuring.MICRO
    measuring.table(
        f"{POSTCODES:,} postcodes",
        [
            (
                f"{imported_s:.1f} s",
                f"{size_mb:.1f} MB",
                f"{loaded_s * 1000:.0f} ms",
                f"{look_us:.2f}",
                f"{both_us:.2f}",
            ),
        ],
        ("imported in", "on disk and in memory", "read in", "µs a look-up", "µs with reading the text"),
    )
    assert size_mb < MOST_MB
