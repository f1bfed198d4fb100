"""The local authorities of the United Kingdom by GSS code, to find a code that was mistyped."""

_NUMBERS = {
    "E06": "1-27 30-47 49-66",
    "E07": "8-12 32-47 61-96 98-99 102-103 105-149 170-181 192-200 202-203 207-229 234-245",
    "E08": "1-19 21-39",
    "E09": "1-33",
    "W06": "1-6 8-16 18-24",
    "S12": "5-6 8 10-11 13-14 17-21 23 26-30 33-36 38-42 45 47-50",
    "N09": "1-11",
}
"""
Those there are since April 2023, from the Office for National Statistics' register (Open Government Licence v3.0).

Barnsley and Sheffield have two codes each, of before and after their boundary moved; partners use either.
"""


def _numbers(ranges: str) -> frozenset[int]:
    ends = [tuple(map(int, span.split("-"))) for span in ranges.split()]
    return frozenset(number for span in ends for number in range(span[0], span[-1] + 1))


_KNOWN = {kind: _numbers(ranges) for kind, ranges in _NUMBERS.items()}


def is_authority(code: str) -> bool:
    """Whether a local authority has this code; one that has been abolished does not count."""
    kind, number = code[:3], code[3:]
    return number.isdecimal() and int(number) in _KNOWN.get(kind, ())
